"""What a model says of one garment, in words and for JSON."""

from typing import List, Optional, Sequence

import numpy as np
from mmengine.structures import InstanceData

from dfa_mm.evaluation import to_plain
from dfa_mm.evaluation.records import BRANCHES
from dfa_mm.structures import FLD_SETS, Visibility, has_position

from .errors import InputError

# of the picture's long side: a tenth of a usual error of a landmark
_EDGE = 0.005
STATE_NAMES = {
    Visibility.VISIBLE: 'visible',
    Visibility.OCCLUDED: 'occluded',
    Visibility.TRUNCATED: 'cut off',
}


def hidden_slots(
    meta: dict, clothes_type: Optional[str]
) -> Optional[np.ndarray]:
    """(K,) bool: the landmarks that garments of a type do not have.

    ``None`` of no type: the model tells.

    Raises:
        InputError: If the model does not know the type's landmarks.
    """
    if clothes_type is None:
        return None
    names = set(FLD_SETS[clothes_type].landmarks)
    known = [meta['keypoint_id2name'][k] for k in range(meta['num_keypoints'])]
    if not names <= set(known):
        raise InputError(
            f'the model does not know the landmarks of {clothes_type} '
            f'clothes, only {", ".join(known)}'
        )
    return np.array([name not in names for name in known])


def complete(
    pred: InstanceData, hidden: Optional[np.ndarray] = None
) -> InstanceData:
    """Fill in what a model without states or stages does not predict.

    What is absent in the end is absent in every stage.

    Args:
        pred (InstanceData): N garments; is changed and returned.
        hidden (np.ndarray, optional): (K,) bool, slots that are ``ABSENT``
            and, by that, the others are not: who says which type of clothes
            it is knows better than the model.
    """
    if 'landmark_visibility' not in pred:
        shape = pred.keypoints.shape[:2]
        pred.landmark_visibility = np.full(shape, int(Visibility.VISIBLE))
    if 'stage_keypoints' not in pred:
        pred.stage_keypoints = pred.keypoints[:, None]
        pred.stage_visibility = pred.landmark_visibility[:, None]
    states = pred.landmark_visibility
    absent = states == int(Visibility.ABSENT)
    if hidden is not None:
        # the model's states of the landmarks that it took for absent
        states = np.where(absent, pred.stage_visibility[:, -1], states)
        absent = np.broadcast_to(hidden, states.shape)
    pred.landmark_visibility = np.where(absent, int(Visibility.ABSENT), states)
    pred.stage_visibility = np.where(
        absent[:, None], int(Visibility.ABSENT), pred.stage_visibility
    )
    return pred


def keep_within(pred: InstanceData, size: Sequence[int]) -> InstanceData:
    """What lies outside of the picture is not seen: it is cut off.

    What lies outside by less than a network can tell is put on the edge.

    Args:
        pred (InstanceData): N garments; is changed and returned. Without
            states nothing is said to be seen.
        size (Sequence[int]): Width and height of the picture in pixels.
    """
    last = np.array(size) - 1.0  # the centre of the last pixel
    tolerance = _EDGE * max(size)
    for points, states in (
        ('keypoints', 'landmark_visibility'),
        ('stage_keypoints', 'stage_visibility'),
    ):
        if states not in pred:
            continue
        inside = pred[points].clip(0, last)
        beyond = np.abs(pred[points] - inside).max(axis=-1) > tolerance
        told = pred[states]
        beyond &= has_position(told)
        told = np.where(beyond, int(Visibility.TRUNCATED), told)
        pred.set_field(told, states)
        kept = has_position(told)[..., None]
        pred.set_field(np.where(kept, inside, pred[points]), points)
    return pred


def branch_name(pred: InstanceData) -> Optional[str]:
    """``easy`` or ``hard``; ``None`` where there was no choice."""
    branch = pred.get('branch')
    return None if branch is None else BRANCHES.get(int(branch[0]))


def landmark_rows(pred: InstanceData, meta: dict) -> List[dict]:
    """Name, x, y, state and the state's probability, absent slots left out.

    A landmark that is cut off has no position: x and y are ``None``. Without
    predicted states the state is, and the probability is the landmark's
    score.

    Args:
        pred (InstanceData): Of one garment, :func:`complete`.
        meta (dict): ``LandmarkSet.metainfo()``.
    """
    states = pred.landmark_visibility[0]
    scores = pred.get('visibility_scores')
    rows = []
    for k in np.flatnonzero(states != Visibility.ABSENT):
        x, y = pred.keypoints[0, k] if has_position(states[k]) else (None,) * 2
        state, probability = None, pred.keypoint_scores[0, k]
        if scores is not None:
            state = STATE_NAMES[states[k]]
            probability = scores[0, k, states[k]]
        name = meta['keypoint_id2name'][int(k)]
        rows.append(
            dict(name=name, x=x, y=y, state=state, probability=probability)
        )
    return to_plain(rows)
