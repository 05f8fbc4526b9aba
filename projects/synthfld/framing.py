"""Where the camera stands, by the wished number of cut-off landmarks.

The paper's zoom-in subsets have more than one (medium) and more than three
(large) truncated landmarks. Lower-body clothes have only four, so there
medium means two and large means three.
"""

from typing import Optional, Tuple

import numpy as np

from dfa_mm.structures import CLOTHES_TYPES, Visibility

from .curves import rotate
from .view import Camera

NORMAL, MEDIUM_POSE, LARGE_POSE, MEDIUM_ZOOM, LARGE_ZOOM = 1, 2, 3, 4, 5
ZOOMS = (MEDIUM_ZOOM, LARGE_ZOOM)

_CUT_OFF = {
    ('upper', MEDIUM_ZOOM): (2, 3),
    ('upper', LARGE_ZOOM): (4, 5),
    ('lower', MEDIUM_ZOOM): (2, 2),
    ('lower', LARGE_ZOOM): (3, 3),
    ('full', MEDIUM_ZOOM): (2, 3),
    ('full', LARGE_ZOOM): (4, 6),
}
# Standard deviation of the picture's turn in degrees.
_TILT = {NORMAL: 3, MEDIUM_POSE: 7, LARGE_POSE: 13, MEDIUM_ZOOM: 5,
         LARGE_ZOOM: 6}  # fmt: skip
_TRIES = 256


def cut_off_range(clothes_type: int, variation_type: int) -> Tuple[int, int]:
    """Least and greatest number of truncated landmarks."""
    poses = (0, 0) if variation_type == NORMAL else (0, 1)
    key = (CLOTHES_TYPES[clothes_type], variation_type)
    return _CUT_OFF.get(key, poses)


def variation(clothes_type: int, pose: int, visibility: np.ndarray) -> int:
    """The variation type: ``pose``, or a zoom-in where landmarks are cut off.

    ``visibility`` (K,) are FLD's codes.
    """
    cut = int(np.sum(visibility == Visibility.TRUNCATED))
    if cut >= cut_off_range(clothes_type, LARGE_ZOOM)[0]:
        return LARGE_ZOOM
    return MEDIUM_ZOOM if cut else pose


def outside(points: np.ndarray, shape: Tuple[int, int]) -> np.ndarray:
    """Whether (..., 2) rounds to a pixel outside a picture of ``shape``."""
    pixel = np.round(points)
    return ((pixel < 0) | (pixel > np.array(shape[::-1]) - 1)).any(-1)


def sample_camera(
    rng: np.random.Generator,
    outline: np.ndarray,
    marks: np.ndarray,
    shape: Tuple[int, int],
    clothes_type: int,
    variation_type: int,
) -> Optional[Camera]:
    """A camera that cuts off as many landmarks as the variation asks for.

    Args:
        outline (np.ndarray): Points of the garment, (N, 2), in the plane.
        marks (np.ndarray): Its landmarks, (K, 2).

    Returns:
        Camera: Or None if no drawn camera does.
    """
    angle = np.deg2rad(rng.normal(0, _TILT[variation_type]))
    turned, marks = rotate(outline, angle), rotate(marks, angle)
    draw = _zoomed if variation_type in ZOOMS else _whole
    scales, shifts = draw(rng, turned, marks, shape)
    pixels = scales[:, None, None] * marks + shifts[:, None]
    count = outside(pixels, shape).sum(1)
    least, most = cut_off_range(clothes_type, variation_type)
    fitting = np.flatnonzero((count >= least) & (count <= most))
    if not len(fitting):
        return None
    # FLD's truncated landmarks are few: prefer the least.
    first = fitting[np.argmin(count[fitting[:4]])]
    return Camera(float(scales[first]), angle, shifts[first])


def _fit(turned, shape):
    low, high = turned.min(0), turned.max(0)
    return low, high, float(np.min(np.array(shape[::-1]) / (high - low)))


def _whole(rng, turned, marks, shape):
    """The whole garment somewhere in the picture."""
    low, high, fit = _fit(turned, shape)
    scales = fit * rng.uniform(0.42, 1.02, _TRIES)[:, None]
    room = np.array(shape[::-1]) - scales * (high - low)
    shifts = room * rng.uniform(-0.02, 1.02, (_TRIES, 2)) - scales * low
    return scales[:, 0], shifts


def _zoomed(rng, turned, marks, shape):
    """A place near a landmark, close up."""
    scales = _fit(turned, shape)[2] * np.exp(rng.uniform(0.05, 1.1, _TRIES))
    weights = rng.dirichlet(np.full(len(marks), 0.6), _TRIES)
    goal = rng.uniform(0.15, 0.85, (_TRIES, 2)) * shape[::-1]
    return scales, goal - scales[:, None] * (weights @ marks)
