import json

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmpose.apis.inferencers import base_mmpose_inferencer
from mmpose.structures import split_instances as mmpose_split_instances

from dfa_mm.apis.saved_predictions import CASCADE_FIELDS, split_instances


def instances(**fields):
    """N = 2, K = 1."""
    return InstanceData(
        keypoints=np.array([[[1.0, 2]], [[3, 4]]]),
        keypoint_scores=np.array([[0.5], [0.25]]),
        **fields,
    )


def test_what_a_cascade_predicts_is_kept():
    pred = instances(
        landmark_visibility=np.array([[2], [1]]),
        visibility_scores=np.array([[[0.0, 0.25, 0.75]], [[0, 1, 0]]]),
        presence_scores=np.array([[0.5], [1.0]]),
        stage_keypoints=np.arange(8.0).reshape(2, 2, 1, 2),
        stage_visibility=torch.tensor([[[0], [2]], [[1], [1]]]),
        pseudo_label=np.array([[0.5, np.nan], [1, 0]]),
        branch=np.array([1, -1]),
        clothes_type=np.array([1, 3]),
    )
    first, second = split_instances(pred)
    assert first == dict(
        keypoints=[[1, 2]],
        keypoint_scores=[0.5],
        landmark_visibility=[2],
        visibility_scores=[[0, 0.25, 0.75]],
        presence_scores=[0.5],
        stage_keypoints=[[[0, 1]], [[2, 3]]],
        stage_visibility=[[0], [2]],
        pseudo_label=[0.5, None],
        branch=1,
        clothes_type=1,
    )
    assert second['branch'] == -1
    assert set(CASCADE_FIELDS) < set(second)
    json.dumps([first, second], allow_nan=False)


def test_other_models_predictions_are_untouched():
    pred = instances(bboxes=np.ones((2, 4)), bbox_scores=np.ones(2))
    assert split_instances(pred) == mmpose_split_instances(pred)
    assert split_instances(None) == []


def test_mmpose_saves_with_it():
    assert base_mmpose_inferencer.split_instances is split_instances
    assert mmpose_split_instances is not split_instances
