"""A box out of two clicks on its picture, anywhere opposite each other."""

from typing import List, Optional, Tuple

import numpy as np

from dfa_mm.visualization.marks import (
    MAGENTA,
    WHITE,
    draw_box,
    draw_cross,
    mark_radius,
)

Point = Tuple[float, float]
Corners = Tuple[Point, ...]


def add_corner(corners: Corners, point: Point) -> Corners:
    """The corners after one more click; a third one starts again."""
    return (point,) if len(corners) == 2 else (*corners, point)


def box_between(corners: Corners) -> Optional[List[float]]:
    """x1 y1 x2 y2 between two corners; ``None`` while there are fewer."""
    if len(corners) < 2:
        return None
    corners = np.asarray(corners, dtype=float)
    return [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()]


def draw_corners(
    image: np.ndarray, corners: Corners, factor: float = 1.0
) -> np.ndarray:
    """A copy with the box, or the one corner there is.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB, as it is shown.
        corners (tuple): In pixels of the picture before it was resized.
        factor (float): By which it was resized.
    """
    image = image.copy()
    box = box_between(corners)
    if box is not None:
        draw_box(image, np.multiply(box, factor), WHITE)
    for corner in corners:
        place = np.multiply(corner, factor)
        draw_cross(image, place, 2 * mark_radius(image), MAGENTA)
    return image
