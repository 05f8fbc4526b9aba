"""What FLD's lists say, held against the images."""

import math
from pathlib import Path
from typing import Optional, Tuple

from PIL import Image

from dfa_mm.structures import Visibility

from .fld_raw import GarmentLabels
from .raw_list import ListRow, RawListError

# As unpacked by hand, with the archive's folder kept, or flat.
IMAGE_FOLDERS = ('img', 'Img/img', 'Img')

# Pixels. FLD has landmarks on the picture's very edge (x = width) and a
# little beyond it; what lies further out is a damaged or mismatched file.
EDGE_MARGIN = 2.0

_EXIF_ORIENTATION = 0x0112
_FIRST_TURNED_ORIENTATION = 5


def find_image_folder(root: Path) -> Path:
    """The folder of the images, ``root/img`` if there is none yet."""
    folders = [Path(root) / folder for folder in IMAGE_FOLDERS]
    return next((f for f in folders if f.is_dir()), folders[0])


def image_size(path: Path, row: ListRow) -> Tuple[int, int]:
    """Width and height as image readers show it, from the header alone."""
    try:
        with Image.open(path) as image:
            width, height = image.size
            turned = 'exif' in image.info and (
                image.getexif().get(_EXIF_ORIENTATION, 1)
                >= _FIRST_TURNED_ORIENTATION
            )
    except FileNotFoundError:
        raise RawListError(
            'image',
            row.where,
            f'no file {path}',
            'the image there',
            'Unpack Img/img.zip there, or pass --skip-image-check.',
        ) from None
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise RawListError(
            'image',
            row.where,
            f'{path}, which cannot be read ({error})',
            'a readable image',
            'Unpack it again, or leave such samples out with --lenient.',
        ) from error
    return (height, width) if turned else (width, height)


def check_inside(
    row: ListRow, labels: GarmentLabels, size: Optional[Tuple[int, int]]
) -> None:
    """Only a truncated landmark may lie outside the image."""
    width, height = size or (math.inf, math.inf)
    for name, (visibility, x, y) in zip(labels.names, labels.landmarks):
        inside = (
            -EDGE_MARGIN <= x <= width + EDGE_MARGIN
            and -EDGE_MARGIN <= y <= height + EDGE_MARGIN
        )
        if visibility != Visibility.TRUNCATED and not inside:
            raise RawListError(
                'position',
                row.where,
                f'{name} at ({x:g}, {y:g})',
                f'a position within the {_shown(size)} and at most '
                f'{EDGE_MARGIN:g} px beyond, or visibility 2 (truncated)',
            )


def clip_box(
    row: ListRow, box: Tuple[float, ...], size: Optional[Tuple[int, int]]
) -> Tuple[float, ...]:
    width, height = size or (math.inf, math.inf)
    x1, y1, x2, y2 = box
    clipped = (max(x1, 0.0), max(y1, 0.0), min(x2, width), min(y2, height))
    if clipped[2] <= clipped[0] or clipped[3] <= clipped[1]:
        raise RawListError(
            'box',
            row.where,
            'the box ({:g}, {:g}, {:g}, {:g})'.format(*box),
            f'a box that covers some of the {_shown(size)}',
        )
    return clipped


def _shown(size: Optional[Tuple[int, int]]) -> str:
    return 'image' if size is None else 'image of {} x {}'.format(*size)
