"""From a picture to a garment's landmarks: crop, network, second look."""

from copy import deepcopy
from itertools import repeat
from typing import List, Optional, Sequence

import numpy as np
import torch
from mmengine.dataset import Compose, pseudo_collate
from mmengine.registry import DefaultScope
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from torch import nn

from dfa_mm.names import shown
from dfa_mm.structures import CLOTHES_TYPES, has_position

from .errors import InputError
from .predictions import complete, hidden_slots, keep_within

# Landmarks lie on a garment's outline, but not everywhere.
MARGIN = 0.05
TYPE_CODES = {name: code for code, name in CLOTHES_TYPES.items()}
# With fewer landmarks, or a smaller share of the picture's side, there is no
# telling where the garment ends.
_FEWEST, _SMALLEST = 3, 1 / 16
_LEAST = 1.0  # pixel of a box's side; what is less is meant as a share
# Where a side has fewer pixels, or the other more than so many times as many
# (networks look at some 300), nothing is left of a garment.
_LEAST_SIDE, _THINNEST = 4, 320


def find_landmarks(
    model: nn.Module,
    image: np.ndarray,
    box: Optional[Sequence[float]] = None,
    clothes_type: Optional[str] = None,
    closer_look: bool = True,
    name: str = '',
) -> InstanceData:
    """One garment's landmarks, :func:`complete`.

    Args:
        model (nn.Module): From :func:`load_model`.
        image (np.ndarray): (H, W, 3) BGR uint8. Not a file's name: MMPose
            measures a photo turned by EXIF unturned.
        box (Sequence[float], optional): x1 y1 x2 y2 in pixels; by default
            the whole picture.
        clothes_type (str, optional): By default the model tells it.
        closer_look (bool): Whether a garment found in the whole picture is
            looked at again.
        name (str): What to call the picture in an error.

    Raises:
        InputError: If the box covers nothing of the picture, the picture is
            too thin, or the model does not know the clothes type.
    """
    if box is None and not can_show(image):
        height, width = image.shape[:2]
        raise InputError(
            f'{shown(name) or "the picture"} is {width} x {height}, too thin '
            'to show a garment'
        )
    (pred,) = find_landmarks_in_boxes(
        model, image, [box], [clothes_type], name
    )
    if closer_look and box is None:
        pred = look_closer(model, image, pred, clothes_type)
    return pred


def find_landmarks_in_boxes(
    model: nn.Module,
    image: np.ndarray,
    boxes: Sequence,
    clothes_types: Sequence[Optional[str]],
    name: str = '',
) -> List[InstanceData]:
    """:func:`find_landmarks` of N garments of a picture, in one batch.

    Args:
        boxes (Sequence): N boxes x1 y1 x2 y2; ``None`` is the whole picture.
        clothes_types (Sequence): N types; ``None`` where the model tells.
    """
    hidden = [hidden_slots(model.dataset_meta, t) for t in clothes_types]
    clipped = [clip_box(box, image, name) for box in boxes]
    crops = preprocess(model, image, clipped, clothes_types=clothes_types)
    samples = predict(model, crops)
    preds = [complete(s.pred_instances, h) for s, h in zip(samples, hidden)]
    return [keep_within(pred, image.shape[1::-1]) for pred in preds]


def can_show(image: np.ndarray) -> bool:
    """Whether a garment can be seen in a picture of that shape (H, W, ...)."""
    short, long = sorted(image.shape[:2])
    return short >= _LEAST_SIDE and long <= _THINNEST * short


def clip_box(
    box: Optional[Sequence[float]], image: np.ndarray, name: str = ''
) -> np.ndarray:
    """The part (4,) of a box x1 y1 x2 y2 within the picture (H, W, ...).

    Raises:
        InputError: If nothing of the box lies within the picture ``name``,
            or less than a pixel.
    """
    height, width = image.shape[:2]
    if box is None:
        return np.array([0, 0, width, height], dtype=np.float32)
    box = np.array(box, dtype=np.float64)  # holds what a user may type
    if box.shape != (4,):
        raise InputError(f'a box is x1 y1 x2 y2, not {box.tolist()}')
    clipped = box.reshape(2, 2).clip(0, (width, height)).reshape(4)
    if not (clipped[2:] > clipped[:2]).all():  # also if a number is NaN
        raise InputError(
            f'the box {box.tolist()} covers nothing of the picture'
            f'{" " * bool(name)}{shown(name)}, which is {width} x {height}; '
            'expected x1 y1 x2 y2 with x1 < x2, y1 < y2'
        )
    if (clipped[2:] - clipped[:2] < _LEAST).any():
        raise InputError(
            f'the box {box.round(3).tolist()} covers less than a pixel of '
            f'the picture{" " * bool(name)}{shown(name)}, which is {width} x '
            f'{height}; expected pixels, not shares'
        )
    return clipped


