import copy

import numpy as np
import pytest
import torch
from torch import nn

from dfa_mm.models.pose_estimators.instances import split_presence
from dfa_mm.models.stage_data import StageOutput, pick

SIZE = 24


@pytest.fixture
def cascade(make_model):
    return make_model().eval()


def backbones(model):
    """Of stage 1, stage 2, and the two branches of stage 3."""
    return [b.backbone for stage in model.stages for b in stage.branches]


def seen(model):
    """Sizes of the batches that each network saw since the last call."""
    sizes = []
    for backbone in backbones(model):
        sizes.append(list(backbone.seen))
        backbone.seen.clear()
    return sizes


def predictions(samples):
    return [sample.pred_instances for sample in samples]


# ----------------------------------------------------------------- routing


@torch.no_grad()
def test_every_sample_goes_to_exactly_one_branch(cascade, make_batch):
    inputs, _ = make_batch(SIZE)
    seen(cascade)
    _, route = cascade.forward_stages(cascade.stages, inputs)
    one, two, easy, hard = seen(cascade)
    assert one == two == [SIZE]
    assert len(easy) == len(hard) == 1
    assert easy[0] + hard[0] == SIZE
    assert easy[0] == (route == 0).sum() > 0
    assert hard[0] == (route == 1).sum() > 0


@torch.no_grad()
def test_only_the_routed_branch_is_run_for_one_sample(cascade, make_batch):
    inputs, _ = make_batch(SIZE)
    _, routes = cascade.forward_stages(cascade.stages, inputs)
    for branch in (0, 1):
        i = int((routes == branch).nonzero()[0])
        seen(cascade)
        cascade.forward_stages(cascade.stages, inputs[i : i + 1])
        expected = [[1], []] if branch == 0 else [[], [1]]
        # three networks for one image, of the four
        assert seen(cascade) == [[1], [1], *expected]


@torch.no_grad()
def test_route_is_eq2_of_the_stage_before(cascade, make_batch):
    inputs, _ = make_batch(SIZE)
    outputs, route = cascade.forward_stages(cascade.stages, inputs)
    errors = cascade.stages[1].pseudo_label.errors
    score = (outputs[1].pseudo_label.clamp(min=0) * errors).sum(1)
    assert torch.equal(route == 0, score < cascade.router.threshold)


