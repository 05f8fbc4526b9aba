"""The pictures that a file of annotations names, within their folder."""

import os
import re
import stat
from pathlib import Path
from typing import Dict, Optional, Tuple

from dfa_mm import pictures

from .coco_schema import Problem, shown

Size = Tuple[int, int]  # width, height

_ALLOW = (
    'Put the pictures below that folder, or allow others by allow_outside '
    '(--allow-outside).'
)
_DRIVE = re.compile(r'[A-Za-z]:[\\/]|\\\\')

# By path: when it was changed, how long it is, and the picture's size. Every
# stage of a training reads the same headers.
_SIZES: Dict[str, Tuple[int, int, Size]] = {}


def name_problem(name: str) -> Optional[Problem]:
    """What makes a file name lead out of its folder, or nowhere."""
    if '://' in name:
        return Problem(
            'picture',
            f'the address {shown(name)}',
            "a file's name",
            'Download the pictures and name the files.',
        )
    try:
        raw = os.fsencode(name)
    except UnicodeEncodeError:
        raw = b'\0'
    if b'\0' in raw:
        return Problem(
            'picture', f'file_name {shown(name)}', 'a name that files can have'
        )
    absolute = os.path.isabs(name) or _DRIVE.match(name)
    if absolute or '..' in re.split(r'[\\/]', name):
        return Problem(
            'outside',
            f'file_name {shown(name)}',
            'a name relative to the folder of the pictures, without ..',
            _ALLOW,
        )
    return None


class PictureFolder:
    """Pictures by name, with what is to be known before they are read.

    Args:
        root (Path): The folder.
        allow_outside (bool): Whether names and links may lead out of it.
    """

    def __init__(self, root: Path, allow_outside: bool = False) -> None:
        self.root = str(root)
        self.allow_outside = allow_outside
        self._real = os.path.realpath(self.root)
        self._real_folders: Dict[str, str] = {}

    def problem(self, name: str) -> Optional[Problem]:
        """Of the name alone; no file is looked at."""
        problem = name_problem(name)
        if self.allow_outside and problem and problem.kind == 'outside':
            return None
        return problem

    def size(self, name: str) -> Size:
        """Width and height as a person sees them, from the header.

        Raises:
            UnusablePictureError: If there is no picture, or it lies elsewhere.
        """
        path = os.path.join(self.root, name)
        try:
            state = os.stat(path)
        except OSError as error:
            raise UnusablePictureError(_missing(path, name, error)) from None
        if not stat.S_ISREG(state.st_mode):
            raise UnusablePictureError(
                Problem(
                    'picture',
                    f'a folder, a pipe or a device, {path}',
                    'a picture',
                    'Replace it.',
                )
            )
        self._check_inside(path)
        known = _SIZES.get(path)
        if known is None or known[:2] != (state.st_mtime_ns, state.st_size):
            known = state.st_mtime_ns, state.st_size, _read_size(path)
            _SIZES[path] = known
        return known[2]

    def _check_inside(self, path: str) -> None:
        if self.allow_outside:
            return
        folder, name = os.path.split(path)
        real = self._real_folders.get(folder)
        if real is None:
            real = self._real_folders[folder] = os.path.realpath(folder)
        real = os.path.join(real, name)
        if os.path.islink(real):
            real = os.path.realpath(real)
        if os.path.commonpath([real, self._real]) != self._real:
            raise UnusablePictureError(
                Problem(
                    'outside',
                    f'{path}, a link to {real}',
                    f'a file below {self._real}',
                    _ALLOW,
                )
            )


class UnusablePictureError(Exception):
    """Of a picture that cannot be used."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


def _read_size(path: str) -> Size:
    """From the header; the pixels are read where the file ends too soon."""
    try:
        size = pictures.size(path)
        if not pictures.seems_whole(path):
            pictures.read(path)
        return size
    except pictures.PictureError as error:
        problem = Problem(
            'picture',
            f'that {str(error).partition("; expected")[0]}',
            'a whole picture',
            'Replace it, or leave it out.',
        )
        raise UnusablePictureError(problem) from None


def _missing(path: str, name: str, error: OSError) -> Problem:
    remedy = 'Unpack the pictures there, or give the right folder.'
    if '\\' in name:
        remedy = 'Write / in place of \\ if that stands between folders.'
    return Problem(
        'picture',
        f'no file {path} ({error.strerror})',
        'the picture there',
        remedy,
    )
