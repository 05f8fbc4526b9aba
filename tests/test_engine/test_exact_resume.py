"""An interrupted training ends with the numbers of one that was not."""

import random

import numpy as np
import pytest
import torch
from kill_training import same
from mmengine.runner import ValLoop
from mmpose.registry import DATASETS
from tiny_training import (
    TinyDataset,
    interrupt,
    training_config,
    write_annotations,
)

from dfa_mm.engine.random_states import random_states, restore_random_states
from dfa_mm.engine.runs import interrupted_checkpoint
from dfa_mm.engine.training import train_stage

PER_EPOCH = 3
COMPARED = (
    *('state_dict', 'optimizer', 'param_schedulers', 'exact_resume'),
    'ema_state_dict',
)


@DATASETS.register_module(force=True)
class NoisyDataset(TinyDataset):
    """Crops with noise; knows which were read."""

    read = []

    def __getitem__(self, index):
        self.read.append(index)
        sample = dict(self.pairs[index])
        noise = np.random.rand() + random.random() + torch.rand(1)
        sample['inputs'] = sample['inputs'] + noise
        return sample


@pytest.fixture
def make_cfg(tmp_path):
    write_annotations(tmp_path / 'data')

    def make(name, **options):
        cfg = training_config(tmp_path / name, tmp_path / 'data', 1)
        cfg.train_dataloader.dataset.type = 'NoisyDataset'
        cfg.model.head.dropout = 0.5
        cfg.param_scheduler = [
            dict(type='ExponentialLR', gamma=0.5, by_epoch=True),
            dict(type='LinearLR', start_factor=0.1, end=4, by_epoch=False),
        ]
        cfg.custom_hooks.append(dict(type='EMAHook', momentum=0.3))
        cfg.merge_from_dict(options)
        return cfg

    return make


BY_ITERATION = {
    'train_cfg': dict(by_epoch=False, max_iters=6, _delete_=True),
    'default_hooks.checkpoint.by_epoch': False,
}
KINDS = {
    'by epochs': {},
    'within an epoch': {'default_hooks.checkpoint.by_epoch': False},
    'by iterations': BY_ITERATION,
    'endless': {**BY_ITERATION, 'train_dataloader.sampler.type': 'Infinite'},
    'steps of two batches': {
        'default_hooks.checkpoint.by_epoch': False,
        'optim_wrapper.accumulative_counts': 2,
    },
}
KINDS['endless']['train_dataloader.sampler.type'] = 'InfiniteSampler'


def final(cfg):
    return torch.load(interrupted_checkpoint(cfg.work_dir), weights_only=True)


@pytest.mark.parametrize('kind', KINDS)
def test_it_ends_as_without_interruption(make_cfg, kind):
    options = dict(KINDS[kind])
    whole, cut = make_cfg('whole'), make_cfg('cut')
    for cfg in (whole, cut):
        if 'train_cfg' in options:
            cfg.train_cfg = dict(by_epoch=False, max_iters=6)
        cfg.merge_from_dict(
            {k: v for k, v in options.items() if k != 'train_cfg'}
        )
    train_stage(whole, 1)
    # in the second epoch; the pass before training is counted by nobody
    interrupt(train_stage, cut, 1, iterations=5)
    NoisyDataset.read.clear()
    train_stage(cut, 1)
    one, other = final(whole), final(cut)
    assert one['meta']['iter'] == other['meta']['iter'] == 6
    for part in COMPARED:
        assert same(one[part], other[part]), part
    # from the checkpoint after 5 iterations, or the one after 3
    left = 3 if kind == 'by epochs' else 1
    assert len(NoisyDataset.read) == 4 * left


def test_random_states_go_on():
    states = random_states()
    expected = random.random(), np.random.rand(), torch.rand(1)
    random.random(), np.random.rand(), torch.rand(1)
    restore_random_states(states)
    assert expected == (random.random(), np.random.rand(), torch.rand(1))


def validated(cfg):
    cfg.val_dataloader = dict(cfg.train_dataloader, num_workers=0)
    cfg.val_cfg = dict()
    cfg.val_evaluator = dict(type='NormalizedError')
    return cfg


def test_validation_draws_nothing_and_is_caught_up_with(make_cfg, monkeypatch):
    validations, drawn = [], []

    def run(loop):
        loop.runner.call_hook('before_val')
        validations.append(loop.runner.iter)
        drawn.append((random.random(), np.random.rand(), torch.rand(3)))
        loop.runner.call_hook('after_val')

    monkeypatch.setattr(ValLoop, 'run', run)
    train_stage(make_cfg('plain'), 1)
    train_stage(validated(make_cfg('validated')), 1)
    assert validations == [3, 6]
    assert same(
        *(final(make_cfg(n))['state_dict'] for n in ('plain', 'validated'))
    )

    def killed(loop):
        raise KeyboardInterrupt

    cut = validated(make_cfg('cut'))
    with monkeypatch.context() as patch:
        patch.setattr(ValLoop, 'run', killed)
        with pytest.raises(KeyboardInterrupt):
            train_stage(cut, 1)
    validations.clear()
    train_stage(cut, 1)
    assert validations == [3, 6]


def test_an_older_checkpoint_is_gone_on_with_and_said(make_cfg, monkeypatch):
    cfg = make_cfg('cut')
    interrupt(train_stage, cfg, 1, iterations=4)
    path = interrupted_checkpoint(cfg.work_dir)
    content = torch.load(path, weights_only=True)
    for part in ('exact_resume', 'optimizer'):
        del content[part]
    torch.save(content, path)
    said = []
    monkeypatch.setattr(
        'mmengine.logging.MMLogger.warning', lambda _, text: said.append(text)
    )
    train_stage(cfg, 1)
    assert any('holds no random states, no optimizer:' in s for s in said)
    assert final(cfg)['meta']['iter'] == 6
