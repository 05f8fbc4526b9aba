"""One composed picture with FLD's labels."""

from dataclasses import dataclass

import numpy as np

from dfa_mm.structures import Visibility
from projects.synthfld.framing import LARGE_ZOOM, MEDIUM_ZOOM

_MANY = {1: 4, 2: 3, 3: 4}  # cut-off landmarks of a large zoom-in


class MisfitError(ValueError):
    """What was drawn by chance does not make a usable picture."""


@dataclass(frozen=True)
class Composite:
    """A picture and its labels, as ``SynthSample`` without joints.

    Args:
        image (np.ndarray): BGR, (H, W, 3) uint8.
        clothes_type (int): 1 upper, 2 lower, 3 full.
        variation_type (int): 1 to 5, see ``VARIATION_TYPES``.
        landmarks (np.ndarray): (K, 2) in pixels, NaN where cut off.
        visibility (np.ndarray): (K,), FLD's codes.
        bbox (np.ndarray): x_1, y_1, x_2, y_2, (4,).
    """

    image: np.ndarray
    clothes_type: int
    variation_type: int
    landmarks: np.ndarray
    visibility: np.ndarray
    bbox: np.ndarray


def variation(clothes_type: int, pose: int, visibility: np.ndarray) -> int:
    """The variation type: a zoom-in where landmarks are cut off."""
    cut = int(np.sum(visibility == Visibility.TRUNCATED))
    if cut >= _MANY[clothes_type]:
        return LARGE_ZOOM
    return MEDIUM_ZOOM if cut else pose
