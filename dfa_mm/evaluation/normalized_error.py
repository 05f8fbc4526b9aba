"""Normalised error, NE (paper, Sect. 4)."""

from functools import partial

import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import Visibility, has_position

from .landmark_metric import LandmarkMetric, of_stages
from .means import as_landmarks, as_mask, mean_known
from .protocols import PROTOCOLS, is_visible
from .records import FINAL, Records
from .tail import describe_tail


def usable_norm(norm: np.ndarray) -> np.ndarray:
    """(N,) bool: samples whose norm, (N,) or (N, 2), can be divided by."""
    norm = np.asarray(norm, dtype=np.float64)
    norm = norm[:, None] if norm.ndim == 1 else norm
    return (np.isfinite(norm) & (norm > 0)).all(axis=1)


def normalized_error(pred, gt, mask, norm) -> np.ndarray:
    """``|| (pred - gt) / norm ||_2`` for every landmark of every sample.

    Args:
        pred (np.ndarray), gt (np.ndarray): Landmarks (N, K, 2), any frame.
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
            f'norm {norm.shape} must be (N,) or (N, 2) with N = {len(pred)}, '
            f'as in pred {pred.shape}'
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
    """Means (K,) of errors (N, K) over samples, and the mean of those.

    NaN takes no part, nor does a landmark that no sample has; the mean is
    NaN when there is none at all.
    """
    per_landmark = mean_known(errors, axis=0)
    return per_landmark, float(mean_known(per_landmark))


# Whose errors are described apart, from true states (N, K) to (N, K) bool.
STATES_APART = {
    'visible': is_visible,
    'occluded': lambda states: states == Visibility.OCCLUDED,
    'all': has_position,
}


@METRICS.register_module()
class NormalizedError(LandmarkMetric):
    """NE under every protocol of :mod:`.protocols`.

    Log: ``NE/image``, ``NE/box``, ``NE/square``, and ``NE/box/stage1`` ...
    for a cascade. Lower is better: ``save_best='NE/box', rule='less'``.
    ``NE/gross`` is the share of the visible landmarks whose error is beyond
    0.15 of the box.

    Report: protocol -> stage -> ``mean``, ``count`` (samples with a landmark
    that takes part), ``landmark``, and the same for every clothes type,
    variation and branch; ``unusable`` counts the samples left out because
    their box or image has no size. Under ``box`` also ``tail``: of
    ``visible``, ``occluded`` and ``all`` landmarks that have a position the
    numbers of :func:`describe_tail`, and the same by ``landmark``.
    """

    name = 'NE'

    def make_report(self, records: Records) -> dict:
        return {
            name: records.by_stage(
                partial(self._describe, name),
                records.landmarks,
                records.truth,
                records.true_states,
                protocol.norm(records.image_sizes, records.boxes),
            )
            for name, protocol in PROTOCOLS.items()
        }

    def _describe(self, protocol: str, pred, gt, states, norm) -> dict:
        mask = PROTOCOLS[protocol].mask(states)
        errors = normalized_error(pred, gt, mask, norm)
        per_landmark, mean = mean_normalized_error(errors)
        described = {
            'mean': mean,
            'count': (~np.isnan(errors)).any(axis=1).sum(),
            'unusable': (~usable_norm(norm)).sum(),
            'landmark': self.by_landmark(per_landmark),
        }
        if protocol == 'box':
            errors = normalized_error(pred, gt, has_position(states), norm)
            described['tail'] = {
                name: self._tail(np.where(chosen(states), errors, np.nan))
                for name, chosen in STATES_APART.items()
            }
        return described

    def _tail(self, errors: np.ndarray) -> dict:
        each = self.by_landmark(map(describe_tail, errors.T))
        return {**describe_tail(errors), 'landmark': each}

    def summary(self, report: dict) -> dict:
        final = {f'NE/{p}': report[p][FINAL]['mean'] for p in report}
        gross = report['box'][FINAL]['tail']['visible']['gross']
        # the stages under the protocol of most published numbers
        stages = of_stages('NE/box', report['box'], 'mean')
        return {**final, **stages, 'NE/gross': gross}
