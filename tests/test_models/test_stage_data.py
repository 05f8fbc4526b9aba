import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from dfa_mm.models.stage_data import (
    StageOutput,
    concatenate,
    gather_targets,
    mean,
    merge,
    pick,
)


def output(*values):
    """One landmark per sample, every field filled with the sample's value."""
    values = torch.tensor(values, dtype=torch.float32)
    return StageOutput(
        values.reshape(-1, 1, 1).expand(-1, 1, 2),
        values.reshape(-1, 1, 1).expand(-1, 1, 3),
        values.reshape(-1, 1).expand(-1, 4),
    )


def test_merge_restores_the_order_of_the_batch():
    merged = merge(
        [output(10, 13, 12), output(14, 11)],
        [torch.tensor([0, 3, 2]), torch.tensor([4, 1])],
    )
    for field in merged:
        assert field.flatten(1)[:, 0].tolist() == [10, 11, 12, 13, 14]


def test_average_by_hand():
    for field in mean([output(1, 2), output(3, 6)]):
        assert field.flatten(1)[:, 0].tolist() == [2, 4]


def test_pick_takes_every_field():
    picked = pick(output(1, 2, 3), torch.tensor([2, 0]))
    for field in picked:
        assert field.flatten(1)[:, 0].tolist() == [3, 1]


def test_concatenated_parts_keep_their_type_and_order():
    whole = concatenate([output(1), output(2, 3)])
    assert isinstance(whole, StageOutput)
    for field in whole:
        assert field.flatten(1)[:, 0].tolist() == [1, 2, 3]


def test_targets_are_stacked_in_order(make_batch):
    _, samples = make_batch(3, states=[[0, 1, 2, -1]] * 3)
    targets = gather_targets(samples)
    assert targets.landmarks.shape == (3, 4, 2)
    assert targets.weights.tolist() == [[1, 1, 0, 0]] * 3
    assert targets.visibility.tolist() == [[0, 1, 2, -1]] * 3
    assert torch.equal(
        targets.landmarks[2],
        samples[2].gt_instance_labels.keypoint_labels[0],
    )


def test_labels_of_another_codec_are_named():
    sample = PoseDataSample()
    sample.gt_instance_labels = InstanceData(
        keypoint_labels=torch.zeros(1, 2, 2)
    )
    with pytest.raises(ValueError, match='LandmarkLabel.*keypoint_labels'):
        gather_targets([sample])
