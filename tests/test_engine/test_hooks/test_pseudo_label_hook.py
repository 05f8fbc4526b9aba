import copy
from itertools import islice
from types import SimpleNamespace

import pytest
import torch
from mmengine.dataset import DefaultSampler, InfiniteSampler, pseudo_collate
from mmengine.logging import MMLogger
from mmpose.registry import HOOKS
from torch.utils.data import DataLoader

from dfa_mm.engine.hooks import pseudo_label_hook
from dfa_mm.engine.hooks.pseudo_label_hook import look_at_training_set
from dfa_mm.models.clustering import TrainingSetError


def make_loader(samples, sampler=DefaultSampler, batch_size=12, **arguments):
    return DataLoader(
        samples,
        batch_size,
        sampler=sampler(samples, shuffle=False, **arguments),
        collate_fn=pseudo_collate,
        drop_last=True,
    )


@pytest.fixture
def samples(make_batch):
    """A training set of 36."""
    pairs = zip(*make_batch(36))
    return [dict(inputs=x, data_samples=sample) for x, sample in pairs]


@pytest.fixture
def loader(samples):
    """Of three batches."""
    return make_loader(samples)


@pytest.fixture
def start(loader):
    """Runs the hook as at the start of training."""

    def run(model, iteration=0, dataloader=loader, **arguments):
        runner = SimpleNamespace(
            hooks=[],
            call_hook=lambda name: None,
            model=model,
            iter=iteration,
            train_dataloader=dataloader,
            logger=MMLogger.get_instance('pseudo_label_hook'),
        )
        hook = HOOKS.build(dict(type='PseudoLabelHook', **arguments))
        hook.before_train(runner)
        return model

    return run


@pytest.fixture(autouse=True)
def stacked_inputs(monkeypatch):
    """PoseDataPreprocessor's part that matters here."""
    from mmengine.model import BaseDataPreprocessor

    def forward(self, data, training=False):
        return dict(data, inputs=torch.stack(data['inputs']))

    monkeypatch.setattr(BaseDataPreprocessor, 'forward', forward)


def fitted(model):
    return [bool(stage.pseudo_label.fitted) for stage in model.stages]


def unprepared(make_model, num_stages):
    """Earlier stages are trained, the last one is new."""
    model = make_model(num_stages)
    fresh = make_model(num_stages, prepared=False)
    model.trained_stage.load_state_dict(fresh.trained_stage.state_dict())
    if num_stages == 3:
        model.router.threshold.fill_(float('nan'))
    return model


def test_stage_one_clusters_the_landmarks(make_model, start, loader):
    model = start(make_model(1, prepared=False))
    label = model.stages[0].pseudo_label
    assert label.counts.sum() == 36
    truth = torch.cat(
        [
            sample.gt_instance_labels.keypoint_labels
            for batch in loader
            for sample in batch['data_samples']
        ]
    )
    # the centres' weighted mean is the mean of the training set
    torch.testing.assert_close(
        (label.centers * label.counts[:, None]).sum(0) / 36,
        (truth * 224).flatten(1).mean(0),
        rtol=1e-3,
        atol=1e-3,
    )


def test_stage_two_clusters_the_offsets_of_stage_one(
    make_model, start, loader
):
    model = start(unprepared(make_model, 2))
    view = look_at_training_set(model, loader)
    offsets = (view.previous - view.landmarks) * 224
    label = model.stages[1].pseudo_label
    torch.testing.assert_close(
        (label.centers * label.counts[:, None]).sum(0) / 36,
        offsets.flatten(1).mean(0),
        rtol=1e-3,
        atol=1e-3,
    )
    # and the mean error of the clusters that of the training set
    errors = (view.previous - view.landmarks).norm(dim=-1).mean()
    torch.testing.assert_close(
        (label.errors * label.counts).sum() / 36, errors
    )


def test_stage_three_calibrates_the_router(make_model, start, loader):
    model = start(unprepared(make_model, 3))
    view = look_at_training_set(model, loader)
    errors = model.stages[1].pseudo_label.errors
    easy = (model.router(view.pseudo_label, errors) == 0).sum()
    assert easy == 18


def test_given_threshold_is_kept(make_model, start, make_config):
    from mmpose.registry import MODELS

    model = MODELS.build(make_config(router=dict(threshold=0.3)))
    model.stages.load_state_dict(unprepared(make_model, 3).stages.state_dict())
    assert start(model).router.threshold == pytest.approx(0.3)


