"""One made picture with its labels."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class LabelledPicture:
    """A picture and FLD's labels for it.

    Args:
        image (np.ndarray): BGR, (H, W, 3) uint8.
        clothes_type (int): 1 upper, 2 lower, 3 full.
        variation_type (int): 1 to 5, see ``VARIATION_TYPES``.
        landmarks (np.ndarray): (K, 2) in image pixels; outside the picture
            or NaN for truncated ones.
        visibility (np.ndarray): (K,), FLD's codes.
        bbox (np.ndarray): x_1, y_1, x_2, y_2 of the garment's first and
            last pixels in the picture, (4,).
    """

    image: np.ndarray
    clothes_type: int
    variation_type: int
    landmarks: np.ndarray
    visibility: np.ndarray
    bbox: np.ndarray


@dataclass(frozen=True)
class SynthSample(LabelledPicture):
    """A drawn garment, whose wearer is known as well.

    Args:
        joints (np.ndarray): LSP's 14 joints, (14, 2) in image pixels.
        joint_visibility (np.ndarray): (14,), 0 visible, 1 not.
    """

    joints: np.ndarray
    joint_visibility: np.ndarray
