"""Where a command writes: tried, and nothing replaced, before the work."""

import errno
import json
import os
from pathlib import Path
from typing import Iterable, Optional, Sequence

from dfa_mm.apis import InputError
from dfa_mm.apis.outputs import check_file, check_not_an_input
from dfa_mm.names import shown

STDOUT = '-'


def check_results(
    files: Sequence[Optional[os.PathLike]],
    inputs: Iterable[str],
    overwrite: bool,
) -> None:
    """Make the folders of the results, and try to write in them.

    Args:
        files (Sequence): Of them ``None`` or '' is not asked for.
        inputs (Iterable[str]): Files that none of them may be.
        overwrite (bool): Whether they may exist.

    Raises:
        InputError: If one is an input, another result or a folder, exists
            already or cannot be written.
    """
    files = [Path(file) for file in files if file]
    if Path(STDOUT) in files:
        raise InputError(
            'results go to files, not to standard output: - is no name of '
            'one; give another'
        )
    check_not_an_input(files, inputs)
    taken = set()
    for file in files:
        place = os.path.realpath(file)
        if place in taken:
            raise InputError(f'two results go to {shown(file)}')
        taken.add(place)
    tried = set()
    for file in files:
        check_file(file, try_folder=file.parent not in tried)
        tried.add(file.parent)
    existing = [file for file in files if os.path.lexists(file)]
    if existing and not overwrite:
        more = len(existing) - 1
        raise InputError(
            f'{shown(existing[0])} exists already'
            f'{f", and {more} more results" * bool(more)}: give another '
            'place, or --overwrite to replace them'
        )


class JsonLines:
    """A file that grows by a line with every picture.

    Whatever ends the work, the pictures before are in it.
    """

    def __init__(self, path: Optional[str]) -> None:
        self.path = path
        self._file = None

    def __enter__(self) -> 'JsonLines':
        if self.path:
            self._file = open(self.path, 'wb', buffering=0)  # noqa: SIM115
        return self

    def __exit__(self, *_) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, content: dict) -> None:
        if self._file is None:
            return
        line = f'{json.dumps(content, allow_nan=False)}\n'.encode()
        end = self._file.tell()
        if self._file.write(line) < len(line):
            self._file.truncate(end)
            full = errno.ENOSPC
            raise OSError(full, os.strerror(full), self.path)
