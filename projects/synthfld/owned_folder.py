"""A folder that a tool fills, of which it removes only what it wrote.

It has a marker, ``written_by.json``: who writes there, and every file. The
marker is written first, so that a folder that was left half written is known
as well.
"""

import json
import os
from pathlib import Path
from typing import Iterable, List, Optional, Sequence

from dfa_mm.datasets.coco_writer import ForeignFilesError
from dfa_mm.files import write_json

MARKER = 'written_by.json'
_SHOWN = 3


def check_folder(
    folder: Path,
    tool: str,
    names: Iterable[str] = (),
    overwrite: bool = False,
) -> List[Path]:
    """What ``tool`` may remove before it writes ``names`` into ``folder``.

    Raises:
        ForeignFilesError: If something lies there that the tool did not
            write, or that it wrote but was not asked to overwrite.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ForeignFilesError(f'{folder} is a file: give a folder')
    listed = _listed(folder, tool)
    if listed is None:
        _refuse(folder, tool, _unmarked(folder))
        return []
    _check_inside(folder, listed)
    own = [folder / n for n in listed if os.path.lexists(folder / n)]
    if own and not overwrite:
        half = '' if len(own) == len(listed) else ' (interrupted?)'
        raise ForeignFilesError(
            f'{folder} holds {len(own)} of {len(listed)} files that {tool} '
            f'wrote{half}: give another folder, or --overwrite to write them '
            'anew'
        )
    taken = set(listed)
    _refuse(
        folder,
        tool,
        [n for n in names if n not in taken and os.path.lexists(folder / n)],
    )
    return own


def claim_folder(
    folder: Path, tool: str, names: Sequence[str], overwrite: bool = False
) -> None:
    """Remove what the tool wrote there before, and mark the folder.

    Args:
        names (sequence[str]): All that will be written, below ``folder``.

    Raises:
        ForeignFilesError: See :func:`check_folder`. Nothing is changed then.
    """
    for path in check_folder(folder, tool, names, overwrite):
        path.unlink()
    content = dict(tool=tool, files=list(names))
    write_json(Path(folder) / MARKER, content)


def _listed(folder: Path, tool: str) -> Optional[List[str]]:
    """The names in the tool's own marker, if there is one."""
    path = folder / MARKER
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding='utf-8'))
    except ValueError:
        return None
    own = isinstance(content, dict) and content.get('tool') == tool
    return content['files'] if own else None


def _unmarked(folder: Path) -> List[str]:
    """What lies in a folder, but for folders with markers of their own."""
    if not folder.is_dir():
        return []
    return sorted(
        path.name for path in folder.iterdir() if not (path / MARKER).is_file()
    )


def _refuse(folder: Path, tool: str, names: List[str]) -> None:
    if names:
        shown = ', '.join(names[:_SHOWN])
        if len(names) > _SHOWN:
            shown += f' and {len(names) - _SHOWN} more'
        raise ForeignFilesError(
            f'{folder} holds {shown}, which {tool} did not write: give '
            'another folder, or move that away first'
        )


def _check_inside(folder: Path, names: Iterable[str]) -> None:
    """Markers may be edited, folders replaced by links."""
    root = folder.resolve()
    for parent in {(folder / name).parent for name in names}:
        if not parent.resolve().is_relative_to(root):
            raise ForeignFilesError(
                f'{folder / MARKER} lists files outside, in '
                f'{parent.resolve()}: correct it, or give another folder'
            )
