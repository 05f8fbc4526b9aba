import copy

import numpy as np
import pytest
import torch
from head_inputs import said
from mmpose.registry import MODELS
from torch import nn

SHARE = 0.5
K = 4


@pytest.fixture
def make_deeppose(make_config):
    def build(num_stages=3, seed=0, **overrides):
        torch.manual_seed(seed)
        config = make_config(num_stages, **overrides)
        patches = dict(share=SHARE)
        config.update(
            type='DeepPoseTopdownEstimator',
            stages=[dict(), patches, patches],
        )
        model = MODELS.build(config)
        # far larger than the initial weights, or every sample is alike
        for name, parameter in model.named_parameters():
            if 'head' in name and name.endswith('weight'):
                nn.init.normal_(parameter, std=0.3)
        return model

    return build


def keep_still(stage):
    """Every network of the stage predicts the centre of its patch."""
    for network in stage.branches:
        nn.init.zeros_(network.head.fc_landmarks.weight)
        nn.init.zeros_(network.head.fc_landmarks.bias)


def truth_of(samples):
    return torch.cat([s.gt_instance_labels.keypoint_labels for s in samples])


# ---------------------------------------------------------------- structure


def test_one_network_then_one_per_landmark_twice(make_deeppose):
    model = make_deeppose()
    assert [len(stage.branches) for stage in model.stages] == [1, K, K]
    networks = [b for stage in model.stages for b in stage.branches]
    parameters = [id(p) for n in networks for p in n.parameters()]
    # 1 + K + K networks, no parameter in two of them
    assert len(set(parameters)) == len(parameters)
    assert len(list(model.parameters())) == len(parameters)
    outputs = [n.head.fc_landmarks.out_features for n in networks]
    assert outputs == [2 * K] + [2] * (2 * K)


def test_earlier_checkpoint_is_a_part_of_the_next(make_deeppose):
    two, three = (make_deeppose(n).state_dict() for n in (2, 3))
    assert {k: v.shape for k, v in two.items()}.items() <= {
        k: v.shape for k, v in three.items()
    }.items()


def test_share_must_be_positive(make_config):
    config = make_config()
    config.update(type='DeepPoseTopdownEstimator', stages=[{}, dict(share=0)])
    config['num_stages'] = 2
    with pytest.raises(ValueError, match='share must be positive, but is 0'):
        MODELS.build(config)


def test_share_of_the_paper_is_the_default(make_config):
    config = make_config(2)
    config.update(type='DeepPoseTopdownEstimator', stages=[{}, {}])
    assert MODELS.build(config).stages[1].share == pytest.approx(120 / 224)


# --------------------------------------------------------------- prediction


@torch.no_grad()
def test_offsets_of_zero_leave_the_landmarks(make_deeppose, make_batch):
    model = make_deeppose().eval()
    for stage in model.stages[1:]:
        keep_still(stage)
    outputs, _ = model.forward_stages(model.stages, make_batch(3)[0])
    assert outputs[0].landmarks.abs().max() > 0
    for output in outputs[1:]:
        assert torch.equal(output.landmarks, outputs[0].landmarks)


@torch.no_grad()
def test_offset_is_in_the_frame_of_the_patch(make_deeppose, make_batch):
    model = make_deeppose(2).eval()
    stage = model.stages[1]
    keep_still(stage)
    stage.branches[2].head.fc_landmarks.bias.copy_(torch.tensor([0.2, -0.1]))
    (before, after), _ = model.forward_stages(model.stages, make_batch(3)[0])
    # a fifth of a patch that is half as wide as the crop
    expected = torch.zeros(3, K, 2)
    expected[:, 2] = torch.tensor([0.2 * SHARE, -0.1 * SHARE])
    torch.testing.assert_close(after.landmarks - before.landmarks, expected)


@torch.no_grad()
def test_each_network_sees_the_surroundings_of_its_landmark(make_deeppose):
    model = make_deeppose(2).eval()
    seen = []
    for network in model.stages[1].branches:
        network.register_forward_pre_hook(
            lambda module, inputs: seen.append(inputs[0])
        )
    inputs = torch.rand(2, 3, 16, 16)
    # pixels (2, 3), (5, 8), (8, 13), (11, 6) of 16
    pixels = torch.tensor([[2, 3], [5, 8], [8, 13], [11, 6]])
    # their upper left corners
    previous = (pixels / 16 - 0.5).expand(2, K, 2)
    model.stages[1](inputs, said(previous))
    for (x, y), patches in zip(pixels, seen):
        assert patches.shape == (2, 3, 16, 16)
        # the middle of the four right of and below the patch's middle
        middle = patches[..., 8:10, 8:10].mean((-1, -2))
        # a quarter of a pixel from the pixel's centre on either side
        weights = torch.tensor([0.125, 0.75, 0.125])
        round_it = inputs[..., y - 1 : y + 2, x - 1 : x + 2]
        torch.testing.assert_close(middle, round_it @ weights @ weights)


