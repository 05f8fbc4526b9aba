"""A prediction on its picture, for people to look at."""

from typing import Optional

import numpy as np
from mmengine.structures import InstanceData

from dfa_mm.evaluation.records import BRANCHES
from dfa_mm.structures import Visibility, has_position

from .landmarks import draw_errors, draw_landmarks
from .marks import WHITE, draw_box
from .panels import contact_sheet, crop_round_box, resize
from .text import with_title

# Smaller photographs are drawn enlarged: marks and text have a least size.
MIN_LONG_SIDE = 384
PANEL_SIZE = 320


def draw_prediction(
    image: np.ndarray, pred: InstanceData, meta: dict, show_box: bool = False
) -> np.ndarray:
    """The landmarks on their picture, which is enlarged if it is small.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB; is not changed.
        pred (InstanceData): ``keypoints`` (N, K, 2), ``landmark_visibility``
            (N, K) and ``bboxes`` (N, 4).
        meta (dict): The set's parsed meta, ``LandmarkSet.metainfo()``.
        show_box (bool): Draw the boxes, beneath the landmarks.
    """
    image, factor = enlarge(image)
    if show_box:
        image = image.copy()
        for box in pred.bboxes:
            draw_box(image, box * factor, WHITE)
    return draw_landmarks(
        image, pred.keypoints * factor, pred.landmark_visibility, meta
    )


def enlarge(image: np.ndarray) -> tuple[np.ndarray, float]:
    """A small picture made larger, and the factor; a larger one as it is."""
    factor = max(1.0, MIN_LONG_SIDE / max(image.shape[:2]))
    return (resize(image, factor) if factor > 1 else image), factor


def draw_stages(
    image: np.ndarray,
    pred: InstanceData,
    meta: dict,
    box: Optional[np.ndarray] = None,
    panel_size: int = PANEL_SIZE,
    truth: Optional[InstanceData] = None,
) -> np.ndarray:
    """One garment's stages side by side, with the branch it took.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB.
        pred (InstanceData): ``stage_keypoints`` (1, S, K, 2) in its pixels,
            ``stage_visibility`` (1, S, K), and ``branch`` (1,) if there is
            one.
        meta (dict): The set's parsed meta, ``LandmarkSet.metainfo()``.
        box (np.ndarray, optional): (4,) x1 y1 x2 y2, what to show with a
            margin; by default the whole picture.
        panel_size (int): Long side of a panel without its title, in pixels.
        truth (InstanceData, optional): ``keypoints`` (1, K, 2) and
            ``landmark_visibility`` (1, K). It gets a panel, and lines join
            the others' landmarks to crosses at their true places; slots that
            the garment lacks are left out.
    """
    picture, origin, scale = crop_round_box(image, box, panel_size)
    stages = (np.asarray(pred.stage_keypoints[0], float) - origin) * scale
    states = np.asarray(pred.stage_visibility[0])
    titles = [stage_title(i) for i in range(1, len(stages))]
    titles.append(stage_title(len(stages), pred))
    grounds = [picture] * len(stages)
    if truth is not None:
        true_states = np.asarray(truth.landmark_visibility)
        place = (np.asarray(truth.keypoints, float) - origin) * scale
        known = has_position(true_states[0])
        grounds = [draw_errors(picture, s, place[0], known) for s in stages]
        states = np.where(
            true_states == Visibility.ABSENT, true_states, states
        )
        grounds, titles = [*grounds, picture], [*titles, 'truth']
        stages = np.concatenate([stages, place])
        states = np.concatenate([states, true_states])
    panels = [
        with_title(draw_landmarks(*panel, meta), title)
        for *panel, title in zip(grounds, stages, states, titles)
    ]
    return contact_sheet(panels, columns=len(panels))


def stage_title(number: int, pred: Optional[InstanceData] = None) -> str:
    """``stage 3 (hard)``: with the branch that each garment took, if any."""
    codes = [] if pred is None else pred.get('branch', [])
    names = [BRANCHES[int(code)] for code in codes if int(code) in BRANCHES]
    taken = f' ({", ".join(names)})' if names else ''
    return f'stage {number}{taken}'
