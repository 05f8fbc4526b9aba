"""A part of a picture, and pictures beside each other."""

from collections.abc import Sequence
from typing import Optional

import cv2
import numpy as np

_MARGIN = 0.1  # of the box's long side, on every side
_GAP = 4
_GROUND = 255


def crop_round_box(
    image: np.ndarray, bbox: Optional[np.ndarray], panel_size: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """The part to show, its origin (2,) in image pixels and its scale.

    ``(point - origin) * scale`` is a point's place in the part, whose long
    side is ``panel_size``. It is the box with a margin, or the whole picture.
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
    return resize(part, scale), np.array([left, top], float), scale


def resize(image: np.ndarray, scale: float) -> np.ndarray:
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = [max(1, round(side * scale)) for side in image.shape[1::-1]]
    return cv2.resize(image, size, interpolation=way)


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