def preprocess(
    model: nn.Module,
    image: np.ndarray,
    boxes: Sequence,
    name: str = '',
    clothes_types: Optional[Sequence[Optional[str]]] = None,
    scores: Optional[Sequence[float]] = None,
) -> List[dict]:
    """A crop for every box (4,), by the config's test pipeline.

    Where the type is known, the crop has it as the data sets' do. ``scores``
    are a detector's, from 0 to 1.
    """
    # whatever scope a detector has set
    scope = model.cfg.get('default_scope', 'mmpose')
    with DefaultScope.overwrite_default_scope(scope):
        pipeline = Compose(model.cfg.test_dataloader.dataset.pipeline)
    crops = []
    told = zip(clothes_types or repeat(None), scores or repeat(1.0))
    for box, (kind, score) in zip(boxes, told):
        known = {} if kind is None else dict(clothes_type=TYPE_CODES[kind])
        crop = dict(
            model.dataset_meta,
            img=image,
            img_path=name,
            bbox=box[None],
            bbox_score=np.array([score], dtype=np.float32),
            **known,
        )
        crops.append(pipeline(crop))
    return crops


@torch.no_grad()
def predict(model: nn.Module, crops: List[dict]) -> List[PoseDataSample]:
    """All crops through the network together; in pixels of their pictures."""
    return model.test_step(pseudo_collate(crops)) if crops else []


def look_closer(
    model: nn.Module,
    image: np.ndarray,
    pred: InstanceData,
    clothes_type: Optional[str] = None,
    margin: float = MARGIN,
) -> InstanceData:
    """The landmarks again, in the box round those that were found.

    Landmarks are the mean of both looks: the second alone is worse where the
    first has missed a part of the garment. All else is of the second.

    Args:
        model (nn.Module): What found them.
        image (np.ndarray): (H, W, 3) BGR uint8.
        pred (InstanceData): Of one garment, :func:`complete`; also returned
            where its landmarks do not tell where the garment is.
        clothes_type (str, optional): As in :func:`find_landmarks`.
        margin (float): As in :func:`box_round_landmarks`.
    """
    (closer,) = look_closer_at_all(
        model, [image], [pred], margin, clothes_type
    )
    hidden = None
    if clothes_type is not None:
        hidden = hidden_slots(model.dataset_meta, clothes_type)
    return keep_within(complete(closer, hidden), image.shape[1::-1])


def look_closer_at_all(
    model: nn.Module,
    images: Sequence[np.ndarray],
    preds: Sequence[InstanceData],
    margin: float = MARGIN,
    clothes_type: Optional[str] = None,
) -> List[InstanceData]:
    """The second looks at a garment in every picture, in one batch.

    As :func:`look_closer`, but what the model does not predict is left out.
    """
    boxes = [
        box_round_landmarks(complete(deepcopy(pred)), image, margin)
        for pred, image in zip(preds, images)
    ]
    crops = [
        crop
        for image, box in zip(images, boxes)
        if box is not None
        for crop in preprocess(
            model, image, [box], clothes_types=[clothes_type]
        )
    ]
    seconds = iter(predict(model, crops))
    return [
        pred if box is None else _mean(pred, next(seconds).pred_instances)
        for pred, box in zip(preds, boxes)
    ]


def box_round_landmarks(
    pred: InstanceData, image: np.ndarray, margin: float = MARGIN
) -> Optional[np.ndarray]:
    """Where a garment is: (4,) x1 y1 x2 y2 pixels within the picture.

    ``margin`` is added on every side, as a share of the box's side. ``None``
    where the garment's landmarks, :func:`complete`, do not tell.
    """
    known = pred.keypoints[0][has_position(pred.landmark_visibility[0])]
    if len(known) < _FEWEST:
        return None
    low, high = known.min(0), known.max(0)
    size = (high - low) * margin
    corners = np.stack([low - size, high + size])
    corners = corners.clip(0, image.shape[1::-1])
    if (corners[1] - corners[0] < _SMALLEST * max(image.shape[:2])).any():
        return None
    return clip_box(corners.reshape(4), image)


def _mean(first: InstanceData, second: InstanceData) -> InstanceData:
    """``second`` with the mean of both's landmarks; is changed."""
    for field in ('keypoints', 'stage_keypoints'):
        if field in second:
            mean = (first[field] + second[field]) / 2
            second.set_field(mean, field)
    return second
