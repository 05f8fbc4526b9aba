"""Accuracy of the three-way visibility prediction."""

import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

from .calibration import BINS, expected_calibration_error
from .landmark_metric import LandmarkMetric
from .means import mean_where
from .records import FINAL, Records

STATES = [Visibility(i).name.lower() for i in range(NUM_VISIBILITY_STATES)]


def visibility_accuracy(pred, gt, per_landmark: bool = False):
    """Share, in 0..1, of the landmarks whose state is predicted right.

    Both are states (N, K); what is truly ``ABSENT`` takes no part. With
    ``per_landmark`` (K,) shares and not one over all; NaN where nothing takes
    part.
    """
    pred, gt = _as_states(pred, gt)
    axis = 0 if per_landmark else None
    return mean_where(pred == gt, gt != Visibility.ABSENT, axis)


def confusion_matrix(pred, gt) -> np.ndarray:
    """Counts (3, 3): row = true state, column = predicted state.

    Both are states (N, K); what is truly ``ABSENT`` takes no part.

    Raises:
        ValueError: If a state that takes part is none of the three.
    """
    pred, gt = _as_states(pred, gt)
    taking_part = gt != Visibility.ABSENT
    rows, columns = gt[taking_part], pred[taking_part]
    for name, states in (('gt', rows), ('pred', columns)):
        wrong = (states < 0) | (states >= NUM_VISIBILITY_STATES)
        if wrong.any():
            raise ValueError(
                f'{name} holds state {states[wrong][0]}, which is none of '
                f'{dict(enumerate(STATES))}'
            )
    counts = np.zeros((NUM_VISIBILITY_STATES,) * 2, dtype=np.int64)
    np.add.at(counts, (rows, columns), 1)
    return counts


def recall_by_state(matrix: np.ndarray) -> np.ndarray:
    """Share (3,) of each true state that was recognised; NaN if none.

    Most landmarks are visible, so accuracy alone says little.
    """
    with np.errstate(invalid='ignore'):
        return np.diag(matrix) / matrix.sum(axis=1)


def visibility_calibration_error(scores, pred, gt) -> float:
    """ECE of the states told; what is truly ``ABSENT`` takes no part.

    Of probabilities (N, K, 3) and states (N, K). The confidence is that of
    the state told, which need not be the likeliest.
    """
    pred, gt = _as_states(pred, gt)
    told = np.take_along_axis(
        np.asarray(scores, np.float64), pred[..., None], axis=-1
    )[..., 0]
    part = gt != Visibility.ABSENT
    return expected_calibration_error(told[part], (pred == gt)[part])


def _as_states(pred, gt) -> tuple[np.ndarray, np.ndarray]:
    pred = np.asarray(pred).astype(np.int64)
    gt = np.asarray(gt).astype(np.int64)
    if pred.shape != gt.shape or pred.ndim != 2:
        raise ValueError(
            f'pred {pred.shape} and gt {gt.shape} must both be (N, K)'
        )
    return pred, gt


@METRICS.register_module()
class VisibilityAccuracy(LandmarkMetric):
    """Share of the landmarks whose state (three ways) is predicted right.

    Absent slots take no part, nor do data sets that do not label the states.
    A model that predicts no visibility gives no number and an empty report.

    Log: ``visibility_accuracy``, and of every true state ``recall/visible``
    ... that there is, after the last stage.

    Report: ``states`` (order of the matrix), ``ece_bins`` and ``stages``:
    stage -> ``accuracy``, ``count`` (landmarks), ``confusion`` (rows are the
    truth), ``recall`` by true state, ``ece`` (expected calibration error,
    ``None`` without probabilities), ``landmark``; the same for every clothes
    type, variation and branch.
    """

    name = 'visibility'

    def make_report(self, records: Records) -> dict:
        if not records.states:
            return {}
        truth = np.where(
            records.states_labelled[:, None],
            records.true_states,
            Visibility.ABSENT,
        )
        unknown = np.full((*truth.shape, NUM_VISIBILITY_STATES), np.nan)
        stages = {
            stage: records.by_group(
                self._describe,
                states,
                truth,
                records.state_scores.get(stage, unknown),
            )
            for stage, states in records.states.items()
        }
        return {'states': STATES, 'ece_bins': BINS, 'stages': stages}

    def _describe(self, pred, gt, scores) -> dict:
        matrix = confusion_matrix(pred, gt)
        return {
            'accuracy': visibility_accuracy(pred, gt),
            'count': matrix.sum(),
            'confusion': matrix,
            'recall': dict(zip(STATES, recall_by_state(matrix))),
            'ece': visibility_calibration_error(scores, pred, gt),
            'landmark': self.by_landmark(
                visibility_accuracy(pred, gt, per_landmark=True)
            ),
        }

    def summary(self, report: dict) -> dict:
        if not report:
            return {}
        final = report['stages'][FINAL]
        recall = {
            f'recall/{state}': share
            for state, share in final['recall'].items()
            if not np.isnan(share)
        }
        return {'visibility_accuracy': final['accuracy'], **recall}
