import math

import pytest
import torch
from head_inputs import K, build_head, said, targets
from torch import nn

from dfa_mm.models.stage_data import StageOutput, StageTargets, pick


def build(refine=False, **overrides):
    return build_head('DFAHead', refine=refine, **overrides)


def constant(head, value):
    """Lets the landmark layer put out ``value`` whatever it sees."""
    nn.init.zeros_(head.fc_landmarks.weight)
    nn.init.constant_(head.fc_landmarks.bias, value)
    return head


def zeros(requires_grad=False):
    """An output of nothing but zeros, for one sample."""
    shapes = (1, K, 2), (1, K, 3), (1, 5)
    return StageOutput(
        *(torch.zeros(s, requires_grad=requires_grad) for s in shapes)
    )


# --------------------------------------------------------------- the forward


def test_shapes_without_a_stage_before():
    out = build()((torch.randn(2, 3, 4, 4),))
    shapes = [(2, K, 2), (2, K, 3), (2, 5)]
    assert [tuple(x.shape) for x in out] == shapes


def test_first_stage_puts_out_landmarks_themselves():
    out = constant(build(), 0.5)((torch.randn(1, 3, 4, 4),))
    assert (out.landmarks == 0.5).all()


def test_later_stage_subtracts_a_fifth_of_its_output():
    feats, previous = (torch.randn(2, 3, 4, 4),), torch.rand(2, K, 2)
    out = constant(build(refine=True), 0.5)(feats, said(previous))
    # l2 = l1 - 0.5 / 5
    torch.testing.assert_close(out.landmarks, previous - 0.1)


def test_later_stage_sees_the_previous_landmarks():
    torch.manual_seed(0)
    head, feats = build(refine=True), (torch.randn(1, 3, 4, 4),)
    nn.init.normal_(head.fc_previous.weight)
    a = head(feats, said(torch.zeros(1, K, 2)))
    b = head(feats, said(torch.ones(1, K, 2)))
    assert not torch.equal(a.visibility, b.visibility)


def test_one_sample_does_not_touch_another():
    torch.manual_seed(0)
    head = build(refine=True)
    feats, previous = torch.randn(3, 3, 4, 4), torch.rand(3, K, 2)
    whole = head((feats,), said(previous))
    for i in range(3):
        alone = head((feats[i : i + 1],), said(previous[i : i + 1]))
        for a, b in zip(pick(whole, slice(i, i + 1)), alone):
            torch.testing.assert_close(a, b)


def test_last_feature_map_of_a_tuple_counts():
    head, last = build(), torch.randn(1, 3, 4, 4)
    both = head((torch.randn(1, 7, 8, 8), last))
    assert torch.equal(both.landmarks, head((last,)).landmarks)


def test_pooled_features_are_taken_too():
    out = build(pool_size=1)((torch.randn(2, 3),))
    assert out.landmarks.shape == (2, K, 2)


# ---------------------------------------------------------------- the losses


def test_losses_by_hand():
    # three landmarks in the garment, two of them in the picture
    losses = build().loss_by_targets(
        zeros(), targets([0, 1, 2, -1]), torch.full((1, 5), 0.5)
    )
    # 2 landmarks x 2 coordinates x 0.1^2 / 2
    torch.testing.assert_close(losses['loss_landmark'].item(), 0.02)
    # 3 states of 3 equally likely ones
    torch.testing.assert_close(
        losses['loss_visibility'].item(), 3 * math.log(3)
    )
    # 5 x 0.5^2 / 2
    torch.testing.assert_close(losses['loss_pseudo_label'].item(), 0.625)
    # five equal entries
    torch.testing.assert_close(losses['label_entropy'].item(), math.log(5))
    assert losses['label_max'] == 0.5


def test_losses_are_means_over_the_batch():
    head, one = build(), targets([0, 1, 2, -1])
    label = torch.rand(1, 5)
    alone = head.loss_by_targets(zeros(), one, label)
    twice = head.loss_by_targets(
        StageOutput(*(torch.cat([f, f]) for f in zeros())),
        StageTargets(*(torch.cat([f, f]) for f in one)),
        torch.cat([label, label]),
    )
    for name, value in alone.items():
        torch.testing.assert_close(twice[name], value)


