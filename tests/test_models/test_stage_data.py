import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from dfa_mm.models.landmark_maps import decode_maps, draw_gaussians
from dfa_mm.models.stage_data import (
    StageOutput,
    average_outputs,
    gather_targets,
    merge_outputs,
)


def output(*values):
    """One landmark per sample, every field filled with the sample's value."""
    values = torch.tensor(values, dtype=torch.float32)
    return StageOutput(
        values.reshape(-1, 1, 1).expand(-1, 1, 2),
        values.reshape(-1, 1, 1).expand(-1, 1, 3),
        values.reshape(-1, 1).expand(-1, 4),
        values.reshape(-1, 1).expand(-1, 2),
    )


def test_merge_restores_the_order_of_the_batch():
    merged = merge_outputs(
        [output(10, 13, 12), output(14, 11)],
        [torch.tensor([0, 3, 2]), torch.tensor([4, 1])],
    )
    for field in merged:
        assert field.flatten(1)[:, 0].tolist() == [10, 11, 12, 13, 14]


def test_average_by_hand():
    mean = average_outputs([output(1, 2), output(3, 6)])
    for field in mean:
        assert field.flatten(1)[:, 0].tolist() == [2, 4]


def test_landmarks_of_averaged_maps_are_read_off_again():
    # peaks at two places and a common, lower one: it wins in the mean
    places = torch.tensor([[[-0.3, 0.0]], [[0.3, 0.0]], [[0.0, 0.2]]])
    left, right, common = draw_gaussians(places, 32, 32, 1.0)[:, None] * 10
    parts = [
        StageOutput(
            decode_maps(maps),
            torch.zeros(1, 1, 3),
            torch.zeros(1, 0),
            maps,
        )
        for maps in (left + 0.9 * common, right + 0.9 * common)
    ]
    mean = average_outputs(parts)
    torch.testing.assert_close(mean.landmarks, places[2:], atol=5e-3, rtol=0)


def test_pick_takes_every_field():
    picked = output(1, 2, 3).pick(torch.tensor([2, 0]))
    for field in picked:
        assert field.flatten(1)[:, 0].tolist() == [3, 1]


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
