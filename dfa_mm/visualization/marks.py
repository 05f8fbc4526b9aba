"""The marks a landmark is drawn with; all edit the image in place.

``torchvision.utils.draw_keypoints`` has discs without an edge, and no rings.
"""

from collections.abc import Sequence

import cv2
import numpy as np

WHITE = (255, 255, 255)
DARK = (40, 40, 40)
MAGENTA = (230, 0, 150)  # no side's colour, in RGB
RADIUS_SHARE = 0.012  # of the picture's long side: 6 pixels in FLD's 512
MIN_RADIUS = 3  # below it a ring has no hole
# OpenCV's coordinates are 32-bit: a diverged prediction must not wrap round.
_FAR = 1e5


def mark_radius(image: np.ndarray, factor: float = 1.0) -> int:
    """Radius in pixels that reads alike on small and on large pictures."""
    long_side = max(image.shape[:2])
    return max(MIN_RADIUS, round(RADIUS_SHARE * long_side * factor))


def line_width(radius: int) -> int:
    return max(1, round(radius / 4))


def draw_box(
    image, box: Sequence[float], color: Sequence[int], size: float = 1.0
) -> None:
    """A thin frame x1 y1 x2 y2 with a dark edge, for any ground."""
    corners = [_pixel(c) for c in np.asarray(box, float).reshape(2, 2)]
    width = line_width(mark_radius(image, size))
    for paint, stroke in ((DARK, 3 * width), (color, width)):
        cv2.rectangle(image, *corners, paint, stroke)


def draw_disc(image, point, radius: int, color: Sequence[int]) -> None:
    """A filled disc with a light edge, for any ground."""
    centre, edge = _pixel(point), line_width(radius)
    cv2.circle(image, centre, radius + edge, WHITE, -1, cv2.LINE_AA)
    cv2.circle(image, centre, radius, color, -1, cv2.LINE_AA)


def draw_ring(image, point, radius: int, color: Sequence[int]) -> None:
    """A hollow ring round the disc's place; its middle is left as it was."""
    centre, edge = _pixel(point), line_width(radius)
    stroke = max(1, round(radius / 3))
    outer = radius + edge
    cv2.circle(image, centre, outer + edge, WHITE, edge, cv2.LINE_AA)
    middle = outer - stroke // 2
    cv2.circle(image, centre, middle, color, stroke, cv2.LINE_AA)


def draw_line(
    image, start, end, radius: int, color: Sequence[int], gaps=(1, 1)
) -> None:
    """A thin line that stops ``gaps`` radii before start and end.

    The gap keeps the inside of a ring free.
    """
    start, end = np.asarray(start, float), np.asarray(end, float)
    length = np.linalg.norm(end - start)
    if length <= radius * sum(gaps):
        return
    step = (end - start) / length * radius
    ends = _pixel(start + step * gaps[0]), _pixel(end - step * gaps[1])
    cv2.line(image, *ends, color, line_width(radius), cv2.LINE_AA)


def draw_cross(image, point, radius: int, color: Sequence[int]) -> None:
    """A diagonal cross, for where the truth lies."""
    size = 2 * max(2, round(radius * 0.7))
    width = line_width(radius)
    for paint, stroke in ((WHITE, 3 * width), (color, width)):
        look = paint, cv2.MARKER_TILTED_CROSS, size, stroke, cv2.LINE_AA
        cv2.drawMarker(image, _pixel(point), *look)


def _pixel(point) -> tuple[int, int]:
    x, y = np.clip(np.asarray(point, float), -_FAR, _FAR)
    return round(float(x)), round(float(y))