def test_offsets_are_learnt_five_times_as_large():
    # predicted 0, truth 0.1: an offset of -0.1, 0.5 in the network's scale;
    # 4 landmarks x 2 x 0.5^2 / 2
    losses = build(refine=True).loss_by_targets(
        zeros(), targets([0, 0, 1, 1]), None
    )
    torch.testing.assert_close(losses['loss_landmark'].item(), 1.0)


def test_offset_loss_draws_the_output_to_five_times_the_offset():
    head = constant(build(refine=True), 1.0)
    previous = torch.full((1, K, 2), 0.3)
    # truth 0.1, previous 0.3: the output should be 5 x (0.3 - 0.1) = 1
    out = head((torch.randn(1, 3, 4, 4),), said(previous))
    losses = head.loss_by_targets(out, targets([0] * K), None)
    assert losses['loss_landmark'].item() == pytest.approx(0, abs=1e-10)


def test_truncated_and_absent_cause_no_position_loss():
    out = zeros(requires_grad=True)
    losses = build().loss_by_targets(out, targets([0, 1, 2, -1]), None)
    (gradient,) = torch.autograd.grad(losses['loss_landmark'], out.landmarks)
    touched = (gradient != 0).all(-1)
    assert touched.tolist() == [[True, True, False, False]]
    assert (gradient[0, 2:] == 0).all()


def test_absent_causes_no_visibility_loss_truncated_does():
    out = zeros(requires_grad=True)
    losses = build().loss_by_targets(out, targets([0, 1, 2, -1]), None)
    (gradient,) = torch.autograd.grad(
        losses['loss_visibility'], out.visibility
    )
    # softmax minus one-hot
    expected = torch.full((4, 3), 1 / 3) - torch.eye(4, 3)
    expected[3] = 0
    torch.testing.assert_close(gradient[0], expected)


def test_position_of_a_truncated_landmark_is_never_read():
    wrong = targets([0, 1, 2, -1])
    wrong.landmarks[:, 2:] = float('nan')
    losses = build().loss_by_targets(zeros(), wrong, None)
    torch.testing.assert_close(losses['loss_landmark'].item(), 0.02)


def test_sample_without_a_position_learns_no_pseudo_label():
    out = zeros(requires_grad=True)
    losses = build().loss_by_targets(
        out, targets([2, 2, 2, -1]), torch.zeros(1, 5) + 0.3
    )
    (gradient,) = torch.autograd.grad(
        losses['loss_pseudo_label'], out.pseudo_label
    )
    assert (gradient == 0).all()


def test_alpha_and_beta_scale_their_own_terms():
    head = build()
    args = zeros(), targets([0, 1, 2, -1]), torch.full((1, 5), 0.5)
    full = head.loss_by_targets(*args)
    head.auxiliary_weights.update(alpha=0.25, beta=0.5)
    less = head.loss_by_targets(*args)
    assert less['loss_landmark'] == full['loss_landmark']
    assert less['loss_visibility'] == 0.25 * full['loss_visibility']
    assert less['loss_pseudo_label'] == 0.5 * full['loss_pseudo_label']


def test_ablations_leave_their_term_out():
    head = build(visibility_weight=0, loss_pseudo_label=None)
    losses = head.loss_by_targets(zeros(), targets([0] * K), torch.ones(1, 5))
    assert set(losses) == {'loss_landmark'}


@pytest.mark.parametrize('overrides', [{}, dict(num_clusters=0)])
def test_whatever_layers_there_are_can_be_initialised(overrides):
    head = build(**overrides)
    head.init_weights()
    assert head.fc_visibility.weight.std() < 0.02


# -------------------------------------- several outputs for the same crops


def test_average_by_hand():
    outputs = [
        StageOutput(*(torch.full_like(f, value) for f in zeros()))
        for value in (1.0, 3.0)
    ]
    for field in build().average(outputs):
        assert (field == 2).all()
