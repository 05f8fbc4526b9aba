"""How large a picture may be, told before it takes memory."""

import os
import stat
from pathlib import Path
from typing import BinaryIO, Tuple

from dfa_mm.errors import InputError, PictureError
from dfa_mm.names import shown

LIMIT_VARIABLE = 'DFA_MAX_MEGAPIXELS'
# phones make up to 200, and few; 100 take 300 MB as BGR
MAX_MEGAPIXELS = 100.0
# of a JPEG of so many pixels: each goes over all of them, whatever its
# length; cameras write 1, progressive files 6 to 12
_SCANS = 20
_BYTES = 8  # of a pixel of 16 bits, red green blue alpha, not compressed


def max_pixels() -> int:
    """The pixels that a picture may have: ``DFA_MAX_MEGAPIXELS``, or 100.

    Raises:
        InputError: If the variable is no positive number.
    """
    value = os.environ.get(LIMIT_VARIABLE, MAX_MEGAPIXELS)
    try:
        limit = float(value)
    except ValueError:
        limit = 0.0
    if not 0 < limit < float('inf'):
        raise InputError(
            f'{LIMIT_VARIABLE}={shown(value)} is no number of millions of '
            f'pixels; expected one such as {MAX_MEGAPIXELS:g}'
        )
    return int(limit * 1e6)


def max_bytes() -> int:
    """Of a file: what so many pixels take that are not compressed."""
    return max_pixels() * _BYTES


def check_size(size: Tuple[int, int], name: str) -> None:
    """Of width and height as the header tells them.

    Raises:
        PictureError: If they are too large, or nothing.
    """
    width, height = size
    if width < 1 or height < 1:
        raise PictureError(f'{shown(name)} has no pixels: {width} x {height}')
    if width * height > max_pixels():
        raise PictureError(
            f'{shown(name)} has {width} x {height} pixels, '
            f'{width * height / 1e6:.0f} million; at most '
            f'{max_pixels() / 1e6:g} million are opened: shrink it, or set '
            f'{LIMIT_VARIABLE} to more'
        )


def check_scans(size: Tuple[int, int], scans: int, name: str) -> None:
    """Of a JPEG, where kilobytes of empty scans would take hours.

    Raises:
        PictureError: If they go over more pixels than :data:`_SCANS` scans of
            the largest picture.
    """
    width, height = size
    if width * height * scans > _SCANS * max_pixels():
        raise PictureError(
            f'{shown(name)} has {scans} scans of {width} x {height} pixels, '
            'which would take too long: no camera or program writes so many'
        )


def check_bytes(count: int, name: str) -> None:
    """Of a file.

    Raises:
        PictureError: If it is nothing, or more than :func:`max_bytes`.
    """
    if not count:
        raise PictureError(f'{shown(name)} is empty; expected a picture')
    if count > max_bytes():
        raise PictureError(
            f'{shown(name)} takes {count / 1e6:.0f} MB; of a picture at most '
            f'{max_bytes() / 1e6:.0f} MB are read: shrink it, or '
            f'set {LIMIT_VARIABLE} to more than {max_pixels() / 1e6:g}'
        )


def open_file(path: os.PathLike) -> BinaryIO:
    """An ordinary file, open; nothing else is, for a pipe would wait.

    Raises:
        PictureError: If there is none, or it is too large.
    """
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise PictureError(
                f'{shown(path)} is {_kind(found.st_mode)}; expected a picture'
            )
        check_bytes(found.st_size, path)
        return Path(path).open('rb')
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PictureError(f'there is no file {shown(path)}') from error
    except (OSError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        reason = getattr(error, 'strerror', None) or error
        raise PictureError(
            f'{shown(path)} cannot be read: {reason}'
        ) from error


def _kind(mode: int) -> str:
    kinds = dict(S_ISDIR='a folder', S_ISFIFO='a pipe', S_ISSOCK='a socket')
    told = [kind for test, kind in kinds.items() if getattr(stat, test)(mode)]
    return told[0] if told else 'a device'
