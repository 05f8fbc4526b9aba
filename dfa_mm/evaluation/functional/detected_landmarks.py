"""Percentage of detected landmarks, PDL (paper, Sect. 4, Fig. 5 and 6)."""

import numpy as np

from ._shapes import as_landmarks, as_mask, mean_where
from .protocols import box_long_side, box_size

# Side of the crop whose pixels PDL counts; the paper speaks of "the image
# size of 224 x 224" (caption of Table 2).
REFERENCE_SIZE = 224


def to_reference_frame(points, boxes) -> np.ndarray:
    """Image pixels to pixels of the 224 crop, the frame of PDL.

    The box's long side becomes 224 with the aspect kept; the box's centre
    becomes (112, 112).

    Args:
        points (np.ndarray): (N, K, 2) in image pixels.
        boxes (np.ndarray): (N, 4) x1 y1 x2 y2 in image pixels.

    Returns:
        np.ndarray: (N, K, 2); NaN for a box without width or height.
    """
    points = np.asarray(points, dtype=np.float64)
    boxes = np.asarray(boxes, dtype=np.float64)
    scale = REFERENCE_SIZE / box_long_side(boxes)
    centre = boxes[:, :2] + box_size(boxes) / 2
    shifted = points - centre[:, None]
    return shifted * scale[:, None, None] + REFERENCE_SIZE / 2


def percentage_detected_landmarks(pred, gt, mask, thr, per_landmark=False):
    """Share of the landmarks that lie within ``thr`` of the truth.

    Args:
        pred (np.ndarray): (N, K, 2) in the frame whose pixel is meant, see
            :func:`to_reference_frame`. Not finite counts as not detected.
        gt (np.ndarray): (N, K, 2), the same frame.
        mask (np.ndarray): (N, K), true where a landmark takes part.
        thr (float | np.ndarray): Distance in pixels, inclusive, or (T,) of
            them for a curve.
        per_landmark (bool): One share per landmark and not one over all.

    Returns:
        float | np.ndarray: Shares in 0..1, NaN where nothing takes part:
        a number or (T,) overall, (K,) or (T, K) per landmark.

    Raises:
        ValueError: If the shapes do not fit.
    """
    pred, gt = as_landmarks(pred, gt)
    mask = as_mask(mask, pred.shape[:2])
    with np.errstate(invalid='ignore'):
        distance = np.linalg.norm(pred - gt, axis=-1)
    return share_within(distance, mask, thr, per_landmark)


def share_within(distance, mask, thr, per_landmark=False):
    """Share of the distances, (N, K) in any unit, up to ``thr``.

    ``mask``, ``thr``, ``per_landmark`` and the result are those of
    :func:`percentage_detected_landmarks`.
    """
    thresholds = np.asarray(thr, dtype=np.float64)
    if thresholds.ndim > 1:
        raise ValueError(f'thr {thresholds.shape} must be a number or (T,)')
    found = distance <= thresholds.reshape(-1, 1, 1)  # (T or 1, N, K)
    taking_part = np.broadcast_to(mask, found.shape)
    axis = 1 if per_landmark else (1, 2)
    shares = mean_where(found, taking_part, axis=axis)
    if thresholds.ndim == 1:
        return shares
    return shares[0] if per_landmark else float(shares[0])
