"""JSON as others write it, and nothing that JSON does not know."""

import json
from pathlib import Path
from typing import Dict, List, NoReturn, Tuple

from .raw_data import RawDataError

_MAX_SHOWN = 40
_EXPECTED = 'a JSON file, UTF-8 or with a byte order mark'
_AGAIN = 'Export it again, or correct the place.'


def read_json(path: str) -> object:
    """The content of a file; numbers may be as large as a float can be.

    UTF-8, UTF-16 and UTF-32 are told apart by their first bytes, so that a
    file saved on Windows can be read as it is.

    Raises:
        RawDataError: If it is no JSON, gives a key twice, has NaN or
            Infinity, or is nested too deeply.
        OSError: If there is nothing to read.
    """
    path = Path(path)
    if path.exists() and not path.is_file():
        raise _error(path, 'a folder, a pipe or a device')
    return parse_json(path.read_bytes(), path)


def parse_json(data: bytes, path: Path) -> object:
    """See :func:`read_json`; ``path`` is for errors."""
    try:
        return json.loads(
            data, object_pairs_hook=_Pairs(path), parse_constant=_constant
        )
    except RawDataError:
        raise
    except RecursionError:
        raise _error(path, 'lists or objects nested too deeply') from None
    except (ValueError, OverflowError) as error:
        # also an integer of more digits than Python reads
        text = ' '.join(str(error).split())
        raise _error(path, f'no JSON ({text})') from None


class _Pairs:
    """An object's keys and values, each key once."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self, pairs: List[Tuple[str, object]]) -> Dict[str, object]:
        content = dict(pairs)
        if len(content) != len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            where = f'{self.path}: key'
            if isinstance(content.get('id'), int):
                where += f' of the object with id {content["id"]}'
            raise RawDataError(
                where,
                f'{twice[:_MAX_SHOWN]!r} twice in one object',
                'every key once',
                'Delete the wrong one.',
                'key',
            )
        return content


def _constant(text: str) -> NoReturn:
    raise ValueError(f'{text} is no number that JSON knows')


def _error(path: Path, found: str) -> RawDataError:
    return RawDataError(f'{path}: content', found, _EXPECTED, _AGAIN, 'json')