@torch.no_grad()
def test_networks_do_not_swap_landmarks_or_states(make_deeppose):
    model = make_deeppose(2).eval()
    stage = model.stages[1]
    inputs, previous = torch.randn(3, 3, 16, 16), torch.rand(3, K, 2) - 0.5
    output = stage(inputs, said(previous))
    assert output.visibility.shape == (3, K, 3)
    for k, one in enumerate(stage._in_patches(inputs, previous)):
        torch.testing.assert_close(
            output.landmarks[:, k],
            previous[:, k] + SHARE * one.landmarks[:, 0],
        )
        assert torch.equal(output.visibility[:, k], one.visibility[:, 0])


@torch.no_grad()
def test_prediction_has_every_stage_in_image_pixels(make_deeppose, make_batch):
    model = make_deeppose().eval()
    inputs, samples = make_batch(2)
    outputs, _ = model.forward_stages(model.stages, inputs)
    found = [s.pred_instances for s in model.predict(inputs, samples)]
    for i, instances in enumerate(found):
        assert instances.stage_keypoints.shape == (1, 3, K, 2)
        assert instances.stage_visibility.shape == (1, 3, K)
        assert instances.branch.tolist() == [-1]
        # boxes of 32 x 32 px round (100, 60), whose middle is pixel 7.5
        for stage, output in enumerate(outputs):
            np.testing.assert_allclose(
                instances.stage_keypoints[0, stage],
                output.landmarks[i].numpy() * 32 + [99, 59],
                atol=1e-3,
            )
        np.testing.assert_array_equal(
            instances.keypoints, instances.stage_keypoints[:, -1]
        )


@torch.no_grad()
def test_flip_test_does_not_see_which_way_the_picture_lies(
    make_deeppose, make_batch
):
    model = make_deeppose(test_cfg=dict(flip_test=True)).eval()
    inputs, samples = make_batch(3)
    a = [s.pred_instances for s in model.predict(inputs, samples)]
    _, samples = make_batch(3)
    b = [s.pred_instances for s in model.predict(inputs.flip(-1), samples)]
    for one, other in zip(a, b):
        swapped = other.keypoints[:, [1, 0, 3, 2]]
        # crop pixel x is 15 - x when mirrored, image pixel 198 - x
        mirrored = np.stack([198 - swapped[..., 0], swapped[..., 1]], -1)
        np.testing.assert_allclose(one.keypoints, mirrored, atol=1e-3)


# ----------------------------------------------------------------- training


def test_loss_by_hand(make_deeppose, make_batch):
    model = make_deeppose(2).eval()
    keep_still(model.stages[1])
    states = [[0, 1, 2, -1]] * 3
    inputs, samples = make_batch(3, states=states)
    losses = model.loss(inputs, samples)
    previous = model.forward_finished(inputs)[0].landmarks
    # Euclidean, 1 / (2 B) sum, of the offset in the patch's frame; truncated
    # and absent landmarks have none
    offsets = (truth_of(samples) - previous)[:, :2] / SHARE
    expected = offsets.square().sum() / (2 * 3)
    torch.testing.assert_close(losses['loss_landmark'], expected)
    assert losses['loss_visibility'] > 0
    assert set(losses) == {
        'alpha',
        'beta',
        'loss_landmark',
        'loss_visibility',
    }


def test_truncated_landmark_costs_nothing(make_deeppose, make_batch):
    model = make_deeppose(2).eval()
    inputs, samples = make_batch(3, states=[[0, 1, 2, 2]] * 3)
    before = model.loss(inputs, samples)['loss_landmark']
    for sample in samples:
        sample.gt_instance_labels.keypoint_labels[:, 2:] = 7.0
    assert torch.equal(model.loss(inputs, samples)['loss_landmark'], before)
    for sample in samples:
        sample.gt_instance_labels.keypoint_labels[:, 1] = 7.0
    assert model.loss(inputs, samples)['loss_landmark'] > before


