"""Fits a stage's :class:`VisibilityCalibration` to validation predictions.

M landmarks that their garments have, of any pictures: probabilities (M, 3)
and true states (M,).
"""

from collections.abc import Iterator
from itertools import product

import numpy as np

from dfa_mm.evaluation.calibration import expected_calibration_error
from dfa_mm.models.visibility_calibration import calibrate, log_scores
from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

LEAST_VISIBLE = 0.92
# of a state at most so many, and so far beyond where one more is found
_TRIALS, _BEYOND = 200, 1e-4
_TEMPERATURES = np.geomspace(1 / 4, 4, 81)


def fit_temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """The one with which the likeliest states' calibration error is least."""
    right = scores.argmax(1) == truth
    errors = [
        expected_calibration_error(calibrate(scores, each).max(1), right)
        for each in _TEMPERATURES
    ]
    return float(_TEMPERATURES[np.argmin(errors)])


def fit_biases(
    scores: np.ndarray,
    truth: np.ndarray,
    parts: np.ndarray,
    least_visible: float = LEAST_VISIBLE,
) -> np.ndarray:
    """Biases (3,) that find most of what is occluded and cut off.

    Of those with which in every part of the data a share ``least_visible`` of
    the visible landmarks is still told, and no fewer states are right in all
    than without biases: first none of the two states may be found less often
    than without biases, then their mean recall is the highest, then the
    accuracy. A state that few landmarks have would otherwise be found at the
    price of many that do not have it. The bias of visible is 0, as is that of
    a state that the data do not have; all are 0 where none keep so many.

    Args:
        scores (np.ndarray), truth (np.ndarray): See above; calibrated.
        parts (np.ndarray): (M,) number of the data set that each is of.
        least_visible (float): In 0..1.
    """
    logits = log_scores(scores)
    hidden = [
        state
        for state in (Visibility.OCCLUDED, Visibility.TRUNCATED)
        if (truth == state).any()
    ]
    visible = truth == Visibility.VISIBLE
    # (M,) bool each
    sought = [truth == state for state in hidden]
    kept = [visible & (parts == part) for part in np.unique(parts[visible])]

    def recalls(biases: np.ndarray, groups: list) -> np.ndarray:
        right = (logits + biases).argmax(1) == truth
        return np.array(
            [right[group].mean() for group in [*groups, slice(None)]]
        )

    before = recalls(np.zeros(3), sought)
    best, found = None, np.zeros(3)
    for biases in _trials(logits, truth, hidden):
        if (recalls(biases, kept)[:-1] < least_visible).any():
            continue
        *now, accuracy = recalls(biases, sought)
        if accuracy < before[-1]:
            continue
        lost = np.maximum(before[:-1] - now, 0).sum()
        score = -lost, np.sum(now), accuracy
        if best is None or score > best:
            best, found = score, biases
    return found


def _trials(
    logits: np.ndarray, truth: np.ndarray, hidden: list
) -> Iterator[np.ndarray]:
    """Biases (3,) with each of which one more is found; none at all first."""
    steps = [np.zeros(1)] * NUM_VISIBILITY_STATES
    for state in hidden:
        own = logits[truth == state]
        others = np.delete(own, state, axis=1).max(1)
        margins = np.stack([own[:, Visibility.VISIBLE], others])
        margins = np.unique(margins - own[:, state]) + _BEYOND
        if len(margins) > _TRIALS:
            shares = np.linspace(0, 1, _TRIALS)
            margins = np.quantile(margins, shares, method='higher')
        steps[state] = np.append(0, margins)
    return map(np.array, product(*steps))