@torch.no_grad()
def test_batch_gives_the_same_as_one_by_one(cascade, make_batch):
    inputs, _ = make_batch(SIZE)
    whole, route = cascade.forward_stages(cascade.stages, inputs)
    assert 0 < route.sum() < SIZE
    for i in range(SIZE):
        alone, own = cascade.forward_stages(cascade.stages, inputs[i : i + 1])
        assert own[0] == route[i]
        for a, b in zip(whole, alone):
            for x, y in zip(pick(a, slice(i, i + 1)), b):
                torch.testing.assert_close(x, y, rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_branch_gets_its_samples_and_their_previous_landmarks(
    cascade, make_batch
):
    inputs, _ = make_batch(SIZE)
    outputs, route = cascade.forward_stages(cascade.stages, inputs)
    both = [
        branch(inputs, outputs[1]) for branch in cascade.stages[2].branches
    ]
    for i, branch in enumerate(route):
        torch.testing.assert_close(
            outputs[2].landmarks[i],
            both[branch].landmarks[i],
            rtol=1e-4,
            atol=1e-5,
        )


@torch.no_grad()
def test_average_is_the_mean_of_both_branches(make_model, make_batch):
    model = make_model(routing='average').eval()
    inputs, _ = make_batch(5)
    seen(model)
    outputs, route = model.forward_stages(model.stages, inputs)
    assert seen(model) == [[5]] * 4
    assert route is None
    easy, hard = (
        branch(inputs, outputs[1]) for branch in model.stages[2].branches
    )
    for mean, a, b in zip(outputs[2], easy, hard):
        torch.testing.assert_close(mean, (a + b) / 2)


def test_average_needs_no_pseudo_labels(make_config, make_model, make_batch):
    # Table 2, "+two-branch" stands on direct regression
    model = make_model(
        stages=[{}, {}, dict(branches=2)], routing='average', prepared=False
    )
    losses = model.loss(*make_batch(3))
    assert {'branch1.loss_landmark', 'branch2.loss_landmark'} <= set(losses)


def test_routing_needs_a_pseudo_label_of_offsets(make_model):
    label = dict(space='absolute', num_clusters=5)
    with pytest.raises(ValueError, match='no stage before'):
        make_model(stages=[{}, {}, dict(branches=2)])
    with pytest.raises(ValueError, match='clusters of offsets'):
        make_model(2, stages=[dict(pseudo_label=label), dict(branches=2)])


@pytest.mark.parametrize(
    ('overrides', 'named'),
    [
        (dict(routing='vote'), "'vote'"),
        (dict(num_stages=4), 'num_stages is 4, but 3'),
        (dict(num_stages=0), 'num_stages is 0'),
    ],
)
def test_wrong_settings_are_named(make_config, overrides, named):
    from mmpose.registry import MODELS

    config = make_config()
    config.update(overrides)
    with pytest.raises(ValueError, match=named):
        MODELS.build(config)


def test_a_stage_overrides_what_is_shared(make_config, make_model):
    stages = make_config()['stages'][:2]
    stages[1]['head'] = dict(fc_channels=(6, 7))
    model = make_model(2, stages=stages, prepared=False)
    assert model.stages[0].branches[0].head.fc7.out_features == 16
    assert model.stages[1].branches[0].head.fc7.out_features == 7
    # the rest of the shared head is still there
    assert model.stages[1].branches[0].head.in_channels == 4


# ---------------------------------------------------------------- training


def test_losses_are_those_of_the_routed_branches(make_model, make_batch):
    model = make_model()
    inputs, samples = make_batch(SIZE)
    seen(model)
    losses = model.loss(inputs, samples)
    _, _, easy, hard = seen(model)
    assert easy[0] + hard[0] == SIZE
    assert losses['easy_share'] == pytest.approx(easy[0] / SIZE)
    for branch in ('branch1', 'branch2'):
        for name in ('landmark', 'visibility', 'pseudo_label'):
            assert losses[f'{branch}.loss_{name}'] > 0


def test_branch_learns_the_truth_of_its_own_samples(make_model, make_batch):
    model = make_model().eval()
    inputs, samples = make_batch(SIZE)
    losses = model.loss(inputs, samples)
    outputs, route = model.forward_stages(model.stages, inputs)
    truth = torch.cat([s.gt_instance_labels.keypoint_labels for s in samples])
    squared = (outputs[2].landmarks - truth).square().sum((1, 2))
    for branch in (0, 1):
        # offsets are learnt five times as large; half the mean square
        expected = 25 / 2 * squared[route == branch].mean()
        torch.testing.assert_close(
            losses[f'branch{branch + 1}.loss_landmark'],
            expected,
            rtol=1e-4,
            atol=1e-5,
        )


def test_branch_without_samples_has_a_loss_of_zero(make_model, make_batch):
    model = make_model()
    model.router.threshold.fill_(1e9)
    losses = model.loss(*make_batch(4))
    assert losses['easy_share'] == 1
    assert losses['branch2.loss_landmark'] == 0
    assert 'branch2.loss_visibility' not in losses


def test_pseudo_label_targets_come_from_the_live_offsets(
    make_model, make_batch, monkeypatch
):
    model = make_model(2)
    inputs, samples = make_batch(4)
    given = {}
    head = model.stages[1].branches[0].head
    monkeypatch.setattr(
        head,
        'loss_by_targets',
        lambda output, targets, labels: given.update(labels=labels) or {},
    )
    model.loss(inputs, samples)
    previous = model.forward_finished(inputs)[0].landmarks
    truth = torch.cat([s.gt_instance_labels.keypoint_labels for s in samples])
    offsets = ((previous - truth) * 224).flatten(1)
    label = model.stages[1].pseudo_label
    expected = torch.exp(
        -torch.cdist(offsets, label.centers) / label.temperature
    )
    torch.testing.assert_close(given['labels'], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize('num_stages', [2, 3])
def test_only_the_last_stage_learns(make_model, make_batch, num_stages):
    model = make_model(num_stages)
    model.train()
    before = copy.deepcopy(model.finished_stages.state_dict())
    optimizer = torch.optim.SGD(
        [p for p in model.parameters() if p.requires_grad], lr=0.1
    )
    losses = model.loss(*make_batch(SIZE))
    model.parse_losses(losses)[0].backward()
    optimizer.step()
    for parameter in model.finished_stages.parameters():
        assert parameter.grad is None
    for branch in model.trained_stage.branches:
        for name, parameter in branch.named_parameters():
            assert parameter.grad is not None, name
            assert parameter.grad.abs().sum() > 0, name
    # BatchNorm's running statistics included
    after = model.finished_stages.state_dict()
    assert all(torch.equal(after[k], v) for k, v in before.items())


def test_finished_stages_stay_in_eval_mode(make_model):
    model = make_model()
    for _ in range(2):
        model.train()
        for stage in model.finished_stages:
            assert not any(m.training for m in stage.modules())
        assert all(m.training for m in model.trained_stage.modules())
        model.eval()
        assert not any(m.training for m in model.stages.modules())


def test_auxiliary_weights_reach_the_losses(make_model, make_batch):
    model = make_model().eval()
    batch = make_batch(SIZE)
    full = model.loss(*batch)
    model.set_auxiliary_weights(alpha=0.5, beta=0.25)
    less = model.loss(*batch)
    for branch in ('branch1', 'branch2'):
        for name, factor in (
            ('landmark', 1.0),
            ('visibility', 0.5),
            ('pseudo_label', 0.25),
        ):
            key = f'{branch}.loss_{name}'
            torch.testing.assert_close(less[key], full[key] * factor)
    assert (less['alpha'], less['beta']) == (0.5, 0.25)


def test_initialisation_reaches_every_network(make_config):
    from mmpose.registry import MODELS

    torch.manual_seed(0)
    config = make_config(
        head=dict(make_config()['head'], fc_channels=(256, 256))
    )
    config['backbone']['init_cfg'] = dict(
        type='Constant', layer='Conv2d', val=0.125
    )
    model = MODELS.build(config)
    model.init_weights()
    for stage in model.stages:
        for branch in stage.branches:
            # as ImageNet weights would be loaded
            assert (branch.backbone.conv.weight == 0.125).all()
            # Kaiming: variance 2 / fan-in; at least 65,536 numbers
            fc7 = branch.head.fc7
            std = (2 / fc7.in_features) ** 0.5
            assert fc7.weight.std().item() == pytest.approx(std, rel=0.05)
            # the outputs start near zero; at least 1280 numbers
            std = branch.head.fc_pseudo_label.weight.std().item()
            assert std == pytest.approx(0.01, rel=0.1)


def test_tiny_overfit(make_model, make_batch):
    model = make_model(1)
    inputs, samples = make_batch(4, states=[[0, 1, 2, -1]] * 4)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(150):
        optimizer.zero_grad()
        model.parse_losses(model.loss(inputs, samples))[0].backward()
        optimizer.step()
    # in training mode: the batch's own statistics
    out = model.stages[0].branches[0](inputs, None)
    truth = torch.cat([s.gt_instance_labels.keypoint_labels for s in samples])
    error = (out.landmarks - truth).norm(dim=-1)[:, :2]
    # 2 % of the crop; random landmarks are half a crop apart
    assert error.max() < 0.02
    assert out.visibility.argmax(-1)[:, :3].tolist() == [[0, 1, 2]] * 4


def test_stage_two_learns_the_offset_of_stage_one(make_model, make_batch):
    model = make_model(2)
    inputs, samples = make_batch(4)
    optimizer = torch.optim.Adam(model.trained_stage.parameters(), lr=0.01)
    truth = torch.cat([s.gt_instance_labels.keypoint_labels for s in samples])
    model.train()
    for _ in range(150):
        optimizer.zero_grad()
        model.parse_losses(model.loss(inputs, samples))[0].backward()
        optimizer.step()
    before = model.forward_finished(inputs)[0]
    after = model.stages[1].branches[0](inputs, before).landmarks
    assert (before.landmarks - truth).norm(dim=-1).mean() > 0.1
    assert (after - truth).norm(dim=-1).max() < 0.02


# ------------------------------------------------------------- checkpoints


@torch.no_grad()
def test_checkpoint_of_stage_three_holds_everything(
    make_model, make_batch, tmp_path
):
    model = make_model().eval()
    torch.save(model.state_dict(), tmp_path / 'stage3.pth')
    fresh = make_model(seed=7, prepared=False).eval()
    state = torch.load(tmp_path / 'stage3.pth', weights_only=True)
    assert fresh.load_state_dict(state) == ([], [])

    inputs, samples = make_batch(SIZE)
    expected = predictions(model.predict(inputs, copy.deepcopy(samples)))
    found = predictions(fresh.predict(inputs, copy.deepcopy(samples)))
    for a, b in zip(found, expected):
        for key in ('keypoints', 'visibility_scores', 'pseudo_label'):
            np.testing.assert_array_equal(a[key], b[key])
        assert a.branch == b.branch
    assert fresh.router.threshold == model.router.threshold
    for a, b in zip(fresh.stages, model.stages):
        for name in ('centers', 'errors', 'temperature', 'counts', 'fitted'):
            assert torch.equal(
                getattr(a.pseudo_label, name), getattr(b.pseudo_label, name)
            )


def test_given_values_win_over_the_checkpoint(make_model):
    trained = make_model(router=dict(threshold=0.3)).state_dict()
    model = make_model(prepared=False, router=dict(threshold=0.9))
    assert model.load_state_dict(trained) == ([], [])
    assert model.router.threshold == pytest.approx(0.9)
    # calibrated ones are the checkpoint's
    model = make_model(prepared=False)
    model.load_state_dict(trained)
    assert model.router.threshold == pytest.approx(0.3)


@pytest.mark.parametrize('threshold', [None, 0.1])
def test_given_threshold_survives_the_checkpoint_of_stage_two(
    make_model, threshold
):
    # stage 2 was trained under another router, which it never asks
    stage_two = make_model(2, router=dict(threshold=threshold))
    model = make_model(prepared=False, router=dict(threshold=0.3))
    model.load_state_dict(stage_two.state_dict(), strict=False)
    assert model.router.threshold == pytest.approx(0.3)


# -------------------------------------------------------------- prediction


def constant_landmarks(model, *values):
    """Stage 1 puts out ``values``, later stages an offset of 0.5 / 5."""
    for i, stage in enumerate(model.stages):
        for branch in stage.branches:
            layer = branch.head.fc_landmarks
            nn.init.zeros_(layer.weight)
            nn.init.constant_(layer.bias, 0.5)
            if i == 0:
                layer.bias.data.copy_(torch.tensor(values).repeat(4))
    return model


def test_predicted_landmarks_in_image_pixels(cascade, make_batch):
    constant_landmarks(cascade, 0.25, -0.5)
    inputs, samples = make_batch(2)
    found = predictions(cascade.predict(inputs, samples))[1]
    # The box is 32 px wide round (100, 60), the middle of its 16 pixels at
    # pixel 7.5, which is (99, 59). Stage 1: 99 + 0.25 x 32 = 107 and
    # 59 - 0.5 x 32 = 43; each later stage subtracts 0.1 x 32 = 3.2.
    expected = np.array([[107, 43], [103.8, 39.8], [100.6, 36.6]])
    assert found.stage_keypoints.shape == (1, 3, 4, 2)
    np.testing.assert_allclose(
        found.stage_keypoints[0, :, 2], expected, atol=1e-4
    )
    np.testing.assert_allclose(
        found.keypoints[0], [expected[-1]] * 4, atol=1e-4
    )


def test_predicted_states_by_hand(cascade, make_batch):
    for branch in cascade.stages[2].branches:
        layer = branch.head.fc_visibility
        nn.init.zeros_(layer.weight)
        # probabilities 0.2, 0.3, 0.5 of every landmark
        logits = torch.tensor([0.2, 0.3, 0.5]).log()
        layer.bias.data.copy_(logits.repeat(4))
    inputs, samples = make_batch(1)
    (found,) = predictions(cascade.predict(inputs, samples))
    np.testing.assert_allclose(
        found.visibility_scores[0, 0], [0.2, 0.3, 0.5], rtol=1e-5
    )
    assert found.landmark_visibility.tolist() == [[2] * 4]
    assert found.stage_visibility.shape == (1, 3, 4)
    assert found.stage_visibility[0, -1].tolist() == [2] * 4
    # inside the picture: visible or occluded
    np.testing.assert_allclose(found.keypoint_scores, [[0.5] * 4], rtol=1e-5)


def test_mmpose_asks_it_as_any_estimator(cascade, make_batch):
    inputs, samples = make_batch(2)
    whole = cascade(inputs, samples, mode='predict')
    assert all('keypoints' in sample.pred_instances for sample in whole)
    assert 'easy_share' in cascade(inputs, samples, mode='loss')


def test_presence_is_split_from_the_states():
    states, present = split_presence(
        np.array([[0.1, 0.3, 0.2, 0.4], [0.0, 0.0, 0.0, 1.0]])
    )
    np.testing.assert_allclose(present, [0.6, 0.0])
    np.testing.assert_allclose(states, [[1 / 6, 1 / 2, 1 / 3], [0, 0, 0]])
    states, present = split_presence(np.array([[0.5, 0.25, 0.25]]))
    np.testing.assert_allclose(states, [[0.5, 0.25, 0.25]])
    np.testing.assert_allclose(present, [1.0])


def test_absent_landmarks_are_told(make_config, make_model, make_batch):
    head = dict(
        make_config()['head'],
        type='AnyTypeMapDFAHead',
        maps=dict(channels=4),
    )
    model = make_model(head=head).eval()
    for stage in model.stages:
        for branch in stage.branches:
            layer = branch.head.fc_visibility
            nn.init.zeros_(layer.weight)
            # landmark 0 is occluded, all others are not there
            scores = torch.zeros(layer.out_features // 4, 4)
            scores[:, 3], scores[0, 1] = 9.0, 18.0
            layer.bias.data = scores.flatten()
    inputs, samples = make_batch(2)
    for pred in predictions(model.predict(inputs, samples)):
        count = pred.keypoints.shape[1]
        assert pred.landmark_visibility[0].tolist() == [1] + [-1] * (count - 1)
        assert pred.stage_visibility[0, :, 0].tolist() == [1, 1, 1]
        assert (pred.presence_scores[0] > 0.5).sum() == 1
        assert (pred.keypoint_scores[0, 1:] < 0.01).all()
        assert pred.keypoint_scores[0, 0] > 0.99


def test_labels_decode_to_the_landmarks_they_came_from(
    make_model, make_batch, monkeypatch
):
    """Image pixels -> crop -> labels -> prediction -> image pixels."""
    from mmpose.registry import TRANSFORMS

    points = np.array([[[22.0, 14], [61, 20], [15, 70], [66, 77]]])
    codec = dict(type='LandmarkLabel', input_size=(16, 16))
    results = dict(
        img=np.zeros((90, 90, 3), np.uint8),
        img_shape=(90, 90),
        bbox=np.array([[15.0, 12, 68, 80]], dtype=np.float32),
        bbox_score=np.ones(1),
        keypoints=points.copy(),
        keypoints_visible=np.ones((1, 4)),
    )
    for step in (
        dict(type='GetBBoxCenterScale', padding=1.2),
        dict(type='TopdownAffine', input_size=(16, 16)),
        dict(type='GenerateTarget', encoder=codec),
        dict(type='PackLandmarkInputs'),
    ):
        results = TRANSFORMS.build(step)(results)
    sample = results['data_samples']
    model = make_model(1)
    truth = sample.gt_instance_labels.keypoint_labels
    output = StageOutput(truth, torch.zeros(1, 4, 3), torch.zeros(1, 5))
    monkeypatch.setattr(
        model, 'forward_stages', lambda stages, inputs: ([output], None)
    )
    (found,) = model.predict(results['inputs'][None].float(), [sample])
    np.testing.assert_allclose(
        found.pred_instances.keypoints, points, atol=1e-4
    )


@torch.no_grad()
def test_order_of_predictions_is_that_of_the_samples(cascade, make_batch):
    inputs, samples = make_batch(SIZE)
    whole = predictions(cascade.predict(inputs, samples))
    assert {int(p.branch[0]) for p in whole} == {0, 1}
    for i in (0, 7, SIZE - 1):
        _, again = make_batch(SIZE)
        (alone,) = predictions(
            cascade.predict(inputs[i : i + 1], again[i : i + 1])
        )
        np.testing.assert_allclose(
            whole[i].keypoints, alone.keypoints, atol=1e-3
        )
        assert whole[i].branch == alone.branch


def test_branch_is_minus_one_without_a_choice(make_model, make_batch):
    (found,) = predictions(make_model(2).eval().predict(*make_batch(1)))
    assert found.branch.tolist() == [-1]


@torch.no_grad()
def test_flip_test_does_not_see_which_way_the_picture_lies(
    make_model, make_batch
):
    model = make_model(1, test_cfg=dict(flip_test=True)).eval()
    inputs, samples = make_batch(3)
    a = predictions(model.predict(inputs, samples))
    _, samples = make_batch(3)
    b = predictions(model.predict(inputs.flip(-1), samples))
    for one, other in zip(a, b):
        swapped = other.keypoints[:, [1, 0, 3, 2]]
        # Crop pixel x is 15 - x when mirrored; in the image, the crop is
        # 84 .. 116 and a crop pixel 2 px: 84 + 2 x + 84 + 2 (15 - x) = 198.
        mirrored = np.stack([198 - swapped[..., 0], swapped[..., 1]], -1)
        np.testing.assert_allclose(one.keypoints, mirrored, atol=1e-3)
        np.testing.assert_allclose(
            one.visibility_scores,
            other.visibility_scores[:, [1, 0, 3, 2]],
            atol=1e-5,
        )


@torch.no_grad()
def test_raw_forward_gives_the_last_stage(cascade, make_batch):
    inputs, _ = make_batch(3)
    raw = cascade.forward(inputs, None, mode='tensor')
    outputs, _ = cascade.forward_stages(cascade.stages, inputs)
    for a, b in zip(raw, outputs[-1]):
        assert torch.equal(a, b)
