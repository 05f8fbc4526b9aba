import numpy as np
import pytest
import torch
from mmpose.registry import TRANSFORMS


@pytest.fixture
def packed():
    results = dict(
        img=np.zeros((4, 6, 3), np.uint8),
        img_shape=(4, 6),
        img_path='img/img_00000001.jpg',
        keypoints=np.zeros((1, 2, 2)),
        keypoints_visible=np.ones((1, 2)),
        landmark_visibility=np.array([[1, 2]]),
        keypoint_labels=np.zeros((1, 2, 2), np.float32),
        keypoint_weights=np.ones((1, 2), np.float32),
        landmark_visibility_labels=np.array([[1, 2]]),
        label_mapping_table=dict(
            keypoint_labels='keypoint_labels',
            keypoint_weights='keypoint_weights',
            landmark_visibility_labels='landmark_visibility_labels',
        ),
        clothes_type=2,
        variation_type=5,
        bbox=np.array([[0, 0, 4, 6]]),
    )
    return TRANSFORMS.build(dict(type='PackLandmarkInputs'))(results)


def test_metrics_find_states_and_groups(packed):
    sample = packed['data_samples']
    assert sample.gt_instances.landmark_visibility.tolist() == [[1, 2]]
    assert sample.metainfo['clothes_type'] == 2
    assert sample.metainfo['variation_type'] == 5


def test_what_mmpose_packs_is_still_there(packed):
    sample = packed['data_samples']
    assert sample.metainfo['img_path'] == 'img/img_00000001.jpg'
    assert sample.gt_instances.bboxes.tolist() == [[0, 0, 4, 6]]
    assert packed['inputs'].shape == (3, 4, 6)


def test_losses_find_the_states_as_integers(packed):
    labels = packed['data_samples'].gt_instance_labels
    assert labels.landmark_visibility_labels.dtype == torch.int64
    assert labels.landmark_visibility_labels.tolist() == [[1, 2]]
