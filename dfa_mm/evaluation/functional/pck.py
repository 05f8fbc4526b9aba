"""Percentage of correct keypoints, PCK (Sapp and Taskar, MODEC, CVPR 2013):
the distance is measured in lengths of the sample's own torso."""

import numpy as np

from .detected_landmarks import share_within
from .normalized_error import normalized_error, usable_norm


def percentage_correct_keypoints(
    pred, gt, mask, reference_length, thr
) -> np.ndarray:
    """Share of every landmark within ``thr`` x its sample's length.

    Args:
        pred (np.ndarray): Predicted landmarks (N, K, 2), any frame. Not
            finite counts as wrong.
        gt (np.ndarray): True landmarks (N, K, 2), the same frame.
        mask (np.ndarray): (N, K), true where a landmark takes part.
        reference_length (np.ndarray): (N,) in the frame's unit. A sample
            without a positive, finite length takes no part.
        thr (float | np.ndarray): Share of the length, inclusive, or (T,) of
            them for a curve.

    Returns:
        np.ndarray: (K,) or (T, K) shares in 0..1; NaN for a landmark that
        no sample has.

    Raises:
        ValueError: If the shapes do not fit.
    """
    length = np.asarray(reference_length, dtype=np.float64)
    if length.shape != np.shape(pred)[:1]:
        raise ValueError(
            f'reference_length {length.shape} must be (N,), with N of pred '
            f'{np.shape(pred)}'
        )
    distance = normalized_error(pred, gt, mask, np.ones(len(length)))
    # Divided last: an error of exactly 20 of 100 is then exactly 0.2.
    errors = distance / np.where(usable_norm(length), length, np.nan)[:, None]
    return share_within(errors, ~np.isnan(errors), thr, per_landmark=True)


def area_under_curve(thresholds, shares) -> float:
    """Mean height of a curve, by the trapezoid rule.

    Args:
        thresholds (np.ndarray): (T,) ascending, T > 1.
        shares (np.ndarray): (T,) in 0..1.

    Returns:
        float: In 0..1, whatever the thresholds' range; NaN for a curve that
        has one.
    """
    thresholds, shares = np.asarray(thresholds), np.asarray(shares)
    if thresholds.shape != shares.shape or thresholds.size < 2:
        raise ValueError(
            f'thresholds {thresholds.shape} and shares {shares.shape} must '
            'both be (T,) with T > 1'
        )
    width = np.diff(thresholds)
    height = (shares[1:] + shares[:-1]) / 2
    return float((width * height).sum() / width.sum())
