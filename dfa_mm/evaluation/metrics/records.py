"""From data samples to the arrays the metrics compute with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np

from dfa_mm.structures import (
    CLOTHES_TYPES,
    VARIATION_TYPES,
    Visibility,
    has_position,
)

FINAL = 'final'
BRANCHES = {0: 'easy', 1: 'hard'}
GROUP_NAMES = {
    'clothes_type': CLOTHES_TYPES,
    'variation': VARIATION_TYPES,
    'branch': BRANCHES,
}
_UNKNOWN = -1


@dataclass(frozen=True)
class Records:
    """N evaluated garments, in pixels of their original images.

    Args:
        landmarks (dict[str, np.ndarray]): Stage to (N, K, 2); ``'final'`` is
            always there, ``'stage1'`` ... only for a cascade.
        states (dict[str, np.ndarray]): Stage to predicted visibility (N, K);
            empty for a model that predicts none.
        truth (np.ndarray): (N, K, 2).
        true_states (np.ndarray): (N, K) visibility codes.
        states_labelled (np.ndarray): (N,) bool; false where the data set
            only says whether there is a position.
        boxes (np.ndarray): (N, 4) x1 y1 x2 y2.
        image_sizes (np.ndarray): (N, 2) width, height.
        groups (dict[str, dict[str, np.ndarray]]): Grouping (clothes type,
            variation, branch) to group name to (N,) bool.
        presence (np.ndarray, optional): (N, K) probabilities that a garment
            has a landmark, of a model that predicts them.
    """

    landmarks: dict[str, np.ndarray]
    states: dict[str, np.ndarray]
    truth: np.ndarray
    true_states: np.ndarray
    states_labelled: np.ndarray
    boxes: np.ndarray
    image_sizes: np.ndarray
    groups: dict[str, dict[str, np.ndarray]]
    presence: Optional[np.ndarray] = None

    @property
    def known_truth(self) -> np.ndarray:
        """``truth``, NaN where a landmark has no position."""
        known = has_position(self.true_states)
        return np.where(known[..., None], self.truth, np.nan)


def read_record(data_sample: dict) -> dict:
    """One garment of MMEngine's data-sample dict, as plain numpy.

    Without ``landmark_visibility`` (another data set than ours) a landmark
    that MMPose calls visible counts as ``VISIBLE``, any other as ``ABSENT``.
    """
    pred, gt = data_sample['pred_instances'], data_sample['gt_instances']
    true_states = _first(gt, 'landmark_visibility')
    height, width = data_sample['ori_shape'][:2]
    branch = _first(pred, 'branch')
    return dict(
        landmarks=_by_stage(pred, 'stage_keypoints', 'keypoints'),
        states=_by_stage(pred, 'stage_visibility', 'landmark_visibility'),
        truth=_first(gt, 'keypoints')[..., :2],
        true_states=(
            _states_from_flags(_first(gt, 'keypoints_visible'))
            if true_states is None
            else true_states.astype(np.int64)
        ),
        states_labelled=true_states is not None,
        box=_first(gt, 'bboxes'),
        image_size=np.array([width, height], dtype=np.float64),
        clothes_type=_code(data_sample.get('clothes_type')),
        variation=_code(data_sample.get('variation_type')),
        branch=_code(branch),
        presence=_first(pred, 'presence_scores'),
    )


def stack_records(records: Sequence[dict]) -> Records:
    """Axis N first; groups without a member are left out.

    Raises:
        ValueError: If the records disagree in shape or in their stages.
    """

    def stack(key):
        return np.stack([record[key] for record in records])

    def stack_stages(key):
        stages = [tuple(record[key]) for record in records]
        if len(set(stages)) != 1:
            raise ValueError(f'samples disagree in {key}: {set(stages)}')
        return {
            stage: np.stack([record[key][stage] for record in records])
            for stage in stages[0]
        }

    return Records(
        landmarks=stack_stages('landmarks'),
        states=stack_stages('states'),
        truth=stack('truth'),
        true_states=stack('true_states'),
        states_labelled=stack('states_labelled'),
        boxes=stack('box'),
        image_sizes=stack('image_size'),
        groups={
            key: _members(stack(key), names)
            for key, names in GROUP_NAMES.items()
        },
        presence=None
        if any(record['presence'] is None for record in records)
        else stack('presence'),
    )


def _members(codes: np.ndarray, names: dict[int, str]):
    return {
        name: codes == code
        for code, name in names.items()
        if (codes == code).any()
    }


def _by_stage(instances: dict, stages_key: str, final_key: str) -> dict:
    """Stage name to array, from (S, K, ...) or else (K, ...).

    The last stage's is the final one: there, a state is not yet replaced by
    ``ABSENT`` where the model takes the garment for another type.
    """
    stages, final = _first(instances, stages_key), _first(instances, final_key)
    table = {}
    if stages is not None:
        table = {f'stage{i}': each for i, each in enumerate(stages, start=1)}
        final = stages[-1]
    if final is not None:
        table[FINAL] = final
    return table


def _states_from_flags(flags: np.ndarray) -> np.ndarray:
    # MMPose's codecs may widen the flags to (K, 2) with weights behind.
    flags = flags[..., 0] if flags.ndim == 2 else flags
    return np.where(flags > 0, Visibility.VISIBLE, Visibility.ABSENT)


def _first(instances: dict, key: str):
    """The only instance's entry as numpy, None where the field is missing.

    Raises:
        ValueError: If the sample holds more instances than one.
    """
    if key not in instances:
        return None
    value = instances[key]
    value = value.detach().cpu() if hasattr(value, 'detach') else value
    value = np.asarray(value)
    if len(value) != 1:
        raise ValueError(
            f'{key} {value.shape} must hold one instance: the metrics expect '
            'top-down data samples'
        )
    return value[0]


def _code(value) -> int:
    return _UNKNOWN if value is None else int(np.asarray(value).item())
