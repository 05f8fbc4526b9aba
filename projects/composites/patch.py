"""A cut-out garment in memory, small and upright, ready to be worn."""

from dataclasses import dataclass

import cv2
import numpy as np

from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS

from .flat_cutouts import FlatGarment

LONG_SIDE = 288
_MARGIN = 6


@dataclass(frozen=True)
class Patch:
    """A garment and its mask; positions in the patch's pixels.

    Args:
        image (np.ndarray): BGR, (H, W, 3) uint8.
        mask (np.ndarray): (H, W) uint8, 255 on the garment.
        landmarks (np.ndarray): (K, 2).
        visibility (np.ndarray): (K,), FLD's codes.
    """

    image: np.ndarray
    mask: np.ndarray
    clothes_type: int
    landmarks: np.ndarray
    visibility: np.ndarray

    @property
    def names(self):
        return FLD_SETS[CLOTHES_TYPES[self.clothes_type]].landmarks

    def __getitem__(self, name: str) -> np.ndarray:
        return self.landmarks[self.names.index(name)]


def load_patch(garment: FlatGarment) -> Patch:
    """The garment's part of its photograph, at most ``LONG_SIDE`` long."""
    image = cv2.imread(str(garment.image))
    mask = cv2.imread(str(garment.mask), cv2.IMREAD_GRAYSCALE)
    x, y, width, height = cv2.boundingRect(mask)
    x1, y1 = max(0, x - _MARGIN), max(0, y - _MARGIN)
    window = np.s_[y1 : y + height + _MARGIN, x1 : x + width + _MARGIN]
    scale = min(1.0, LONG_SIDE / max(width, height))
    image, mask = (
        cv2.resize(a[window], None, fx=scale, fy=scale,
                   interpolation=cv2.INTER_AREA)
        for a in (image, mask)
    )  # fmt: skip
    return Patch(
        image,
        # without the outermost pixels, which are mixed with what is behind
        cv2.erode(np.uint8(mask > 127) * 255, np.ones((3, 3), np.uint8)),
        garment.clothes_type,
        # pixel centres: the middle of pixel 0 is at 0
        (garment.landmarks - (x1, y1) + 0.5) * scale - 0.5,
        garment.visibility,
    )
