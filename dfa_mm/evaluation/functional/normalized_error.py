"""Normalised error, NE (paper, Sect. 4)."""

import numpy as np

from ._shapes import as_landmarks, as_mask, mean_known


def usable_norm(norm: np.ndarray) -> np.ndarray:
    """(N,) bool: samples whose norm, (N,) or (N, 2), can be divided by."""
    norm = np.asarray(norm, dtype=np.float64)
    norm = norm.reshape(len(norm), -1 if norm.size else 1)
    return (np.isfinite(norm) & (norm > 0)).all(axis=1)


def normalized_error(pred, gt, mask, norm) -> np.ndarray:
    """``|| (pred - gt) / norm ||_2`` for every landmark of every sample.

    Args:
        pred (np.ndarray): Predicted landmarks (N, K, 2), any frame.
        gt (np.ndarray): True landmarks (N, K, 2), the same frame.
        mask (np.ndarray): (N, K), true where a landmark takes part.
        norm (np.ndarray): Length that counts as one, in the frame's unit:
            (N,), or (N, 2) to divide x and y by different lengths.

    Returns:
        np.ndarray: (N, K) in units of ``norm``. NaN where masked, where the
        truth is not finite, and for every landmark of a sample whose norm is
        not positive and finite. A prediction that is not finite is an
        infinite error: a diverged model must not score by being left out.

    Raises:
        ValueError: If the shapes do not fit.
    """
    pred, gt = as_landmarks(pred, gt)
    mask = as_mask(mask, pred.shape[:2])
    norm = np.asarray(norm, dtype=np.float64)
    if norm.shape not in (pred.shape[:1], (pred.shape[0], 2)):
        raise ValueError(
            f'norm {norm.shape} must be (N,) or (N, 2) with N = '
            f'{pred.shape[0]}, as in pred {pred.shape}'
        )
    usable = usable_norm(norm)
    lengths = norm[:, None, None] if norm.ndim == 1 else norm[:, None]
    lengths = np.where(usable[:, None, None], lengths, 1.0)

    known = mask & usable[:, None] & np.isfinite(gt).all(axis=-1)
    given = known & np.isfinite(pred).all(axis=-1)
    difference = np.subtract(
        pred, gt, out=np.zeros_like(pred), where=given[..., None]
    )
    errors = np.linalg.norm(difference / lengths, axis=-1)
    return np.where(known, np.where(given, errors, np.inf), np.nan)


def mean_normalized_error(errors) -> tuple[np.ndarray, float]:
    """Average per landmark over samples, then over landmarks.

    A landmark that no sample has is NaN and is left out of the mean; the
    mean is NaN when there is none at all.

    Args:
        errors (np.ndarray): (N, K) with NaN where a landmark takes no part.

    Returns:
        tuple[np.ndarray, float]: (K,) and the mean of its numbers.
    """
    errors = np.asarray(errors, dtype=np.float64)
    if errors.ndim != 2:
        raise ValueError(f'errors {errors.shape} must be (N, K)')
    per_landmark = mean_known(errors, axis=0)
    return per_landmark, float(mean_known(per_landmark))
