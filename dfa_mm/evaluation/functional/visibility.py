"""Accuracy of the three-way visibility prediction."""

import numpy as np

from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

from ._shapes import as_states, mean_where


def visibility_accuracy(pred, gt, per_landmark: bool = False):
    """Share of landmarks whose state is predicted right.

    Args:
        pred (np.ndarray): Predicted states (N, K).
        gt (np.ndarray): True states (N, K); ``ABSENT`` takes no part.
        per_landmark (bool): One share per landmark and not one over all.

    Returns:
        float | np.ndarray: A share in 0..1, or (K,) of them; NaN where
        nothing takes part.
    """
    pred, gt = as_states(pred, gt)
    taking_part = gt != Visibility.ABSENT
    if per_landmark:
        return mean_where(pred == gt, taking_part, axis=0)
    return float(mean_where(pred == gt, taking_part))


def confusion_matrix(pred, gt) -> np.ndarray:
    """Counts (3, 3): row = true state, column = predicted state.

    Args:
        pred (np.ndarray): Predicted states (N, K).
        gt (np.ndarray): True states (N, K); ``ABSENT`` takes no part.

    Raises:
        ValueError: If a state that takes part is none of the three.
    """
    pred, gt = as_states(pred, gt)
    taking_part = gt != Visibility.ABSENT
    rows, columns = gt[taking_part], pred[taking_part]
    for name, states in (('gt', rows), ('pred', columns)):
        wrong = (states < 0) | (states >= NUM_VISIBILITY_STATES)
        if wrong.any():
            raise ValueError(
                f'{name} holds state {states[wrong][0]}, not one of '
                f'0..{NUM_VISIBILITY_STATES - 1}'
            )
    cells = rows * NUM_VISIBILITY_STATES + columns
    counts = np.bincount(cells, minlength=NUM_VISIBILITY_STATES**2)
    return counts.reshape(NUM_VISIBILITY_STATES, NUM_VISIBILITY_STATES)


def recall_by_state(matrix: np.ndarray) -> np.ndarray:
    """Share (3,) of each true state that was recognised; NaN if none.

    Most landmarks are visible, so accuracy alone says little.
    """
    matrix = np.asarray(matrix)
    total = matrix.sum(axis=1)
    return np.divide(
        np.diag(matrix),
        total,
        out=np.full(len(matrix), np.nan),
        where=total > 0,
    )
