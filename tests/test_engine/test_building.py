"""Settings that a library refuses end a training in one line."""

import sys
from types import SimpleNamespace

import pytest
from tiny_training import training_config, write_annotations

from dfa_mm.engine.hooks import WholeCheckpointHook
from dfa_mm.engine.training import train_stage
from dfa_mm.errors import SettingsError
from dfa_mm.models.clustering import TrainingSetError
from projects.commands.errors import exit_status


@pytest.fixture
def message(tmp_path):
    """A function: what a training with other settings ends with."""

    def train(error=SettingsError, stages=1, **options):
        write_annotations(tmp_path / 'data')
        cfg = training_config(
            tmp_path / 'run', tmp_path / 'data', stages, **options
        )
        with pytest.raises(error) as info:
            train_stage(cfg, 1)
        assert not (tmp_path / 'run' / 'finished.json').exists()
        assert '\n' not in str(info.value)
        return str(info.value)

    return train


@pytest.mark.parametrize(
    ('options', 'part', 'reason'),
    [
        (
            {'optim_wrapper.optimizer.lr': -1},
            'optim_wrapper',
            'ValueError: Invalid learning rate: -1',
        ),
        (
            {'train_dataloader.batch_size': 0},
            'train_cfg or train_dataloader',
            'batch_size should be a positive integer',
        ),
        (
            {'train_dataloader.persistent_workers': True},
            'train_cfg or train_dataloader',
            'persistent_workers option needs num_workers > 0',
        ),
        ({'randomness.seed': -1}, 'model, hooks', 'Seed must be between'),
        (
            {'model.stages.0.pseudo_label.num_clusters': 0},
            'model, hooks',
            'num_clusters is 0, expected >= 1',
        ),
        (
            {
                'visualizer': dict(
                    type='Visualizer',
                    vis_backends=[dict(type='WandbVisBackend')],
                )
            },
            'model, hooks, visualizer',
            'install wandb',
        ),
    ],
)
def test_what_a_library_says_is_told_with_the_part_of_the_config(
    message, options, part, reason, monkeypatch
):
    # as where it is not installed
    monkeypatch.setitem(sys.modules, 'wandb', None)
    said = message(**options)
    assert said.startswith(part)
    assert 'cannot be built as the config has it' in said
    assert reason in said


@pytest.mark.parametrize('key', ['max_epochs', 'val_interval'])
def test_a_training_of_no_iterations_is_none(message, key):
    said = message(**{f'train_cfg.{key}': 0})
    assert said == f'train_cfg.{key} is 0, expected 1 or more'


def test_no_iterations_by_iterations(message):
    said = message(train_cfg=dict(_delete_=True, by_epoch=False, max_iters=0))
    assert said == 'train_cfg.max_iters is 0, expected 1 or more'


def test_an_epoch_that_never_ends(message):
    said = message(**{'train_dataloader.sampler.type': 'InfiniteSampler'})
    assert 'no epoch ends' in said


@pytest.mark.parametrize('label', [None, dict(space='absolute')])
def test_no_batch_with_and_without_pseudo_label(message, label):
    options = {
        'train_dataloader.batch_size': 64,
        'train_dataloader.drop_last': True,
        'model.stages': [dict(pseudo_label=label)],
        'model.num_stages': 1,
    }
    said = message(TrainingSetError, **options)
    assert said.startswith('the training set gives no batch: it has 12 sampl')
    assert 'train_dataloader.batch_size=64' in said


def test_the_best_by_a_metric_that_is_not_measured():
    hook = WholeCheckpointHook(save_best='NEbox', rule='less')
    runner = SimpleNamespace(epoch=1, iter=3)
    with pytest.raises(SettingsError) as info:
        hook._save_best_checkpoint(runner, {'NE/box': 0.1, 'PDL': 0.5})
    assert str(info.value) == (
        "default_hooks.checkpoint.save_best is 'NEbox', which validation "
        'does not measure; it does NE/box, PDL'
    )


def test_the_command_keeps_how_it_came_about(capsys):
    def chained():
        raise SettingsError('model cannot be built') from TypeError('a')

    def plain():
        raise SettingsError('train_cfg.max_epochs is 0')

    assert exit_status(chained) == 2
    assert 'how it came about: ' in capsys.readouterr().err
    assert exit_status(plain) == 2
    assert 'how it came about' not in capsys.readouterr().err
