"""The pictures of a labelled set, made of a user's download.

``SOURCES.tsv`` says of which file of the collection each picture is made, how
large it is and what it looks like (a fingerprint), so that a download with
other pictures is noticed.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional, Sequence, Tuple

import cv2
import numpy as np

from projects.synthfld.owned_folder import check_folder, claim_folder

from .sources import read_sources

_JPEG_QUALITY = 95
_SIDE_BITS = 8
# Measured: other sizes and codings of one picture differ in at most 5 of 64
# bits, 99 % of pairs of different pictures in at least 15.
_MOST_BITS = 8
_SHOWN = 10

Window = Optional[Tuple[int, int, int, int]]
# pictures and what happens to them, in a word
Progress = Callable[[Sequence, str], Iterable]


class PhotoError(ValueError):
    """Pictures of the collection are missing; says which and what to do."""


@dataclass(frozen=True)
class LabelledPhoto:
    """A row of ``SOURCES.tsv``.

    Args:
        image (str): The picture's name in the lists, ``img/...``.
        source (str): Path of the original below the download.
        window (tuple | None): x1, y1, x2, y2 of the part that is shown, in
            pixels of the original; None is all of it.
        size (tuple): Width and height of the picture.
        fingerprint (str): See ``fingerprint``.
    """

    image: str
    source: str
    window: Window
    size: Tuple[int, int]
    fingerprint: str


def labelled_photos(labels: Path) -> List[LabelledPhoto]:
    return [_parse(row) for row in read_sources(labels)]


def _parse(row: Dict[str, str]) -> LabelledPhoto:
    window = None
    if 'x_1' in row:
        window = tuple(int(row[key]) for key in ('x_1', 'y_1', 'x_2', 'y_2'))
    size = int(row['width']), int(row['height'])
    return LabelledPhoto(
        row['image'], row['source'], window, size, row['fingerprint']
    )


def silent(pictures: Sequence, _: str) -> Iterable:
    return pictures


def write_pictures(
    photos: Sequence[LabelledPhoto],
    download: Path,
    out: Path,
    tool: str,
    lists: Sequence[str],
    allow_missing: bool = False,
    progress: Progress = silent,
) -> Dict[str, str]:
    """Write the pictures, once every one of them was looked at.

    Args:
        download (Path): The collection.
        tool (str): Who writes, for the folder's marker; what it wrote
            before is replaced.
        lists (sequence[str]): What else will be written into ``out``.
        allow_missing (bool): Leave missing pictures out.

    Returns:
        dict: What is wrong with the pictures left out, by source.

    Raises:
        PhotoError: Where pictures are missing or others than expected, and
            ``allow_missing`` is not given, or all are. ``out`` is then as
            it was.
        ForeignFilesError: If other files lie in ``out``.
    """
    names = [*(photo.image for photo in photos), *lists]
    check_folder(out, tool, names, overwrite=True)
    faults = {}
    for photo in progress(photos, 'Checking'):
        fault = _picture(photo, download)[1]
        if fault is not None:
            faults[photo.source] = fault
    nothing = len(faults) == len({photo.source for photo in photos})
    if faults and (nothing or not allow_missing):
        raise PhotoError(_message(faults, len(photos), download))
    claim_folder(out, tool, names, overwrite=True)
    good = [photo for photo in photos if photo.source not in faults]
    for photo in progress(good, 'Writing'):
        _write(_picture(photo, download)[0], out / photo.image)
    return faults


def _write(picture: np.ndarray, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    if not cv2.imwrite(str(path), picture, options):
        raise OSError(f'{path} cannot be written')


def _picture(photo: LabelledPhoto, download: Path):
    """A picture as it was labelled, or None, and what is wrong with it.

    cv2 turns an original as its EXIF says; the copy has no EXIF.
    """
    path = download / photo.source
    if not path.is_file():
        return None, 'missing'
    original = cv2.imread(str(path))
    if original is None:
        return None, 'not a readable picture'
    part = cut(original, photo.window)
    fault = _shape_fault(part.shape[1::-1], photo.size)
    if fault is not None:
        return None, fault
    picture = resized(part, photo.size)
    if different_bits(fingerprint(picture), photo.fingerprint) > _MOST_BITS:
        return None, 'another picture'
    return picture, None


def cut(original: np.ndarray, window: Window) -> np.ndarray:
    """The part of an original (H, W, 3) that a picture shows."""
    if window is None:
        return original
    x1, y1, x2, y2 = window
    return original[y1:y2, x1:x2]


def resized(picture: np.ndarray, size: Tuple[int, int]) -> np.ndarray:
    """At width and height ``size``; of that size already, its very pixels."""
    if picture.shape[1::-1] == tuple(size):
        return np.ascontiguousarray(picture)
    smaller = size[0] < picture.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return cv2.resize(picture, size, interpolation=how)


def _shape_fault(found: Tuple[int, int], size: Tuple[int, int]):
    scale = max(size) / max(*found, 1)
    scaled = [round(n * scale) for n in found]
    # rounding may differ by a pixel between versions of the tools
    if np.abs(np.subtract(scaled, size)).max() <= 1:
        return None
    return 'of another shape: {} x {}, not {} x {}'.format(*scaled, *size)


def fingerprint(picture: np.ndarray) -> str:
    """64 bits as hexadecimal digits: where it gets darker to the right.

    Hardly changes with the picture's size or its JPEG coding.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    size = (_SIDE_BITS + 1, _SIDE_BITS)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(int)
    bits = (small[:, 1:] < small[:, :-1]).ravel()
    return np.packbits(bits).tobytes().hex()


def different_bits(one: str, two: str) -> int:
    return bin(int(one, 16) ^ int(two, 16)).count('1')


def _message(faults: Dict[str, str], total: int, download: Path) -> str:
    shown = [f'  {source}: {fault}' for source, fault in faults.items()]
    more = len(shown) - _SHOWN
    if more > 0:
        shown = [*shown[:_SHOWN], f'  and {more} more']
    return '\n'.join(
        [
            f'{len(faults)} originals (of the {total} pictures) cannot be '
            f'used from {download}:',
            *shown,
            'Pass the folder that holds these paths, complete the download, '
            'or leave such pictures out with --allow-missing. Nothing was '
            'written.',
        ]
    )
