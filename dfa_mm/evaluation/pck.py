"""Percentage of correct keypoints, PCK (Sapp and Taskar, MODEC, CVPR 2013):
the distance is measured in lengths of the sample's own torso."""

from collections.abc import Sequence

import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import LSP_TORSO, has_position

from .landmark_metric import LandmarkMetric, of_stages
from .means import mean_known, share_within
from .normalized_error import normalized_error, usable_norm
from .pcp import stick_lengths
from .records import Records

# Of the published LSP numbers, as is the end of the area under the curve.
THRESHOLD = 0.2
# Torso lengths; beyond THRESHOLD for the percentage of detected joints, PDJ,
# which is plotted up to 0.5.
CURVE_THRESHOLDS = np.arange(51) / 100


def percentage_correct_keypoints(
    pred, gt, mask, reference_length, thr
) -> np.ndarray:
    """Share of every landmark within ``thr`` x its sample's length.

    Args:
        pred (np.ndarray), gt (np.ndarray): Landmarks (N, K, 2), any frame.
            A prediction that is not finite counts as wrong.
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
    distance = normalized_error(pred, gt, mask, np.ones_like(length))
    # Divided last: an error of exactly 20 of 100 is then exactly 0.2.
    errors = distance / np.where(usable_norm(length), length, np.nan)[:, None]
    return share_within(errors, ~np.isnan(errors), thr, per_landmark=True)


def area_under_curve(thresholds, shares) -> float:
    """Mean height of a curve (T,), T > 1, by the trapezoid rule.

    In 0..1, whatever the ascending thresholds' range; NaN for a curve that
    has one.
    """
    shares = np.asarray(shares)
    width = np.diff(thresholds)
    height = (shares[1:] + shares[:-1]) / 2
    return float((width * height).sum() / width.sum())


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
    """

    name = 'PCK'

    def make_report(self, records: Records) -> dict:
        torso = self.stick_indices([(end,) for end in LSP_TORSO])
        length = stick_lengths(records.known_truth, [torso])[:, 0]
        usable = usable_norm(length)
        return {
            'threshold': THRESHOLD,
            'thresholds': CURVE_THRESHOLDS,
            'unusable': (~usable).sum(),
            'stages': records.by_stage(
                self._describe,
                records.landmarks,
                records.truth,
                has_position(records.true_states) & usable[:, None],
                length,
            ),
        }

    def _describe(self, landmarks, truth, mask, length) -> dict:
        curves = percentage_correct_keypoints(
            landmarks, truth, mask, length, CURVE_THRESHOLDS
        )
        joints = sides_of_joints(self.landmark_names)
        # indexed like the joints: numpy then sums in the same order
        everything = list(range(curves.shape[1]))
        return {
            **_means(curves[:, everything]),
            'count': mask.sum(),
            'landmark': self.by_landmark(map(_means, curves.T[..., None])),
            'joint': {j: _means(curves[:, k]) for j, k in joints.items()},
        }

    def summary(self, report: dict) -> dict:
        return of_stages(f'PCK@{THRESHOLD}', report['stages'], 'share')


def sides_of_joints(names: Sequence[str]) -> dict[str, list[int]]:
    """Joint, its name without "left" and "right", to its landmarks' places."""
    joints = {}
    for index, name in enumerate(names):
        joint = name.removeprefix('left ').removeprefix('right ')
        joints.setdefault(joint, []).append(index)
    return joints


def _means(curves: np.ndarray) -> dict:
    """Over the landmarks of curves (T, K)."""
    curve = mean_known(curves, axis=1)
    in_range = CURVE_THRESHOLDS <= THRESHOLD
    return {
        'share': curve[in_range][-1],
        'curve': curve,
        'auc': area_under_curve(CURVE_THRESHOLDS[in_range], curve[in_range]),
    }
