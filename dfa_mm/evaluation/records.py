"""From data samples to the arrays the metrics compute with."""

from collections.abc import Callable, Sequence
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
_ARRAYS = 'truth', 'true_states', 'states_labelled', 'boxes', 'image_sizes'


@dataclass(frozen=True)
class Records:
    """N evaluated garments, in pixels of their original images."""

    # by stage: 'final' always, 'stage1' ... only for a cascade
    landmarks: dict[str, np.ndarray]  # (N, K, 2)
    states: dict[str, np.ndarray]  # (N, K); empty if the model predicts none
    state_scores: dict[str, np.ndarray]  # (N, K, 3) probabilities, likewise
    truth: np.ndarray  # (N, K, 2)
    true_states: np.ndarray  # (N, K)
    # (N,) bool; false where only known whether there is a position
    states_labelled: np.ndarray
    boxes: np.ndarray  # (N, 4) x1 y1 x2 y2
    image_sizes: np.ndarray  # (N, 2) width, height
    codes: dict[str, np.ndarray]  # grouping of GROUP_NAMES to (N,)
    # (N, K) probabilities that a garment has a landmark, if predicted
    presence: Optional[np.ndarray]

    @property
    def known_truth(self) -> np.ndarray:
        """``truth``, NaN where a landmark has no position."""
        known = has_position(self.true_states)
        return np.where(known[..., None], self.truth, np.nan)

    def by_stage(
        self, describe: Callable[..., dict], stages: dict, *arrays
    ) -> dict[str, dict]:
        """Stage to :meth:`by_group` of its array and the others."""
        return {
            stage: self.by_group(describe, values, *arrays)
            for stage, values in stages.items()
        }

    def by_group(self, describe: Callable[..., dict], *arrays) -> dict:
        """``describe`` all garments, and every group of them under its name.

        It gets the arrays, (N, ...), or a group's part of them; groups
        without a member are left out.
        """
        described = describe(*arrays)
        for grouping, names in GROUP_NAMES.items():
            codes = self.codes[grouping]
            described[grouping] = {
                name: describe(*(array[codes == code] for array in arrays))
                for code, name in names.items()
                if (codes == code).any()
            }
        return described


def read_record(data_sample: dict) -> dict:
    """One garment of MMEngine's data-sample dict, as plain numpy.

    Without ``landmark_visibility`` (another data set than ours) a landmark
    that MMPose calls visible counts as ``VISIBLE``, any other as ``ABSENT``.
    """
    pred, gt = data_sample['pred_instances'], data_sample['gt_instances']
    states = _first(gt, 'landmark_visibility')
    labelled = states is not None
    if not labelled:
        states = _states_from_flags(_first(gt, 'keypoints_visible'))
    height, width = data_sample['ori_shape'][:2]
    return dict(
        landmarks=_by_stage(pred, 'stage_keypoints', 'keypoints'),
        states=_by_stage(pred, 'stage_visibility', 'landmark_visibility'),
        state_scores=_by_stage(
            pred, 'stage_visibility_scores', 'visibility_scores'
        ),
        truth=_first(gt, 'keypoints')[..., :2],
        true_states=states.astype(np.int64),
        states_labelled=labelled,
        boxes=_first(gt, 'bboxes'),
        image_sizes=np.array([width, height], dtype=np.float64),
        clothes_type=_code(data_sample.get('clothes_type')),
        variation=_code(data_sample.get('variation_type')),
        branch=_code(_first(pred, 'branch')),
        presence=_first(pred, 'presence_scores'),
    )


def stack_records(records: Sequence[dict]) -> Records:
    """Axis N first.

    Raises:
        ValueError: If the records disagree in shape or in their stages.
    """

    def stack(key):
        return np.stack([record[key] for record in records])

    def stack_stages(key):
        stages = {tuple(record[key]) for record in records}
        if len(stages) != 1:
            raise ValueError(f'samples disagree in {key}: {stages}')
        return {
            stage: np.stack([record[key][stage] for record in records])
            for stage in records[0][key]
        }

    told = all(record['presence'] is not None for record in records)
    return Records(
        landmarks=stack_stages('landmarks'),
        states=stack_stages('states'),
        state_scores=stack_stages('state_scores'),
        codes={grouping: stack(grouping) for grouping in GROUP_NAMES},
        presence=stack('presence') if told else None,
        **{key: stack(key) for key in _ARRAYS},
    )


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


def _first(instances: dict, key: str) -> Optional[np.ndarray]:
    """The only instance's entry; None where the field is missing.

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
