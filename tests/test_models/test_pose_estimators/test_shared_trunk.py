import pytest
import torch
from mmpose.registry import MODELS
from tiny_cascade import cascade_config


def build(num_stages=3, **overrides):
    config = cascade_config(num_stages)
    config.update(
        type='SharedTrunkPoseEstimator',
        neck=dict(type='ChannelMapper', in_channels=[4], out_channels=4),
        type_input=dict(in_channels=[4], unknown_prob=0.5),
        **overrides,
    )
    torch.manual_seed(0)
    return MODELS.build(config)


@pytest.fixture
def typed_batch(make_batch):
    def make(size):
        inputs, samples = make_batch(size)
        for sample in samples:
            sample.set_metainfo(dict(clothes_type=2))
        return inputs, samples

    return make


@torch.no_grad()
def test_the_trunk_runs_once_for_all_stages(make_batch):
    model = build(2).eval()
    model.predict(*make_batch(3))
    assert model.trunk['backbone'].seen == [3]
    assert model.stages[1].branches[0].backbone is None


def test_the_trunk_is_trained_with_stage_1_alone():
    for stages, trained in (1, True), (2, False):
        model = build(stages).train()
        flags = {p.requires_grad for p in model.trunk.parameters()}
        assert flags == {trained}
        assert model.trunk['backbone'].training == trained
        assert model.trained_stage.training


@torch.no_grad()
def test_the_type_changes_what_is_seen(typed_batch):
    model = build(1).eval()
    model.trunk['type_input'].embeddings[0].weight[2] = 1.0
    inputs, samples = typed_batch(2)
    told = model.look(inputs, samples)[0]
    assert not torch.allclose(told, model.look(inputs, None)[0])
    model.test_cfg = dict(type_known=False)
    assert torch.equal(
        model.look(inputs, samples)[0], model.look(inputs, None)[0]
    )


@torch.no_grad()
def test_types_are_withheld_from_later_stages_in_training(typed_batch):
    model = build(2).train()
    model.trunk['type_input'].embeddings[0].weight[2] = 100.0
    inputs, samples = typed_batch(16)
    inputs = inputs[:1].expand_as(inputs)
    seen = model.look(inputs, samples)[0].flatten(1)
    assert len(seen.unique(dim=0)) == 2


def test_each_branch_reads_its_samples(typed_batch):
    model = build(3)
    for stage in model.stages:
        truth = torch.rand(32, 4, 2) - 0.5
        stage.pseudo_label.fit(
            truth + torch.randn(32, 4, 2) * 0.1, truth, torch.ones(32, 4)
        )
    errors = model.stages[1].pseudo_label.errors
    model.router.calibrate(torch.rand(8, len(errors)), errors)
    losses = model.loss(*typed_batch(4))
    sum(v for k, v in losses.items() if 'loss' in k).backward()
    assert all(p.grad is None for p in model.trunk.parameters())
