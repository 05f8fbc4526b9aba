"""A second look at a garment that the first found in the whole picture."""

from typing import Optional

import numpy as np
from mmengine.structures import InstanceData
from mmpose.apis import inference_topdown
from torch import nn

from dfa_mm.structures import has_position

from .boxes import clip_box
from .predictions import complete

# Landmarks lie on a garment's outline, but not everywhere.
MARGIN = 0.05
# With fewer landmarks, or a smaller share of the picture's side, there is no
# telling where the garment ends.
_FEWEST, _SMALLEST = 3, 1 / 16


def box_round_landmarks(
    pred: InstanceData, image: np.ndarray, margin: float = MARGIN
) -> Optional[np.ndarray]:
    """Where a garment is, by its landmarks.

    Args:
        pred (InstanceData): Of one garment, :func:`complete`.
        image (np.ndarray): The picture (H, W, ...).
        margin (float): Added on every side, as a share of the box's side.

    Returns:
        np.ndarray: x1 y1 x2 y2, (4,), in pixels and within the picture;
        ``None`` where the landmarks do not tell.
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


def look_closer(
    model: nn.Module,
    image: np.ndarray,
    pred: InstanceData,
    hidden: Optional[np.ndarray] = None,
    margin: float = MARGIN,
) -> InstanceData:
    """The landmarks again, in the box round those that were found.

    Landmarks are the mean of both looks: the second alone is worse where the
    first has missed a part of the garment. All else is of the second.

    Args:
        model (nn.Module): What found them.
        image (np.ndarray): (H, W, 3) BGR uint8.
        pred (InstanceData): Of one garment, :func:`complete`.
        hidden (np.ndarray, optional): As in :func:`complete`.
        margin (float): As in :func:`box_round_landmarks`.

    Returns:
        InstanceData: :func:`complete`; ``pred`` itself where its landmarks
        do not tell where the garment is.
    """
    box = box_round_landmarks(pred, image, margin)
    if box is None:
        return pred
    (sample,) = inference_topdown(model, image, box[None])
    return mean_of_looks(pred, complete(sample.pred_instances, hidden))


def mean_of_looks(first: InstanceData, second: InstanceData) -> InstanceData:
    """``second`` with the mean of both's landmarks; is changed."""
    for field in ('keypoints', 'stage_keypoints'):
        if field in second:
            mean = (first[field] + second[field]) / 2
            second.set_field(mean, field)
    return second
