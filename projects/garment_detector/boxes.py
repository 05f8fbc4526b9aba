"""Boxes x1, y1, x2, y2, and what they are labelled as."""

from typing import NamedTuple, Sequence, Tuple

Box = Tuple[float, float, float, float]


class Labelled(NamedTuple):
    """A garment, or (``ignored``) a box in which there may be one."""

    type: str
    box: Box
    ignored: bool = False


def area(box: Sequence[float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def iou(one: Sequence[float], two: Sequence[float]) -> float:
    """Intersection over union."""
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (area(one) + area(two) - shared)
