import pytest
import torch

from dfa_mm.models.pose_estimators import CascadeStage
from dfa_mm.models.pose_estimators.stage_configs import resolve_stage


@pytest.fixture
def parts(make_config):
    config = make_config()
    return dict(backbone=config['backbone'], head=config['head'])


def build(parts, refine=False, **overrides):
    torch.manual_seed(0)
    return CascadeStage(**resolve_stage(parts, overrides, 1, refine))


def test_stage_is_built_as_described(parts):
    stage = build(
        parts,
        refine=True,
        pseudo_label=dict(space='contextual', num_clusters=7),
        branches=2,
    )
    assert len(stage.branches) == 2
    for branch in stage.branches:
        assert branch.head.refine
        assert branch.head.fc_pseudo_label.out_features == 7
        assert branch.head.loss_pseudo_label is not None
    # K = 4: (2 K)^2 products of two coordinates
    assert stage.pseudo_label.centers.shape == (7, 64)


def test_stage_without_pseudo_labels_trains_without(parts):
    stage = build(parts)
    assert stage.pseudo_label is None
    assert stage.branches[0].head.fc_pseudo_label is None
    assert stage.branches[0].head.loss_pseudo_label is None


def test_branches_are_networks_of_their_own(parts):
    easy, hard = build(parts, branches=2).branches
    easy_ids = {id(p) for p in easy.parameters()}
    assert easy_ids.isdisjoint(id(p) for p in hard.parameters())


def test_three_branches_are_refused(parts):
    with pytest.raises(ValueError, match='not 3'):
        build(parts, branches=3)


def test_copied_weights_are_those_that_mean_the_same(parts):
    before = build(parts)
    after = build(parts, refine=True, branches=2)
    outputs = {
        name: value.clone()
        for name, value in after.state_dict().items()
        if 'fc_landmarks' in name or 'fc_pseudo_label' in name
    }
    # as if trained: running statistics are copied too
    before.branches[0].backbone.norm.running_mean.fill_(3.0)
    after.copy_weights_from(before)
    source = before.branches[0]
    for branch in after.branches:
        assert torch.equal(
            branch.backbone.conv.weight, source.backbone.conv.weight
        )
        assert (branch.backbone.norm.running_mean == 3.0).all()
        assert torch.equal(branch.head.fc6.weight, source.head.fc6.weight)
        assert torch.equal(
            branch.head.fc_visibility.weight, source.head.fc_visibility.weight
        )
    for name, value in outputs.items():
        assert torch.equal(after.state_dict()[name], value)


def test_what_the_next_stage_alone_reads_keeps_its_start(parts):
    """fc7 takes the previous landmarks too: 24 inputs instead of 16."""
    before = build(parts)
    after = build(parts, refine=True)
    own = after.branches[0].head.fc7.weight.clone()
    after.copy_weights_from(before)
    widened = after.branches[0].head.fc7.weight
    assert widened.shape == (16, 24)
    assert torch.equal(widened[:, :16], before.branches[0].head.fc7.weight)
    assert torch.equal(widened[:, 16:], own[:, 16:])


def test_number_of_copied_tensors(parts):
    copied = build(parts).copy_weights_from(build(parts))
    # conv 2, norm 5, fc6 2, fc7 2, visibility 2; not landmarks or pseudo-label
    assert copied == 13


def test_layers_of_another_width_are_not_copied(parts):
    narrow = dict(parts, head=dict(parts['head'], fc_channels=(8, 8)))
    after = build(parts)
    own = after.branches[0].head.fc7.weight.clone()
    # conv 2, norm 5, the bias of visibility
    assert after.copy_weights_from(build(narrow)) == 8
    assert torch.equal(after.branches[0].head.fc7.weight, own)
