from collections.abc import Sequence

import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import LSP_TORSO, has_position

from ..functional import (
    area_under_curve,
    mean_known,
    percentage_correct_keypoints,
    stick_lengths,
    usable_norm,
)
from .landmark_metric import LandmarkMetric, with_groups
from .records import FINAL, Records

# Of the published LSP numbers, as is the end of the area under the curve.
LSP_THRESHOLD = 0.2
# Torso lengths; beyond LSP_THRESHOLD for the percentage of detected joints,
# PDJ, which is plotted up to 0.5.
CURVE_THRESHOLDS = np.arange(51) / 100


@METRICS.register_module()
class TorsoPCK(LandmarkMetric):
    """Share of the landmarks within a share of the torso's true length.

    The torso of LSP: from the left shoulder to the right hip.

    Every landmark with a position takes part, seen or hidden. A sample whose
    torso has no length, or an end without a position, is left out.

    Log: ``PCK@0.2``, the mean over the landmarks, and ``PCK@0.2/stage1`` ...
    for a cascade.

    Report: ``threshold``, ``thresholds`` (of the curves), ``unusable``
    (samples left out) and ``stages``: stage -> ``share``, ``curve``, ``auc``
    (under the curve up to 0.2, in 0..1), ``count`` (landmarks), and the
    first three by ``landmark`` and by ``joint``, the mean of its left and
    right; the same for every clothes type, variation and branch.

    Args:
        thr (float): Of the log's number, in torso lengths. Defaults to 0.2.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.
    """

    name = 'PCK'

    def __init__(self, thr: float = LSP_THRESHOLD, **kwargs) -> None:
        super().__init__(**kwargs)
        self.thr = thr

    def make_report(self, records: Records) -> dict:
        torso = self.stick_indices(LSP_TORSO)
        length = stick_lengths(records.known_truth, [torso])[:, 0]
        return {
            'threshold': self.thr,
            'thresholds': CURVE_THRESHOLDS,
            'unusable': (~usable_norm(length)).sum(),
            'stages': {
                stage: self._describe(records, landmarks, length)
                for stage, landmarks in records.landmarks.items()
            },
        }

    def summary(self, report: dict) -> dict:
        name = f'PCK@{self.thr:g}'
        return {
            name if stage == FINAL else f'{name}/{stage}': described['share']
            for stage, described in report['stages'].items()
        }

    def _describe(self, records, landmarks, length) -> dict:
        mask = has_position(records.true_states) & usable_norm(length)[:, None]
        arrays = landmarks, records.truth, mask, length
        names = self.landmark_names(mask.shape[1])

        def describe(chosen):
            some = [array[chosen] for array in arrays]
            shares = percentage_correct_keypoints(*some, self.thr)
            curves = percentage_correct_keypoints(*some, CURVE_THRESHOLDS)

            def numbers(indices):
                return _numbers(shares[indices], curves[:, indices])

            return {
                **numbers(list(range(len(names)))),
                'count': mask[chosen].sum(),
                'landmark': {n: numbers([k]) for k, n in enumerate(names)},
                'joint': {
                    joint: numbers(sides)
                    for joint, sides in sides_of_joints(names).items()
                },
            }

        return with_groups(records, describe)


def sides_of_joints(names: Sequence[str]) -> dict[str, list[int]]:
    """Joint, its name without "left" and "right", to its landmarks' places."""
    joints = {}
    for index, name in enumerate(names):
        side, _, joint = name.partition(' ')
        joint = joint if side in ('left', 'right') else name
        joints.setdefault(joint, []).append(index)
    return joints


def _numbers(shares: np.ndarray, curves: np.ndarray) -> dict:
    """Means over the landmarks of shares (K,) and curves (T, K)."""
    curve = mean_known(curves, axis=1)
    in_range = CURVE_THRESHOLDS <= LSP_THRESHOLD
    return {
        'share': mean_known(shares),
        'curve': curve,
        'auc': area_under_curve(CURVE_THRESHOLDS[in_range], curve[in_range]),
    }
