import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

from ..functional import (
    confusion_matrix,
    recall_by_state,
    visibility_accuracy,
)
from .landmark_metric import LandmarkMetric, with_groups
from .records import FINAL, Records

STATES = [Visibility(i).name.lower() for i in range(NUM_VISIBILITY_STATES)]


@METRICS.register_module()
class VisibilityAccuracy(LandmarkMetric):
    """Share of the landmarks whose state (three ways) is predicted right.

    Absent slots take no part, nor do data sets that do not label the states.
    A model that predicts no visibility gives no number and an empty report.

    Log: ``visibility_accuracy``, after the last stage.

    Report: ``states`` (order of the matrix) and ``stages``: stage ->
    ``accuracy``, ``count`` (landmarks), ``confusion`` (rows are the truth),
    ``recall`` by true state, ``landmark``; the same for every clothes type,
    variation and branch.
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
        return {
            'states': STATES,
            'stages': {
                stage: self._describe(records, states, truth)
                for stage, states in records.states.items()
            },
        }

    def summary(self, report: dict) -> dict:
        if not report:
            return {}
        accuracy = report['stages'][FINAL]['accuracy']
        return {'visibility_accuracy': accuracy}

    def _describe(self, records, states, truth) -> dict:
        def describe(chosen):
            pair = states[chosen], truth[chosen]
            matrix = confusion_matrix(*pair)
            return {
                'accuracy': visibility_accuracy(*pair),
                'count': matrix.sum(),
                'confusion': matrix,
                'recall': dict(zip(STATES, recall_by_state(matrix))),
                'landmark': self.by_landmark(
                    visibility_accuracy(*pair, per_landmark=True)
                ),
            }

        return with_groups(records, describe)
