"""Smooth maps from a new picture to the old one, for pixels and points."""

from dataclasses import dataclass
from typing import Tuple

import cv2
import numpy as np
from scipy.interpolate import RBFInterpolator

_STEP = 8  # of the grid, in pixels; OpenCV interpolates in 32nds of a pixel
_NEWTON_STEPS = 12
_LONGEST_STEP = 8.0
_CLOSE = 1e-3
_MISS = 0.75  # how far from a point, in old pixels, the best pixel may come


@dataclass(frozen=True)
class Warp:
    """Where every pixel of a new picture comes from.

    Args:
        field (np.ndarray): (H, W, 2) float32, x and y in the old picture.
    """

    field: np.ndarray

    @property
    def shape(self) -> Tuple[int, int]:
        return self.field.shape[:2]

    def picture(
        self,
        old: np.ndarray,
        interpolation: int = cv2.INTER_LINEAR,
        border: int = cv2.BORDER_CONSTANT,
    ) -> np.ndarray:
        """The old picture or mask, moved; outside of it is zero."""
        x, y = self.field[..., 0], self.field[..., 1]
        return cv2.remap(old, x, y, interpolation, borderMode=border)

    def points(self, old: np.ndarray) -> np.ndarray:
        """Points (N, 2) of the old picture in the new one.

        The inverse of the very field that moves the pixels. A point that no
        pixel of the new picture comes from is NaN.
        """
        old = np.asarray(old, float)
        if not len(old):
            return old.reshape(0, 2)
        return np.array([self._point(point) for point in old])

    def folded_share(self, mask: np.ndarray) -> float:
        """Share of ``mask`` (H, W, new picture) that is inside out."""
        dx = np.diff(self.field, axis=1)[:-1]
        dy = np.diff(self.field, axis=0)[:, :-1]
        area = dx[..., 0] * dy[..., 1] - dx[..., 1] * dy[..., 0]
        inside = area[mask[:-1, :-1] > 0]
        return float(np.mean(inside <= 0)) if len(inside) else 0.0

    def _point(self, old: np.ndarray) -> np.ndarray:
        coarse = self.field[::_STEP, ::_STEP]
        gap = ((coarse - old.astype(np.float32)) ** 2).sum(2)
        start = divmod(int(np.argmin(gap)), coarse.shape[1])
        new = _STEP * np.array(start[::-1], float)
        height, width = self.shape
        for _ in range(_NEWTON_STEPS):
            value, slope = _sample(self.field, new)
            step = np.linalg.lstsq(slope, old - value, rcond=None)[0]
            next_one = new + np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
            next_one = np.clip(next_one, 0, (width - 1, height - 1))
            moved, new = np.abs(next_one - new).max(), next_one
            if moved < _CLOSE:
                break
        miss = np.linalg.norm(_sample(self.field, new)[0] - old)
        return new if miss <= _MISS else np.full(2, np.nan)


def _sample(field: np.ndarray, point: np.ndarray):
    """The field's value (2,) and slope (2, 2) at a point, bilinear."""
    height, width = field.shape[:2]
    x0 = int(min(max(point[0], 0), width - 2))
    y0 = int(min(max(point[1], 0), height - 2))
    fx, fy = point - (x0, y0)
    a, b = field[y0, x0 : x0 + 2].astype(float)
    c, d = field[y0 + 1, x0 : x0 + 2].astype(float)
    top, bottom = a + fx * (b - a), c + fx * (d - c)
    along_x = (b - a) + fy * ((d - c) - (b - a))
    value = top + fy * (bottom - top)
    return value, np.stack([along_x, bottom - top], axis=1)


def thin_plate(
    old: np.ndarray,
    new: np.ndarray,
    shape: Tuple[int, int],
    smoothing: float = 0.0,
) -> Warp:
    """The thin-plate spline that takes points ``old`` to ``new``.

    Args:
        old (np.ndarray), new (np.ndarray): (N, 2) in pixels of the two
            pictures; at least three that are not in one line.
        shape (tuple): Height and width of the new picture.
        smoothing (float): How far points may be missed, see SciPy's
            ``RBFInterpolator``.
    """
    spline = RBFInterpolator(
        np.asarray(new, float),
        np.asarray(old, float),
        smoothing=smoothing,
        kernel='thin_plate_spline',
    )
    rows, columns = (int(np.ceil(n / _STEP)) + 1 for n in shape)
    y, x = np.mgrid[:rows, :columns] * float(_STEP)
    coarse = spline(np.stack([x.ravel(), y.ravel()], 1))
    coarse = coarse.reshape(rows, columns, 2).astype(np.float32)
    shrink = np.array([[1 / _STEP, 0, 0], [0, 1 / _STEP, 0]])
    field = cv2.warpAffine(
        coarse,
        shrink,
        shape[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    return Warp(field)
