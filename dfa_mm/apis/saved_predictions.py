"""What MMPose's inferencers write to JSON, with what a cascade adds to it."""

import functools
from typing import List, Optional

import torch
from mmengine.structures import InstanceData
from mmpose.apis.inferencers import base_mmpose_inferencer
from mmpose.structures import split_instances as mmpose_split_instances

from dfa_mm.evaluation import to_plain

# of ``pred_instances``, under the same names and with the same codes
CASCADE_FIELDS = (
    # (K,) 0 visible, 1 occluded, 2 truncated, -1: the garment has none
    'landmark_visibility',
    'visibility_scores',  # (K, 3) their probabilities
    'presence_scores',  # (K,) that the garment has one
    'stage_keypoints',  # (S, K, 2) pixels
    'stage_visibility',  # (S, K)
    'pseudo_label',  # (C,)
    'branch',  # 0 easy, 1 hard, -1 where there was no choice
    'clothes_type',  # 1 upper, 2 lower, 3 full, if the detector told
)


@functools.wraps(mmpose_split_instances)
def split_instances(instances: Optional[InstanceData]) -> List[dict]:
    results = mmpose_split_instances(instances)
    for i, result in enumerate(results):
        for field in CASCADE_FIELDS:
            if field in instances:
                value = torch.as_tensor(instances[field][i])
                result[field] = to_plain(value.cpu().numpy()[()])
    return results


def extend_saved_predictions() -> None:
    """Let MMPose's inferencers save and return all that a cascade predicts.

    They turn predictions to plain dicts with a function that picks four
    fields by name. In the one module that calls it another takes its place,
    which adds :data:`CASCADE_FIELDS` where they are predicted; files of
    other models stay as they are.

    Unnecessary once ``split_instances`` keeps the fields it does not know
    (it does not in 1.3.2).
    """
    base_mmpose_inferencer.split_instances = split_instances
