"""Strict percentage of correct parts, PCP (paper, Sect. 4.3, Table 4)."""

import numpy as np

from ._shapes import as_landmarks, mean_where


def correct_sticks(pred, gt, limbs, thr: float = 0.5) -> np.ndarray:
    """Which sticks are right: *both* ends within ``thr`` x true length.

    The loose variant, which averages the two ends, gives higher numbers and
    is not this one. A true stick of length zero is right only when both
    predicted ends are exactly on it.

    Args:
        pred (np.ndarray): Predicted joints (N, K, 2), any frame.
        gt (np.ndarray): True joints (N, K, 2), the same frame.
        limbs (np.ndarray): (L, 2) indices of the two ends of every stick.
        thr (float): Share of the true stick's length.

    Returns:
        np.ndarray: (N, L) bool; false where an end is not finite.

    Raises:
        ValueError: If the shapes do not fit.
    """
    pred, gt = as_landmarks(pred, gt)
    limbs = _as_limbs(limbs)
    true_ends = gt[:, limbs]  # (N, L, 2 ends, 2)
    with np.errstate(invalid='ignore'):
        length = np.linalg.norm(
            true_ends[..., 0, :] - true_ends[..., 1, :], axis=-1
        )
        distance = np.linalg.norm(pred[:, limbs] - true_ends, axis=-1)
        return (distance <= thr * length[..., None]).all(axis=-1)


def strict_pcp(pred, gt, limbs, thr: float = 0.5) -> np.ndarray:
    """Share (L,) of right sticks, see :func:`correct_sticks`.

    A stick with an end of unknown truth (NaN) takes no part; NaN where a
    stick is known in no sample.
    """
    pred, gt = as_landmarks(pred, gt)
    ends = gt[:, _as_limbs(limbs)]
    known = np.isfinite(ends).all(axis=(-2, -1))
    return mean_where(correct_sticks(pred, gt, limbs, thr), known, axis=0)


def _as_limbs(limbs) -> np.ndarray:
    limbs = np.asarray(limbs, dtype=np.int64)
    if limbs.ndim != 2 or limbs.shape[1] != 2:
        raise ValueError(f'limbs {limbs.shape} must be (L, 2)')
    return limbs
