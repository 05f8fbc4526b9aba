"""Our landmark labels of public photographs, put together with them.

The labels of a set are a folder in FLD's raw layout without the pictures;
``SOURCES.tsv`` says of which file of the collection each picture is made, how
large it is and what it looks like (a fingerprint), so that a download with
other pictures is noticed.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional, Tuple

import cv2
import numpy as np

from dfa_mm.datasets.fld_lists import HEADER_LINES, IMAGE_PREFIX
from dfa_mm.files import write_text
from projects.synthfld.fld_files import LISTS
from projects.synthfld.owned_folder import claim_folder, seal_folder

from .sources import SOURCES, read_sources

LONG_SIDE = 512
_JPEG_QUALITY = 95
_SIDE_BITS = 8
# Measured: other sizes and codings of one picture differ in at most 5 of 64
# bits, 99 % of pairs of different pictures in at least 15.
_MOST_BITS = 8
_SHOWN = 10


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
    window: Optional[Tuple[int, int, int, int]]
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


def cut_and_scaled(
    original: np.ndarray, window: Optional[Tuple[int, int, int, int]]
) -> np.ndarray:
    """A labelled picture from the original (H, W, 3).

    A whole photograph gets a long side of 512 pixels; a window of one keeps
    its pixels where it is not longer than that.
    """
    if window is not None:
        x1, y1, x2, y2 = window
        original = original[y1:y2, x1:x2]
    scale = LONG_SIDE / max(original.shape[:2])
    if scale == 1 or (window is not None and scale > 1):
        return np.ascontiguousarray(original)
    size = [max(1, round(n * scale)) for n in original.shape[1::-1]]
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return cv2.resize(original, size, interpolation=how)


def rebuild(
    labels: Path,
    download: Path,
    out: Path,
    tool: str,
    allow_missing: bool = False,
    progress: Callable[[Iterable], Iterable] = iter,
) -> Dict[str, str]:
    """Write the set in FLD's raw layout into ``out``.

    Args:
        labels (Path): Lists and ``SOURCES.tsv``.
        download (Path): The collection.
        tool (str): Who writes, for the folder's marker; what it wrote
            before is replaced.
        allow_missing (bool): Leave missing pictures and their labels out.

    Returns:
        dict: What is wrong with the pictures left out, by source.

    Raises:
        PhotoError: Where pictures are missing or others than expected, and
            ``allow_missing`` is not given. No list is written then.
        ForeignFilesError: If other files lie in ``out``.
    """
    photos = labelled_photos(labels)
    names = [photo.image for photo in photos]
    claim_folder(out, tool, [*names, *LISTS, SOURCES], overwrite=True)
    faults = {}
    for photo in progress(photos):
        fault = _make(photo, download, out)
        if fault is not None:
            faults[photo.source] = fault
    if faults and not allow_missing:
        raise PhotoError(_message(faults, len(photos), download))
    if len(faults) == len({photo.source for photo in photos}):
        raise PhotoError(_message(faults, len(photos), download))
    lost = {photo.image for photo in photos if photo.source in faults}
    shutil.copy(labels / SOURCES, out / SOURCES)
    for name in LISTS:
        _copy_list(labels / name, out / name, lost)
    seal_folder(out, tool)
    return faults


def _make(photo: LabelledPhoto, download: Path, out: Path) -> Optional[str]:
    """Write one picture, or say what is wrong."""
    path = download / photo.source
    if not path.is_file():
        return 'missing'
    original = cv2.imread(str(path))
    if original is None:
        return 'not a readable picture'
    picture = cut_and_scaled(original, photo.window)
    fault = _difference(photo, picture)
    if fault is None:
        target = out / photo.image
        target.parent.mkdir(parents=True, exist_ok=True)
        options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
        cv2.imwrite(str(target), picture, options)
    return fault


def _difference(photo: LabelledPhoto, picture) -> Optional[str]:
    size = picture.shape[1::-1]
    # rounding may differ by a pixel between versions of the tools
    if np.abs(np.subtract(size, photo.size)).max() > 1:
        return 'of another shape: {} x {}, not {} x {}'.format(
            *size, *photo.size
        )
    if different_bits(fingerprint(picture), photo.fingerprint) > _MOST_BITS:
        return 'another picture'
    return None


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
            'or leave such pictures out with --allow-missing.',
        ]
    )


def _copy_list(source: Path, target: Path, lost: set) -> None:
    """A raw list without the rows of pictures that are not there."""
    lines = source.read_text().splitlines()
    rows = [row for row in lines[HEADER_LINES:] if not _is_lost(row, lost)]
    text = [str(len(rows)), *lines[1:HEADER_LINES], *rows]
    write_text(target, '\n'.join(text) + '\n')


def _is_lost(row: str, lost: set) -> bool:
    name = row.split()[0]
    if not name.startswith(IMAGE_PREFIX):
        name = IMAGE_PREFIX + name
    return name in lost
