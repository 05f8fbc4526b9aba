"""Pictures beside each other: the stages of one garment, many garments."""

from collections.abc import Sequence
from typing import Optional

import cv2
import numpy as np

from dfa_mm.structures import has_position

from .errors import draw_errors
from .landmarks import draw_landmarks
from .text import with_title

PANEL_SIZE = 320
_MARGIN = 0.1  # of the box's long side, on every side
_GAP = 4
_GROUND = 255


def stages_side_by_side(
    image: np.ndarray,
    stage_landmarks: np.ndarray,
    visibility: np.ndarray,
    meta: dict,
    titles: Sequence[str],
    truth: Optional[np.ndarray] = None,
    truth_visibility: Optional[np.ndarray] = None,
    bbox: Optional[np.ndarray] = None,
    panel_size: int = PANEL_SIZE,
) -> np.ndarray:
    """One titled panel per stage, and one for the truth where given.

    With the truth, a thin line joins each landmark to a cross at its true
    place.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB.
        stage_landmarks (np.ndarray): (S, K, 2) in image pixels.
        visibility (np.ndarray): (K,) predicted states, or (S, K).
        meta (dict): The set's parsed meta, ``LandmarkSet.metainfo()``.
        titles (Sequence[str]): Of the S stages.
        truth (np.ndarray, optional): (K, 2) in image pixels.
        truth_visibility (np.ndarray, optional): (K,) true states, with it.
        bbox (np.ndarray, optional): (4,) x1 y1 x2 y2, what to show with a
            margin; by default the whole picture.
        panel_size (int): Long side of a panel without its title, in pixels.

    Returns:
        np.ndarray: One RGB picture, the panels in a row.
    """
    picture, origin, scale = crop_round_box(image, bbox, panel_size)
    stages = (np.asarray(stage_landmarks, np.float64) - origin) * scale
    states = np.broadcast_to(visibility, stages.shape[:2])
    grounds = [picture] * len(stages)
    if truth is not None:
        truth = (np.asarray(truth, np.float64) - origin) * scale
        placed = has_position(truth_visibility)
        grounds = [draw_errors(picture, s, truth, placed) for s in stages]
        grounds.append(picture)
        titles = [*titles, 'truth']
        stages = np.vstack([stages, [truth]])
        states = [*states, truth_visibility]
    panels = [
        with_title(draw_landmarks(ground, landmarks, state, meta), name)
        for ground, landmarks, state, name in zip(
            grounds, stages, states, titles
        )
    ]
    return contact_sheet(panels, columns=len(panels))


def crop_round_box(
    image: np.ndarray, bbox: Optional[np.ndarray], panel_size: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """The part to show, its origin (2,) in image pixels and its scale.

    ``(point - origin) * scale`` is a point's place in the part.
    """
    height, width = image.shape[:2]
    x1, y1, x2, y2 = (0, 0, width, height) if bbox is None else bbox
    margin = 0 if bbox is None else _MARGIN * max(x2 - x1, y2 - y1)
    # At least one pixel, even of a box that lies beyond the picture.
    left = int(np.clip(x1 - margin, 0, width - 1))
    top = int(np.clip(y1 - margin, 0, height - 1))
    right = int(np.ceil(np.clip(x2 + margin, left + 1, width)))
    bottom = int(np.ceil(np.clip(y2 + margin, top + 1, height)))
    part = image[top:bottom, left:right]
    scale = panel_size / max(part.shape[:2])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = [max(1, round(side * scale)) for side in part.shape[1::-1]]
    part = cv2.resize(part, size, interpolation=way)
    return part, np.array([left, top], dtype=np.float64), scale


def contact_sheet(
    panels: Sequence[np.ndarray], columns: int, gap: int = _GAP
) -> np.ndarray:
    """Pictures in a grid on white, row by row, each in a cell's upper left.

    ``torchvision.utils.make_grid`` wants them all of one size.

    Args:
        panels (Sequence[np.ndarray]): (h, w, 3) uint8 of any sizes.
        columns (int): Pictures in a row.
        gap (int): Pixels between the cells.

    Raises:
        ValueError: If there is no panel.
    """
    if not panels:
        raise ValueError('a contact sheet needs at least one panel, got none')
    rows = -(-len(panels) // columns)
    cell = np.max([panel.shape[:2] for panel in panels], axis=0)
    height, width = (cell + gap) * (rows, columns) - gap
    sheet = np.full((height, width, 3), _GROUND, np.uint8)
    for i, panel in enumerate(panels):
        top, left = np.multiply(divmod(i, columns), cell + gap)
        h, w = panel.shape[:2]
        sheet[top : top + h, left : left + w] = panel
    return sheet
