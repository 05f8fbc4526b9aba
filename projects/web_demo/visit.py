"""A photograph that somebody looks at, what is asked and was found."""

import argparse
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional, Sequence, Tuple

import cv2
import mmcv
import numpy as np

from dfa_mm.apis import Garment, InputError, at_stage, describe_picture
from dfa_mm.apis.pictures import decode_picture
from dfa_mm.files import write_json
from dfa_mm.visualization.prediction import MIN_LONG_SIDE, enlarge

from .clicked_box import Corners, add_corner, box_between, draw_corners

PHOTO = 'photo'  # the file's name in the folder
ANSWERS_KEPT = 2  # of the pictures, while browsers may still ask for them
CHOOSER_SIDE = 1024  # pixels of the longer side of the picture to click on
PICTURE_SIDE = 2048  # and of the one to look at and to download
PANEL_SIZE = 480


@dataclass(frozen=True, eq=False)
class Visit:
    """What one person looks at; never changed, only replaced."""

    name: str
    photo: str  # its file, in the folder
    folder: str  # for its files
    size: Tuple[int, int] = (0, 0)  # width and height, upright
    corners: Corners = ()  # of the box, in pixels of the image
    whole: bool = False  # one garment fills the picture
    clothes_type: Optional[str] = None
    garments: Sequence[Garment] = ()


def open_photo(path: str, folder: str) -> Tuple[Visit, np.ndarray]:
    """An uploaded file as a visit without a prediction, and its pixels.

    Only the file's content goes to the reader of pictures, which would also
    fetch addresses. The visit keeps a copy of the file, for pixels are many.

    Args:
        path (str): Of the upload.
        folder (str): For the visit's files.

    Raises:
        InputError: Says, without the upload's folder, what is wrong with it.
    """
    name = Path(path).name
    content = _content(path, name)
    image = decode_picture(content, name)
    photo = Path(folder, PHOTO)
    photo.write_bytes(content)
    return Visit(name, str(photo), folder, image.shape[1::-1]), image


def pixels(visit: Visit) -> np.ndarray:
    """The photo: (H, W, 3) BGR uint8, upright.

    Raises:
        InputError: If the visit is over.
    """
    return decode_picture(_content(visit.photo, visit.name), visit.name)


def _content(path: str, name: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f'{name} is not there any more') from error


def close(visit: Optional[Visit]) -> None:
    """Remove a visit's files."""
    if visit is not None:
        shutil.rmtree(visit.folder, ignore_errors=True)


def finder_of(find, visit: Visit):
    """The finder for what the visitor asks.

    Args:
        find (GarmentFinder): Of projects/commands/garments.py.
    """
    box = box_between(visit.corners)
    return replace(
        find,
        boxes=[] if box is None else [box],
        whole=visit.whole,
        clothes_type=visit.clothes_type,
    )


def find_garments(find, visit: Visit, image: np.ndarray) -> Visit:
    """The visit with the garments of its photo.

    Raises:
        InputError: If the box covers nothing.
    """
    garments = finder_of(find, visit)(image, visit.name)
    return replace(visit, garments=garments)


def shown_factor(size: Sequence[int], long_side: int) -> float:
    """By which a huge picture is made smaller and a tiny one larger."""
    side = max(size)
    return min(long_side / side, max(1.0, MIN_LONG_SIDE / side))


def fit(image: np.ndarray, long_side: int) -> Tuple[np.ndarray, float]:
    """The picture as it is shown, and :func:`shown_factor`."""
    factor = shown_factor(image.shape[:2], long_side)
    if factor >= 1:
        return enlarge(image)
    size = [max(1, round(side * factor)) for side in image.shape[1::-1]]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), factor


def choosing_picture(visit: Visit, image: np.ndarray) -> np.ndarray:
    """The BGR picture to click on, with the corners so far."""
    image, factor = fit(image, CHOOSER_SIDE)
    drawn = draw_corners(mmcv.bgr2rgb(image), visit.corners, factor)
    return mmcv.rgb2bgr(drawn)


def click(visit: Visit, index: Sequence[float]) -> Visit:
    """The visit with one more corner, x y on :func:`choosing_picture`."""
    factor = shown_factor(visit.size, CHOOSER_SIDE)
    corner = tuple(
        min(place / factor, float(side))
        for place, side in zip(index, visit.size)
    )
    return replace(visit, corners=add_corner(visit.corners, corner))


def result_picture(
    find, visit: Visit, image: np.ndarray, stage: int, side_by_side: bool
) -> np.ndarray:
    """The BGR picture of one stage, from 1, or of all of them."""
    find = finder_of(find, visit)
    if side_by_side:
        return find.draw(image, visit.garments, True, PANEL_SIZE)
    image, factor = fit(image, PICTURE_SIDE)
    garments = [
        one._replace(landmarks=at_stage(one.landmarks, stage, factor))
        for one in visit.garments
    ]
    return find.draw(image, garments)


def write_choosing_picture(visit: Visit, image: np.ndarray) -> str:
    """:func:`choosing_picture` as a file of the visit."""
    path = f'{new_folder(visit, "choose_")}/photo.jpg'
    mmcv.imwrite(choosing_picture(visit, image), path)
    return path


def write_answer(
    find,
    visit: Visit,
    image: np.ndarray,
    args: argparse.Namespace,
    stage: int,
    side_by_side: bool,
) -> Tuple[str, str]:
    """:func:`result_picture` and the garments' JSON as files of the visit."""
    stem = f'{new_folder(visit, "answer_")}/{Path(visit.name).stem}_landmarks'
    picture = result_picture(find, visit, image, stage, side_by_side)
    mmcv.imwrite(picture, f'{stem}.png')
    told = describe_picture(
        visit.garments,
        find.meta,
        visit.name,
        visit.size,
        config=Path(args.config).name,  # where they lie is nobody's business
        checkpoint=Path(args.checkpoint).name,
    )
    write_json(f'{stem}.json', told)
    return f'{stem}.png', f'{stem}.json'


def new_folder(visit: Visit, kind: str) -> str:
    """For pictures of a kind, of which only the last ones are kept.

    Browsers keep pictures by their address: no two have the same.
    """
    try:
        folder = tempfile.mkdtemp(prefix=kind, dir=visit.folder)
    except FileNotFoundError as error:
        raise InputError(f'{visit.name} is not there any more') from error
    kept = sorted(
        Path(visit.folder).glob(f'{kind}*'),
        key=lambda one: one.stat().st_mtime_ns,
    )
    for old in kept[:-ANSWERS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder
