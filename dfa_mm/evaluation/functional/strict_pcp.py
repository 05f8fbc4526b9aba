"""Percentage of correct parts, PCP: strict (paper, Sect. 4.3, Table 4) and
loose; numbers of the two must not be compared."""

import numpy as np

from ._shapes import as_landmarks, mean_where


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

    Raises:
        ValueError: If a stick is not two ends of at least one joint.
    """
    joints = np.asarray(joints, dtype=np.float64)
    sticks = _as_sticks(sticks)
    with np.errstate(invalid='ignore'):
        ends = [
            joints[:, end].mean(axis=1) for stick in sticks for end in stick
        ]
    shape = len(sticks), 2, len(joints), 2
    return np.reshape(ends, shape).transpose(2, 0, 1, 3)


def stick_lengths(joints, sticks) -> np.ndarray:
    """Length (N, L) of every stick; NaN where an end is not finite."""
    ends = stick_ends(joints, sticks)
    with np.errstate(invalid='ignore'):
        length = np.linalg.norm(ends[..., 0, :] - ends[..., 1, :], axis=-1)
    return np.where(np.isfinite(length), length, np.nan)


def correct_sticks(pred, gt, limbs, thr: float = 0.5) -> np.ndarray:
    """Which sticks are right: *both* ends within ``thr`` x true length.

    The loose variant, :func:`correct_sticks_loose`, gives higher numbers. A
    true stick of length zero is right only when both predicted ends are
    exactly on it.

    Args:
        pred (np.ndarray): Predicted joints (N, K, 2), any frame.
        gt (np.ndarray): True joints (N, K, 2), the same frame.
        limbs (np.ndarray | Sequence): (L, 2) indices of the two ends of
            every stick, or sticks as in :func:`stick_ends`.
        thr (float): Share of the true stick's length.

    Returns:
        np.ndarray: (N, L) bool; false where an end is not finite.

    Raises:
        ValueError: If the shapes do not fit.
    """
    distance, length = _errors_and_lengths(pred, gt, limbs)
    return (distance <= thr * length[..., None]).all(axis=-1)


def correct_sticks_loose(pred, gt, limbs, thr: float = 0.5) -> np.ndarray:
    """Which sticks are right: the *mean* of both ends' distances counts.

    Every stick that is right strictly is right loosely, too. Arguments and
    result as in :func:`correct_sticks`.
    """
    distance, length = _errors_and_lengths(pred, gt, limbs)
    return distance.mean(axis=-1) <= thr * length


def strict_pcp(pred, gt, limbs, thr: float = 0.5) -> np.ndarray:
    """Share (L,) of right sticks, see :func:`correct_sticks`.

    A stick with an end of unknown truth (NaN) takes no part; NaN where a
    stick is known in no sample.
    """
    return _share(correct_sticks(pred, gt, limbs, thr), gt, limbs)


def loose_pcp(pred, gt, limbs, thr: float = 0.5) -> np.ndarray:
    """:func:`strict_pcp` with :func:`correct_sticks_loose`."""
    return _share(correct_sticks_loose(pred, gt, limbs, thr), gt, limbs)


def _share(right: np.ndarray, gt, limbs) -> np.ndarray:
    known = np.isfinite(stick_lengths(gt, limbs))
    return mean_where(right, known, axis=0)


def _errors_and_lengths(pred, gt, limbs) -> tuple[np.ndarray, np.ndarray]:
    """Distances of the ends (N, L, 2) and true lengths (N, L)."""
    pred, gt = as_landmarks(pred, gt)
    with np.errstate(invalid='ignore'):
        difference = stick_ends(pred, limbs) - stick_ends(gt, limbs)
        distance = np.linalg.norm(difference, axis=-1)
    return distance, stick_lengths(gt, limbs)


def _as_sticks(sticks) -> list[list[np.ndarray]]:
    """L pairs of ends, each (J,) indices."""
    return [_as_ends(i, stick) for i, stick in enumerate(sticks)]


def _as_ends(i: int, stick) -> list[np.ndarray]:
    ends = [
        np.atleast_1d(np.asarray(end, dtype=np.int64))
        for end in (stick if np.iterable(stick) else ())
    ]
    if len(ends) != 2 or not all(map(len, ends)):
        raise ValueError(
            f'stick {i}, {stick!r}, must have two ends of at least one joint'
        )
    return ends
