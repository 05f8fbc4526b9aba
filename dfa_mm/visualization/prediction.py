"""A prediction on its picture, for people to look at."""

from typing import Optional

import cv2
import numpy as np
from mmengine.structures import InstanceData

from .landmarks import draw_garments
from .marks import WHITE, draw_box
from .panels import PANEL_SIZE, stages_side_by_side
from .visualizer import stage_title

# Smaller photographs are drawn enlarged: marks and text have a least size.
MIN_LONG_SIDE = 384


def draw_prediction(
    image: np.ndarray,
    pred: InstanceData,
    meta: dict,
    show_box: bool = False,
) -> np.ndarray:
    """The landmarks on their picture, which is enlarged if it is small.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB; is not changed.
        pred (InstanceData): ``keypoints`` (N, K, 2), ``landmark_visibility``
            (N, K) and ``bboxes`` (N, 4).
        meta (dict): The set's parsed meta, ``LandmarkSet.metainfo()``.
        show_box (bool): Draw the boxes, beneath the landmarks.

    Returns:
        np.ndarray: RGB picture of the same shape, or larger.
    """
    image, factor = enlarge(image)
    if show_box:
        image = image.copy()
        for box in pred.bboxes:
            draw_box(image, box * factor, WHITE)
    return draw_garments(
        image,
        pred.keypoints * factor,
        pred.landmark_visibility,
        meta,
    )


def draw_stages(
    image: np.ndarray,
    pred: InstanceData,
    meta: dict,
    box: Optional[np.ndarray] = None,
    panel_size: int = PANEL_SIZE,
) -> np.ndarray:
    """The stages of one garment side by side, with the branch it took.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB.
        pred (InstanceData): ``stage_keypoints`` (1, S, K, 2),
            ``stage_visibility`` (1, S, K), and ``branch`` (1,) if there is
            one.
        meta (dict), box (np.ndarray, optional), panel_size (int): As of
            :func:`stages_side_by_side`.
    """
    stages = pred.stage_keypoints[0]
    titles = [stage_title(i) for i in range(1, len(stages))]
    titles.append(stage_title(len(stages), pred))
    return stages_side_by_side(
        image,
        stages,
        pred.stage_visibility[0],
        meta,
        bbox=box,
        titles=titles,
        panel_size=panel_size,
    )


def enlarge(image: np.ndarray) -> tuple[np.ndarray, float]:
    """A small picture made larger, and the factor; a larger one as it is."""
    factor = max(1.0, MIN_LONG_SIDE / max(image.shape[:2]))
    if factor > 1:
        size = [max(1, round(side * factor)) for side in image.shape[1::-1]]
        image = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC)
    return image, factor
