"""Checks, means and shares that the metrics' formulas have in common."""

import numpy as np


def as_landmarks(pred, gt) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64 (N, K, 2)."""
    pred = np.asarray(pred, dtype=np.float64)
    gt = np.asarray(gt, dtype=np.float64)
    if pred.shape != gt.shape or pred.ndim != 3 or pred.shape[-1] != 2:
        raise ValueError(
            f'pred {pred.shape} and gt {gt.shape} must both be (N, K, 2)'
        )
    return pred, gt


def as_mask(mask, shape: tuple[int, int]) -> np.ndarray:
    mask = np.asarray(mask, dtype=bool)
    if mask.shape != shape:
        raise ValueError(f'mask {mask.shape} must be (N, K) = {shape}')
    return mask


def mean_where(values: np.ndarray, mask: np.ndarray, axis=None):
    """Mean of the masked-in values; NaN where there are none."""
    count = mask.sum(axis=axis)
    total = np.where(mask, values, 0).sum(axis=axis)
    nothing = np.full(np.shape(total), np.nan)
    return np.divide(total, count, out=nothing, where=count > 0)[()]


def mean_known(values, axis=None):
    """Mean of the values that are not NaN; NaN where there are none."""
    values = np.asarray(values, dtype=np.float64)
    return mean_where(values, ~np.isnan(values), axis=axis)


def share_within(distance, mask, thr, per_landmark):
    """Share of the distances, (N, K) in any unit, up to ``thr``.

    Args:
        mask (np.ndarray): (N, K) bool, the landmarks that take part.
        thr (float | np.ndarray): Inclusive; (T,) of them for a curve.
        per_landmark (bool): One share per landmark and not one over all.

    Returns:
        float | np.ndarray: Shares in 0..1, NaN where nothing takes part:
        a number or (T,) overall, (K,) or (T, K) per landmark.
    """
    found = distance <= np.asarray(thr)[..., None, None]  # (N, K), (T, N, K)
    axis = -2 if per_landmark else (-2, -1)
    return mean_where(found, np.broadcast_to(mask, found.shape), axis)
