"""A photograph that somebody looks at, its box and what was found."""

import argparse
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional, Sequence, Tuple

import cv2
import mmcv
import numpy as np
from mmengine.structures import InstanceData
from torch import nn

from dfa_mm.apis.command_line import GarmentFinder
from dfa_mm.apis.errors import InputError
from dfa_mm.apis.pictures import read_picture
from dfa_mm.apis.stages import at_stage
from dfa_mm.visualization import draw_prediction, draw_stages
from dfa_mm.visualization.prediction import MIN_LONG_SIDE, enlarge

from .clicked_box import Corners, add_corner, box_between, draw_corners

CHOOSER_SIDE = 1024  # pixels of the longer side of the picture to click on
PICTURE_SIDE = 2048  # and of the one to look at and to download
PANEL_SIZE = 480


@dataclass(frozen=True, eq=False)
class Visit:
    """What one person looks at; never changed, only replaced."""

    name: str
    image: np.ndarray  # (H, W, 3) BGR, upright
    folder: str  # for its files
    corners: Corners = ()  # of the box, in pixels of the image
    pred: Optional[InstanceData] = None
    clothes_type: Optional[str] = None


def open_photo(path: str, root: str) -> Visit:
    """An uploaded file as a visit without a prediction.

    Raises:
        InputError: Says, without the folder, what is wrong with the file.
    """
    name = Path(path).name
    try:
        image = read_picture(path)
    except InputError as error:
        raise InputError(str(error).replace(path, name)) from error
    return Visit(name, image, tempfile.mkdtemp(dir=root))


def close(visit: Optional[Visit]) -> None:
    """Remove a visit's files."""
    if visit is not None:
        shutil.rmtree(visit.folder, ignore_errors=True)


def has_box(visit: Visit) -> bool:
    return box_between(visit.corners) is not None


def request_of(args: argparse.Namespace, visit: Visit) -> argparse.Namespace:
    """The command line as if a visit's choices had been given on it."""
    return argparse.Namespace(
        **{
            **vars(args),
            'box': box_between(visit.corners),
            'clothes_type': visit.clothes_type,
        }
    )


def find_landmarks(
    args: argparse.Namespace, model: nn.Module, visit: Visit
) -> Visit:
    """The visit with a prediction.

    Raises:
        InputError: If the box covers nothing.
    """
    find = GarmentFinder(request_of(args, visit), model)
    return replace(visit, pred=find(visit.image, visit.name))


def shown_factor(image: np.ndarray, long_side: int) -> float:
    """By which a huge picture is made smaller and a tiny one larger."""
    side = max(image.shape[:2])
    return min(long_side / side, max(1.0, MIN_LONG_SIDE / side))


def fit(image: np.ndarray, long_side: int) -> Tuple[np.ndarray, float]:
    """The picture as it is shown, and :func:`shown_factor`."""
    factor = shown_factor(image, long_side)
    if factor >= 1:
        return enlarge(image)
    size = [max(1, round(side * factor)) for side in image.shape[1::-1]]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), factor


def choosing_picture(visit: Visit) -> np.ndarray:
    """The RGB picture to click on, with the corners so far."""
    image, factor = fit(mmcv.bgr2rgb(visit.image), CHOOSER_SIDE)
    return draw_corners(image, visit.corners, factor)


def click(visit: Visit, index: Sequence[float]) -> Visit:
    """The visit with one more corner, x y on :func:`choosing_picture`."""
    factor = shown_factor(visit.image, CHOOSER_SIDE)
    x, y = (place / factor for place in index)
    return replace(visit, corners=add_corner(visit.corners, (x, y)))


def result_picture(
    visit: Visit, meta: dict, stage: int, side_by_side: bool
) -> np.ndarray:
    """The RGB picture of one stage, from 1, or of all of them."""
    image, boxed = mmcv.bgr2rgb(visit.image), has_box(visit)
    if side_by_side:
        box = visit.pred.bboxes[0] if boxed else None
        return draw_stages(image, visit.pred, meta, box, PANEL_SIZE)
    image, factor = fit(image, PICTURE_SIDE)
    pred = at_stage(visit.pred, stage, factor)
    return draw_prediction(image, pred, meta, show_box=boxed)