def test_together_is_the_same_as_one_by_one(make_deeppose, make_batch):
    """Gradients of the sum are those of each network's own loss."""
    model = make_deeppose(2).eval()
    inputs, samples = make_batch(5)
    model.parse_losses(model.loss(inputs, samples))[0].backward()
    together = [
        [p.grad.clone() for p in network.parameters()]
        for network in model.stages[1].branches
    ]
    for k, network in enumerate(model.stages[1].branches):
        model.zero_grad()
        _, alone = make_batch(5)
        for sample in alone:
            labels = sample.gt_instance_labels
            others = [i for i in range(K) if i != k]
            labels.keypoint_weights[:, others] = 0
            labels.landmark_visibility_labels[:, others] = -1
        model.parse_losses(model.loss(inputs, alone))[0].backward()
        for own, grad in zip(network.parameters(), together[k]):
            torch.testing.assert_close(own.grad, grad)


@pytest.mark.parametrize('num_stages', [1, 2, 3])
def test_only_the_last_stage_learns(make_deeppose, make_batch, num_stages):
    model = make_deeppose(num_stages)
    model.train()
    before = copy.deepcopy(model.finished_stages.state_dict())
    optimizer = torch.optim.SGD(
        [p for p in model.parameters() if p.requires_grad], lr=0.1
    )
    model.parse_losses(model.loss(*make_batch(16)))[0].backward()
    optimizer.step()
    for parameter in model.finished_stages.parameters():
        assert parameter.grad is None
    for network in model.trained_stage.branches:
        for name, parameter in network.named_parameters():
            assert parameter.grad.abs().sum() > 0, name
    # BatchNorm's running statistics included
    after = model.finished_stages.state_dict()
    assert all(torch.equal(after[k], v) for k, v in before.items())


def test_patches_are_those_of_the_frozen_stage_before(
    make_deeppose, make_batch, monkeypatch
):
    model = make_deeppose(3)
    given = {}
    monkeypatch.setattr(
        model.stages[2],
        'loss',
        lambda inputs, previous, *rest: given.update(p=previous) or {},
    )
    inputs, samples = make_batch(3)
    model.loss(inputs, samples)
    outputs = model.forward_finished(inputs)
    assert len(outputs) == 2
    assert torch.equal(given['p'].landmarks, outputs[1].landmarks)


def test_training_sees_what_prediction_sees(make_deeppose, make_batch):
    model = make_deeppose(2).eval()
    inputs, samples = make_batch(4)
    first, again = (model.loss(inputs, samples) for _ in range(2))
    assert torch.equal(first['loss_landmark'], again['loss_landmark'])


def test_auxiliary_weights_reach_every_network(make_deeppose, make_batch):
    model = make_deeppose(2).eval()
    batch = make_batch(4)
    full = model.loss(*batch)
    model.set_auxiliary_weights(alpha=0.5, beta=0.25)
    less = model.loss(*batch)
    torch.testing.assert_close(
        less['loss_visibility'], full['loss_visibility'] / 2
    )
    assert torch.equal(less['loss_landmark'], full['loss_landmark'])


def test_networks_start_from_those_of_the_same_landmark(make_deeppose):
    model = make_deeppose(3)
    first, second, third = model.stages
    assert third.copy_weights_from(second) > 0
    for own, source in zip(third.branches, second.branches):
        assert torch.equal(
            own.backbone.conv.weight, source.backbone.conv.weight
        )
        assert torch.equal(own.head.fc7.weight, source.head.fc7.weight)
        # what an output means differs from stage to stage
        assert not torch.equal(
            own.head.fc_landmarks.weight, source.head.fc_landmarks.weight
        )
    second.copy_weights_from(first)
    for own in second.branches:
        assert torch.equal(
            own.backbone.conv.weight, first.branches[0].backbone.conv.weight
        )


def test_patch_stage_learns_the_offset(make_deeppose, make_batch):
    model = make_deeppose(2)
    inputs, samples = make_batch(4)
    optimizer = torch.optim.Adam(model.trained_stage.parameters(), lr=0.01)
    model.train()
    for _ in range(120):
        optimizer.zero_grad()
        model.parse_losses(model.loss(inputs, samples))[0].backward()
        optimizer.step()
    with torch.no_grad():
        before = model.forward_finished(inputs)[0]
        # in training mode: the batch's own statistics
        after = model.trained_stage(inputs, before).landmarks
    truth = truth_of(samples)
    assert (before.landmarks - truth).norm(dim=-1).mean() > 0.1
    assert (after - truth).norm(dim=-1).max() < 0.02
