"""The three states of a landmark (paper, Sect. 2, footnote 3)."""

from enum import IntEnum

import numpy as np


class Visibility(IntEnum):
    """State of one landmark; the values are FLD's own codes.

    The non-negative values are also the class indices of the visibility
    classifier. ``ABSENT`` marks a slot that the garment does not have (a
    shirt has no waistline): it takes part in no loss, cluster or metric.
    """

    ABSENT = -1
    VISIBLE = 0
    OCCLUDED = 1
    TRUNCATED = 2


NUM_VISIBILITY_STATES = 3


def has_position(visibility: np.ndarray) -> np.ndarray:
    """True where a landmark lies inside the picture, seen or hidden."""
    visibility = np.asarray(visibility)
    return (visibility == Visibility.VISIBLE) | (
        visibility == Visibility.OCCLUDED
    )


def to_coco(visibility: np.ndarray) -> np.ndarray:
    """FLD's codes to COCO's ``v``: 2 visible, 1 occluded, 0 no position."""
    visibility = np.asarray(visibility)
    return np.where(has_position(visibility), 2 - visibility, 0)


def from_coco(flags: np.ndarray) -> np.ndarray:
    """COCO's ``v`` to FLD's codes; 0 becomes ``TRUNCATED``.

    Raises:
        ValueError: If a flag is not 0, 1 or 2.
    """
    flags = np.asarray(flags)
    wrong = ~np.isin(flags, (0, 1, 2))
    if wrong.any():
        raise ValueError(
            f"visibility flag {flags[wrong][0]} is not one of COCO's 0 "
            '(no position), 1 (occluded) and 2 (visible)'
        )
    return 2 - flags.astype(np.int64)
