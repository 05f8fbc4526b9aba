"""A picture that is painted from the back to the front."""

from typing import List, Sequence

import cv2
import numpy as np

from projects.synthfld.layer import NOTHING, Layer, paint
from projects.synthfld.view import Camera

_SOFT = 0.7  # pixels, of the edge of what is pasted
_RIM = 3  # pixels that the soft edge reaches


class Canvas:
    """Paints, and remembers what is on top where.

    Args:
        picture (np.ndarray): The background, BGR (H, W, 3) uint8.
    """

    def __init__(self, picture: np.ndarray):
        self.picture = picture
        self.top = np.zeros(picture.shape[:2], np.int32)
        self.steps = 0

    def draw(self, layers: Sequence[Layer], camera: Camera) -> int:
        """Drawn shapes; returns the step they were painted in."""
        self.steps += 1
        if layers:
            on_top = paint(self.picture, list(layers), camera)
            self.top[on_top != NOTHING] = self.steps
        return self.steps

    def paste(
        self, picture: np.ndarray, alpha: np.ndarray, shadow: float = 0.0
    ) -> int:
        """A picture of the same size where ``alpha`` (H, W) uint8 is not 0.

        ``shadow`` darkens what lies round and behind it.
        """
        self.steps += 1
        if shadow:
            self._shade(alpha, shadow)
        x, y, width, height = cv2.boundingRect(alpha)
        window = np.s_[
            max(0, y - _RIM) : y + height + _RIM,
            max(0, x - _RIM) : x + width + _RIM,
        ]
        if width:
            self._blend(window, picture[window], alpha[window])
        self.top[alpha > 127] = self.steps
        return self.steps

    def _blend(self, window, picture, alpha):
        soft = cv2.GaussianBlur(alpha, (0, 0), _SOFT)
        weight = soft.astype(np.float32) * np.float32(1 / 255)
        self.picture[window] = cv2.blendLinear(
            np.ascontiguousarray(picture),
            np.ascontiguousarray(self.picture[window]),
            weight,
            1 - weight,
        )

    def _shade(self, alpha, strength):
        small = cv2.resize(alpha, None, fx=0.25, fy=0.25)
        small = cv2.GaussianBlur(small, (0, 0), 0.005 * max(alpha.shape))
        light = cv2.LUT(small, _fading(strength))
        light = cv2.resize(light, alpha.shape[::-1])
        self.picture = cv2.multiply(
            self.picture, cv2.merge([light] * 3), scale=1 / 255
        )


def _fading(strength):
    levels = 255 - strength * np.arange(256)
    return np.clip(levels, 0, 255).astype(np.uint8)


def is_hidden(
    point: np.ndarray, own: np.ndarray, top: np.ndarray, step: int
) -> bool:
    """Whether most of the garment next to a landmark is painted over.

    A landmark lies on the garment's very edge; what hides it is read off
    the garment's pixels near to it.

    Args:
        point (np.ndarray): (2,) in pixels, inside the picture.
        own (np.ndarray): (H, W) uint8, the part's own alpha.
        top (np.ndarray): (H, W), the step that is on top.
        step (int): The step in which the part was painted.
    """
    radius = max(2, round(0.012 * max(own.shape)))
    x, y = np.round(point).astype(int)
    rows = slice(max(0, y - radius), y + radius + 1)
    columns = slice(max(0, x - radius), x + radius + 1)
    mine = own[rows, columns] > 127
    if not mine.any():
        return bool(top[y, x] > step)
    return bool(np.mean(top[rows, columns][mine] > step) > 0.5)


def tight_box(masks: List[np.ndarray]) -> np.ndarray:
    """x_1, y_1, x_2, y_2 of the first and last covered pixels, (4,)."""
    covered = np.any([mask > 127 for mask in masks], axis=0)
    columns = np.flatnonzero(covered.any(0))
    rows = np.flatnonzero(covered.any(1))
    return np.array([columns[0], rows[0], columns[-1], rows[-1]])
