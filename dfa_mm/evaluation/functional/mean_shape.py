"""The baseline that does not look at the picture: the mean shape."""

import numpy as np

from ._shapes import as_landmarks, as_mask, mean_where
from .detected_landmarks import REFERENCE_SIZE, to_reference_frame
from .protocols import box_long_side, box_size


def to_crop_frame(points, boxes, padding: float = 1.0) -> np.ndarray:
    """Image pixels to the crop frame of the codec.

    The crop is the square round the box's centre with ``padding`` times the
    box's long side; it spans [-0.5, 0.5].

    Args:
        points (np.ndarray): (N, K, 2) in image pixels.
        boxes (np.ndarray): (N, 4) x1 y1 x2 y2 in image pixels.
        padding (float): Of ``GetBBoxCenterScale``.

    Returns:
        np.ndarray: (N, K, 2); NaN for a box without width or height.
    """
    share = to_reference_frame(points, boxes) / REFERENCE_SIZE
    return (share - 0.5) / padding


def from_crop_frame(points, boxes, padding: float = 1.0) -> np.ndarray:
    """Inverse of :func:`to_crop_frame`; points may be one shape (K, 2)."""
    boxes = np.asarray(boxes, dtype=np.float64)
    side = padding * box_long_side(boxes)
    centre = boxes[:, :2] + box_size(boxes) / 2
    return np.asarray(points) * side[:, None, None] + centre[:, None]


def mean_shape(points, mask) -> np.ndarray:
    """Mean position (K, 2) of every landmark; NaN where none takes part.

    Args:
        points (np.ndarray): (N, K, 2), any frame.
        mask (np.ndarray): (N, K), true where a landmark takes part. Points
            that are not finite take no part.
    """
    points, _ = as_landmarks(points, points)
    mask = as_mask(mask, points.shape[:2]) & np.isfinite(points).all(axis=-1)
    return mean_where(points, mask[..., None].repeat(2, axis=-1), axis=0)
