"""The pictures that a command line names, and what of it is none."""

import glob
import os
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Dict, Iterable, Iterator, List, NamedTuple, Optional

import numpy as np

from dfa_mm import pictures
from dfa_mm.apis import InputError, read_picture
from dfa_mm.apis.download import check_address
from dfa_mm.apis.pictures import PICTURE_SUFFIXES, check_picture, is_url
from dfa_mm.names import shown
from dfa_mm.pictures import PictureError

from .arguments.predict import DRAWN, LIST_SIGN, STDIN

STDIN_NAME = 'stdin'
_HEIC = ('.heic', '.heif')
_FOLDERS, _TWICE = 'folders', 'named twice'


class Picture(NamedTuple):
    """A file or an address; of standard input the ``content`` is there."""

    name: str
    content: Optional[bytes] = None

    def check(self) -> None:
        """What is wrong that the header of a file tells.

        Raises:
            PictureError: As :meth:`read`.
        """
        if self.content is None:
            check_picture(self.name)

    def read(self) -> np.ndarray:
        """(H, W, 3) BGR uint8.

        Raises:
            PictureError: If that cannot be done.
        """
        if self.content is not None:
            return pictures.decode(self.content, self.name)
        return read_picture(self.name)

    def frames(self) -> int:
        """More than 1 of animations and documents, as far as files go."""
        if self.content is not None or is_url(self.name):
            return 1
        return pictures.header(self.name).frames


class Inputs:
    """All pictures in the order of their naming, none twice.

    Of folders and patterns, what is hidden, a drawing of this program or no
    picture is counted in ``skipped``, by kind; a picture without a suffix, or
    with another, is known by its content. What is named itself is taken.

    Args:
        names (Iterable[str]): Files, folders, patterns, addresses, ``@LIST``
            and ``-``, standard input: one picture, or a list.
        lists (Iterable[str]): Files of such names, one a line, as seen from
            the current folder.
        recursive (bool): Whether folders are gone through to their ends.

    Raises:
        InputError: If there is no picture, or a file is missing.
    """

    def __init__(
        self,
        names: Iterable[str],
        lists: Iterable[str] = (),
        recursive: bool = False,
    ) -> None:
        self.recursive = recursive
        self.skipped: Counter = Counter()
        self.many = False
        self.read_lists: List[str] = []
        self._found: Dict[str, Picture] = {}
        for name in names:
            if name == STDIN:
                self._take_stdin()
            elif name.startswith(LIST_SIGN) and not os.path.exists(name):
                self._take_list(name[len(LIST_SIGN) :])
            else:
                self._take(name)
        for path in lists:
            self._take_list(path)
        self.many = self.many or len(self._found) > 1
        if not self._found:
            raise InputError(f'there is no picture{self._but_skipped()}')

    @property
    def pictures(self) -> List[Picture]:
        return list(self._found.values())

    @property
    def names(self) -> List[str]:
        return [picture.name for picture in self._found.values()]

    def told_skipped(self) -> str:
        """``2 .psd, 1 hidden``; empty where everything was taken."""
        return ', '.join(
            f'{count} {kind}' for kind, count in sorted(self.skipped.items())
        )

    def _but_skipped(self) -> str:
        told = self.told_skipped()
        return f'; not taken: {told}' if told else ''

    def _take(self, name: str) -> None:
        if is_url(name):
            check_address(name)
            self._add(Picture(name))
        elif os.path.isfile(name):
            self._add(Picture(name))
        elif os.path.isdir(name):
            self._take_many(name, _inside(name, self.recursive))
        elif glob.has_magic(name) and not os.path.lexists(name):
            matching = glob.iglob(name, recursive=True)
            self._take_many(name, sorted(matching))
        else:
            pictures.size(name)  # for its error

    def _take_many(self, name: str, paths: Iterable[str]) -> None:
        self.many = True
        before = self._count()
        for path in paths:
            kind = kind_of_no_picture(path)
            if kind is None:
                self._add(Picture(path))
            else:
                self.skipped[kind] += 1
        if self._count() == before:
            where = 'in' if os.path.isdir(name) else 'that matches'
            raise InputError(
                f'there is no picture {where} {shown(name)}'
                f'{self._but_skipped()}'
            )

    def _count(self) -> int:
        return len(self._found) + self.skipped[_TWICE]

    def _take_list(self, path: str) -> None:
        if not os.path.isfile(path):
            raise InputError(f'there is no list {shown(path)}')
        self.read_lists.append(path)
        try:
            self._take_lines(Path(path).read_bytes(), path)
        except OSError as error:
            raise InputError(
                f'the list {shown(path)} cannot be read: {error.strerror}'
            ) from error

    def _take_lines(self, content: bytes, source: str) -> None:
        self.many = True
        lines = content.split(b'\n')
        for number, line in enumerate(lines, start=1):
            name = os.fsdecode(line.removesuffix(b'\r'))
            name = name.lstrip('\ufeff') if number == 1 else name
            if not name.strip():
                continue
            try:
                self._take(name)
            except InputError as error:
                raise InputError(
                    f'{shown(source)}:{number}: {error}'
                ) from error

    def _take_stdin(self) -> None:
        """A picture, or else names: no picture is without a zero byte."""
        if sys.stdin is None or sys.stdin.isatty():
            raise InputError(
                'nothing is piped to standard input: give a picture or names'
            )
        content = sys.stdin.buffer.read(pictures.max_bytes() + 1)
        try:
            pictures.decode(content, STDIN_NAME)
        except PictureError:
            if not content or b'\0' in content:
                raise
            self._take_lines(content, STDIN_NAME)
        else:
            self._found[STDIN_NAME] = Picture(STDIN_NAME, content)

    def _add(self, picture: Picture) -> None:
        name = picture.name
        place = name if is_url(name) else os.path.realpath(name)
        if place in self._found:
            self.skipped[_TWICE] += 1
        else:
            self._found[place] = picture


def kind_of_no_picture(path: str) -> Optional[str]:
    """What something in a folder is that is not taken, ``None`` of a picture.

    The suffix of a picture is believed; what then cannot be read is named
    when it is its turn.
    """
    name = os.path.basename(path.rstrip(os.sep))
    suffix = Path(name).suffix.lower()
    if name.startswith('.'):
        return 'hidden'
    if os.path.isdir(path):
        return _FOLDERS
    if not os.path.isfile(path):
        return 'no ordinary file'
    if suffix in _HEIC and find_spec('pillow_heif') is None:
        return f'{suffix} (pip install pillow-heif)'
    if name.endswith(DRAWN):
        return f'*{DRAWN}'
    if suffix in PICTURE_SUFFIXES:
        return None
    try:
        pictures.size(path)
    except PictureError:
        return shown(suffix) if suffix else 'without a suffix'
    return None


def _inside(folder: str, recursive: bool) -> Iterator[str]:
    """What is in a folder, in order; not below hidden folders, nor links."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(
            f'{shown(folder)} cannot be looked into: {error.strerror}'
        ) from error
    for entry in entries:
        deeper = recursive and not entry.name.startswith('.')
        if deeper and entry.is_dir(follow_symlinks=False):
            yield from _inside(entry.path, recursive)
        else:
            yield entry.path
