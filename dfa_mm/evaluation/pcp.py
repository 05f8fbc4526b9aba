"""Percentage of correct parts, PCP: strict (paper, Sect. 4.3, Table 4) and
loose; numbers of the two must not be compared."""

from functools import partial

import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import LSP_STICK_GROUPS, LSP_STICKS

from .landmark_metric import LandmarkMetric, of_stages
from .means import as_landmarks, mean_known, mean_where
from .records import FINAL, Records

THRESHOLD = 0.5  # of the true stick's length


def stick_ends(joints, sticks) -> np.ndarray:
    """Where every stick ends: at a joint, or in the middle of several.

    Args:
        joints (np.ndarray): (N, K, 2), any frame.
        sticks (Sequence): L pairs of ends. An end is the index of a joint,
            or several indices whose mean position is the end (the torso ends
            between the hips).

    Returns:
        np.ndarray: (N, L, 2 ends, 2); not finite where a joint that makes
        up the end is not.
    """
    joints = np.asarray(joints, dtype=np.float64)
    with np.errstate(invalid='ignore'):
        ends = [
            joints[:, np.atleast_1d(end)].mean(axis=1)
            for stick in sticks
            for end in stick
        ]
    return np.stack(ends, axis=1).reshape(len(joints), len(sticks), 2, 2)


def stick_lengths(joints, sticks) -> np.ndarray:
    """Length (N, L) of every stick; NaN where an end is not finite."""
    ends = stick_ends(joints, sticks)
    with np.errstate(invalid='ignore'):
        length = np.linalg.norm(ends[..., 0, :] - ends[..., 1, :], axis=-1)
    return np.where(np.isfinite(length), length, np.nan)


def correct_sticks(pred, gt, sticks, loose=False, thr=THRESHOLD) -> np.ndarray:
    """Which sticks are right: *both* ends within ``thr`` x true length.

    Loosely, the *mean* of both ends' distances counts; what is right strictly
    is right loosely, too. A true stick of length zero is right only when both
    predicted ends are exactly on it.

    Args:
        pred (np.ndarray), gt (np.ndarray): Joints (N, K, 2), any frame.
        sticks (Sequence): L of them, see :func:`stick_ends`.
        loose (bool): The variant.
        thr (float): Share of the true stick's length, inclusive.

    Returns:
        np.ndarray: (N, L) bool; false where an end is not finite.

    Raises:
        ValueError: If the shapes do not fit.
    """
    pred, gt = as_landmarks(pred, gt)
    with np.errstate(invalid='ignore'):
        difference = stick_ends(pred, sticks) - stick_ends(gt, sticks)
        distance = np.linalg.norm(difference, axis=-1)  # (N, L, 2)
    limit = thr * stick_lengths(gt, sticks)
    if loose:
        return distance.mean(axis=-1) <= limit
    return (distance <= limit[..., None]).all(axis=-1)


def strict_pcp(pred, gt, limbs, thr=THRESHOLD) -> np.ndarray:
    """Share (L,) of right sticks, see :func:`correct_sticks`.

    A stick with an end of unknown truth (NaN) takes no part; NaN where a
    stick is known in no sample.
    """
    return _share(correct_sticks(pred, gt, limbs, thr=thr), gt, limbs)


def loose_pcp(pred, gt, limbs, thr=THRESHOLD) -> np.ndarray:
    """:func:`strict_pcp` of sticks that are right loosely."""
    right = correct_sticks(pred, gt, limbs, loose=True, thr=thr)
    return _share(right, gt, limbs)


def _share(right: np.ndarray, gt, limbs) -> np.ndarray:
    known = np.isfinite(stick_lengths(gt, limbs))
    return mean_where(right, known, axis=0)


VARIANTS = {'strict': strict_pcp, 'loose': loose_pcp}


@METRICS.register_module()
class PCP(LandmarkMetric):
    """Share of LSP's ten sticks that are right, strictly and loosely.

    Every landmark with a position takes part, seen or hidden; a stick that
    lacks one takes no part.

    Log: ``PCP/strict`` and ``PCP/loose``, means over the sticks, and
    ``PCP/strict/stage1`` ... for a cascade. Higher is better:
    ``save_best='PCP/strict', rule='greater'``.

    Report: ``threshold``, ``strict`` and ``loose`` -> stage -> ``mean``,
    ``count`` (sticks), ``stick``, ``group`` (the columns of Table 4); the
    same for every clothes type, variation and branch.
    """

    name = 'PCP'

    def make_report(self, records: Records) -> dict:
        sticks = [self.stick_indices(ends) for ends in LSP_STICKS.values()]
        report = {'threshold': THRESHOLD}
        for variant, share in VARIANTS.items():
            describe = partial(self._describe, sticks=sticks, share=share)
            report[variant] = records.by_stage(
                describe, records.landmarks, records.known_truth
            )
        return report

    def _describe(self, pred, gt, sticks, share) -> dict:
        shares = share(pred, gt, sticks)
        by_stick = dict(zip(LSP_STICKS, shares))
        return {
            'mean': mean_known(shares),
            'count': np.isfinite(stick_lengths(gt, sticks)).sum(),
            'stick': by_stick,
            'group': {
                group: mean_known([by_stick[name] for name in members])
                for group, members in LSP_STICK_GROUPS.items()
            },
        }

    def summary(self, report: dict) -> dict:
        final = {f'PCP/{v}': report[v][FINAL]['mean'] for v in VARIANTS}
        # the stages under the variant of the paper's Table 4
        return {**final, **of_stages('PCP/strict', report['strict'], 'mean')}
