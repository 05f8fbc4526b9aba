"""Shape checks shared by the metrics' pure functions."""

import numpy as np


def as_landmarks(pred, gt) -> tuple[np.ndarray, np.ndarray]:
    """Both as float64 (N, K, 2).

    Raises:
        ValueError: If either has another shape, or they differ.
    """
    pred = np.asarray(pred, dtype=np.float64)
    gt = np.asarray(gt, dtype=np.float64)
    if pred.shape != gt.shape or pred.ndim != 3 or pred.shape[-1] != 2:
        raise ValueError(
            f'pred {pred.shape} and gt {gt.shape} must both be (N, K, 2)'
        )
    return pred, gt


def as_mask(mask, shape: tuple[int, int]) -> np.ndarray:
    """The mask as boolean (N, K).

    Raises:
        ValueError: If the shape is another.
    """
    mask = np.asarray(mask, dtype=bool)
    if mask.shape != shape:
        raise ValueError(f'mask {mask.shape} must be (N, K) = {shape}')
    return mask


def as_states(pred, gt) -> tuple[np.ndarray, np.ndarray]:
    """Visibility states as int64 (N, K).

    Raises:
        ValueError: If either has another shape, or they differ.
    """
    pred = np.asarray(pred).astype(np.int64)
    gt = np.asarray(gt).astype(np.int64)
    if pred.shape != gt.shape or pred.ndim != 2:
        raise ValueError(
            f'pred {pred.shape} and gt {gt.shape} must both be (N, K)'
        )
    return pred, gt


def mean_where(values: np.ndarray, mask: np.ndarray, axis=None):
    """Mean of the masked-in values; NaN where there are none."""
    count = mask.sum(axis=axis)
    total = np.where(mask, values, 0).sum(axis=axis)
    return np.divide(
        total,
        count,
        out=np.full(np.shape(total), np.nan),
        where=count > 0,
    )


def mean_known(values, axis=None):
    """Mean of the values that are not NaN; NaN where there are none."""
    values = np.asarray(values, dtype=np.float64)
    return mean_where(values, ~np.isnan(values), axis=axis)[()]