def test_earlier_stages_are_left_as_they_are(make_model, start):
    model = unprepared(make_model, 3)
    before = copy.deepcopy(model.finished_stages.state_dict())
    start(model, start_from_previous=True)
    after = model.finished_stages.state_dict()
    assert all(torch.equal(after[k], v) for k, v in before.items())
    assert not any(m.training for s in model.stages[:2] for m in s.modules())


def test_view_sees_every_sample_once_and_in_order(make_model, loader):
    model = make_model(2)
    view = look_at_training_set(model, loader)
    samples = [s for batch in loader for s in batch['data_samples']]
    truth = [s.gt_instance_labels.keypoint_labels for s in samples]
    assert torch.equal(view.landmarks, torch.cat(truth))
    # each batch's outputs beside its own samples
    inputs = torch.stack(list(loader)[1]['inputs'])
    output = model.forward_finished(inputs)[0]
    torch.testing.assert_close(view.previous[12:24], output.landmarks)
    torch.testing.assert_close(view.pseudo_label[12:24], output.pseudo_label)


@pytest.mark.parametrize('iteration', [0, 500])
def test_resumed_run_does_not_fit_again(make_model, start, iteration):
    model = make_model(3)
    before = copy.deepcopy(model.state_dict())
    start(model, iteration, start_from_previous=True)
    after = model.state_dict()
    assert all(torch.equal(after[k], v) for k, v in before.items())


def test_resumed_run_without_pseudo_labels_keeps_its_weights(
    make_model, start
):
    model = make_model(2, stages=[{}, {}], prepared=False)
    before = copy.deepcopy(model.stages.state_dict())
    start(model, 500, start_from_previous=True)
    after = model.stages.state_dict()
    assert all(torch.equal(after[k], v) for k, v in before.items())


def test_fitting_is_the_same_every_time(make_model, start):
    a, b = (start(make_model(1, prepared=False)) for _ in range(2))
    for name in ('centers', 'temperature', 'counts'):
        assert torch.equal(
            getattr(a.stages[0].pseudo_label, name),
            getattr(b.stages[0].pseudo_label, name),
        )


@pytest.mark.parametrize('asked', [True, False])
def test_networks_start_from_the_stage_before_if_asked(
    make_model, start, asked
):
    model = start(unprepared(make_model, 3), start_from_previous=asked)
    source = model.stages[1].branches[0].head.fc6.weight
    for branch in model.stages[2].branches:
        assert torch.equal(branch.head.fc6.weight, source) == asked


def test_untrained_stage_before_is_named(make_model, start):
    with pytest.raises(RuntimeError, match='stage 1 is untrained'):
        start(make_model(2, prepared=False))


def test_averaged_branches_need_no_pseudo_labels(make_model, start):
    # Table 2, "+two-branch" stands on direct regression
    stages = [{}, {}, dict(branches=2)]
    start(make_model(stages=stages, routing='average', prepared=False))


def test_too_small_a_training_set_is_named(make_model, start, samples):
    # fewer samples than a batch, and drop_last
    with pytest.raises(TrainingSetError, match='set gives no batch'):
        start(
            make_model(1, prepared=False), dataloader=make_loader(samples[:11])
        )


def test_an_endless_sampler_is_seen_once(make_model, start, samples):
    endless = make_loader(samples, InfiniteSampler)
    model = start(make_model(1, prepared=False), dataloader=endless)
    assert model.stages[0].pseudo_label.counts.sum() == 36


def test_an_endless_sampler_is_endless_after_the_look(
    make_model, start, samples
):
    endless = make_loader(samples, InfiniteSampler)
    start(make_model(1, prepared=False), dataloader=endless)
    # a pass of three batches, and one more
    assert len([*islice(endless, 4)]) == 4


@pytest.mark.parametrize(
    ('world', 'batch_size', 'batches'),
    # 36 / 12, 18 / 12 rounded up, 36 / 4 / 4 rounded up
    [(1, 12, 3), (2, 12, 2), (4, 4, 3)],
)
def test_each_process_looks_at_its_share_of_an_endless_sampler(
    samples, monkeypatch, world, batch_size, batches
):
    monkeypatch.setattr(pseudo_label_hook, 'get_world_size', lambda: world)
    endless = make_loader(samples, InfiniteSampler, batch_size)
    assert pseudo_label_hook.batches_of_one_pass(endless) == batches
