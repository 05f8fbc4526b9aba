"""Files that appear whole or not at all.

Whoever reads while one is written, or after a crash or a full disk, finds
the old content or the new one, never half of it.
"""

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Union

AnyPath = Union[str, os.PathLike]


@contextmanager
def replacing(path: AnyPath) -> Iterator[Path]:
    """A temporary file to write in the block, renamed to ``path`` after it.

    It lies beside ``path``, for a rename is atomic only within one file
    system; missing folders are created. After an error in the block nothing
    is left of it, and ``path`` is as it was. Of a link, its target is renamed
    to.

    Raises:
        OSError: If ``path`` is a folder or a device.
    """
    path = Path(os.path.realpath(path))
    if path.exists() and not path.is_file():
        raise OSError(f'{path} is no ordinary file and is not replaced')
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = beside(path)
    try:
        yield temporary
        with temporary.open('rb') as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except OSError as error:
        if error.errno and error.filename in (None, str(temporary)):
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)


def beside(path: Path) -> Path:
    """The temporary file: with the suffix by which writers choose a format."""
    return path.with_name(f'.{os.getpid()}-{path.name}')


def write_text(path: AnyPath, text: str) -> None:
    """In UTF-8."""
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode('utf-8'))


def write_json(path: AnyPath, content: object) -> None:
    """Indented, with a line break at the end.

    Raises:
        ValueError: If a number is not finite, which JSON does not know.
    """
    write_text(path, json.dumps(content, indent=2, allow_nan=False) + '\n')
