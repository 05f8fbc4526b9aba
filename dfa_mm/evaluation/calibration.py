"""Expected calibration error, ECE (Guo et al., *On Calibration of Modern
Neural Networks*, ICML 2017, Eq. 3)."""

import numpy as np

BINS = 15  # as there


def expected_calibration_error(confidence, correct, bins: int = BINS) -> float:
    """``sum_m |B_m| / n * |share correct in B_m - mean confidence in B_m|``.

    B_m are the predictions whose confidence lies in ((m - 1) / M, m / M], for
    m = 1 .. M; bins without one take no part.

    Args:
        confidence (np.ndarray): Probability in 0..1 of what is predicted, of
            any shape; NaN takes no part.
        correct (np.ndarray): Bool of the same shape.
        bins (int): M.

    Returns:
        float: In 0..1; NaN where nothing takes part.
    """
    confidence = np.asarray(confidence, dtype=np.float64)
    correct = np.asarray(correct, dtype=bool)
    if confidence.shape != correct.shape:
        raise ValueError(
            f'confidence {confidence.shape} and correct {correct.shape} must '
            'have the same shape'
        )
    known = ~np.isnan(confidence)
    confidence, correct = confidence[known], correct[known]
    if not confidence.size:
        return float('nan')
    edges = np.arange(1, bins) / bins
    # side left: a confidence on an edge belongs to the bin below it
    chosen = np.searchsorted(edges, confidence, side='left')
    # |B_m| times the gap is the gap of the sums
    gaps = np.bincount(chosen, correct - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / confidence.size)
