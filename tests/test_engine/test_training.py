import json
from pathlib import Path

import pytest
import torch
from mmengine.runner import Runner
from tiny_training import interrupt, training_config, write_annotations

from dfa_mm.engine import runs
from dfa_mm.engine.checkpoints import CheckpointMismatchError
from dfa_mm.engine.hooks import DivergedError
from dfa_mm.engine.identity import RunMismatchError, identity
from dfa_mm.engine.training import train_stage
from dfa_mm.models.pose_estimators.pairing import PairingError

TEMPERATURE = 'model.stages.0.pseudo_label.temperature'


@pytest.fixture
def make_cfg(tmp_path):
    write_annotations(tmp_path / 'data')

    def make(name='x_stage3', stages=3, **options):
        return training_config(
            tmp_path / name, tmp_path / 'data', stages, **options
        )

    return make


def load(path):
    return torch.load(path, weights_only=True)


def test_every_checkpoint_says_what_it_is(make_cfg, tmp_path):
    cfg = make_cfg()
    train_stage(cfg, 1)
    folder = tmp_path / 'x_stage1'
    for name in ('epoch_1.pth', 'epoch_2.pth'):
        assert load(folder / name)['meta']['identity'] == identity(cfg, 1)
    record = json.loads((folder / 'finished.json').read_text())
    assert record == dict(checkpoint='epoch_2.pth', identity=identity(cfg, 1))


def test_stages_are_trained_one_on_the_other(make_cfg, tmp_path):
    cfg = make_cfg()
    for stage in runs.stages_to_train(cfg):
        train_stage(cfg, stage)
    before, after = (
        load(tmp_path / f'x_stage{stage}' / 'epoch_2.pth')['state_dict']
        for stage in (2, 3)
    )
    assert before.keys() < after.keys()
    assert all(torch.equal(after[k], v) for k, v in before.items())
    assert runs.stages_to_train(cfg) == []


def test_interrupted_run_ends_as_if_it_was_not(make_cfg, tmp_path):
    cfg = make_cfg(stages=1)
    train_stage(make_cfg('whole_stage1', stages=1), 1)
    # three iterations an epoch
    interrupt(train_stage, make_cfg(stages=1), 1, iterations=4)
    folder = tmp_path / 'x_stage3'
    assert runs.finished_checkpoint(str(folder)) is None
    train_stage(cfg, 1)
    one, other = (
        load(tmp_path / name / 'epoch_2.pth')
        for name in ('whole_stage1', 'x_stage3')
    )
    assert one['meta']['iter'] == other['meta']['iter'] == 6
    # the clusters are those of before the interruption
    centers = 'stages.0.pseudo_label.centers'
    assert torch.equal(
        one['state_dict'][centers], other['state_dict'][centers]
    )


def test_run_is_not_gone_on_with_as_another(make_cfg, tmp_path):
    # stage 1 at T = 20, called again with T = 5 and other data
    cfg = make_cfg(stages=1, **{TEMPERATURE: 20.0})
    interrupt(train_stage, cfg, 1, iterations=4)
    write_annotations(tmp_path / 'other', seed=1)
    other = make_cfg(
        stages=1,
        **{
            TEMPERATURE: 5.0,
            'train_dataloader.dataset.data_root': str(tmp_path / 'other'),
        },
    )
    with pytest.raises(RunMismatchError) as info:
        train_stage(other, 1)
    assert f'{TEMPERATURE} is 20.0 there, 5.0 here' in str(info.value)
    assert 'data.dataset.annotations_sha256 is' in str(info.value)
    assert runs.finished_checkpoint(str(tmp_path / 'x_stage3')) is None


def test_named_checkpoint_does_not_go_round_the_check(make_cfg, tmp_path):
    train_stage(make_cfg(stages=1), 1)
    other = make_cfg('y_stage1', stages=1, **{TEMPERATURE: 5.0})
    with pytest.raises(RunMismatchError, match='5.0 here'):
        train_stage(other, 1, str(tmp_path / 'x_stage3' / 'epoch_1.pth'))


@pytest.fixture
def stage_one(make_cfg, tmp_path):
    """A finished stage 1."""
    train_stage(make_cfg('one_stage1', stages=1), 1)
    return str(tmp_path / 'one_stage1' / 'epoch_2.pth')


def test_given_checkpoint_starts_a_stage(make_cfg, stage_one, tmp_path):
    train_stage(make_cfg('two_stage2', 2, load_from=stage_one), 2)
    record = json.loads((tmp_path / 'two_stage2/finished.json').read_text())
    assert record['identity'] == identity(make_cfg(stages=2))


def nothing_was_trained(folder):
    return not list(Path(folder).rglob('*.pth'))


@pytest.mark.parametrize('said', [True, False])
def test_checkpoint_of_another_network_starts_no_stage(
    make_cfg, stage_one, tmp_path, said
):
    if not said:
        torch.save(dict(state_dict=load(stage_one)['state_dict']), stage_one)
    cfg = make_cfg('two_stage2', 2, load_from=stage_one)
    cfg.model.backbone = dict(type='ResNet', depth=18, out_indices=(3,))
    cfg.model.head.in_channels = 512
    error = RunMismatchError if said else CheckpointMismatchError
    with pytest.raises(error) as info:
        train_stage(cfg, 2)
    sides = (
        ["'TinyBackbone' there, 'ResNet' here"]
        if said
        else ['are missing', 'backbone.conv1.weight']
    )
    for side in sides:
        assert side in str(info.value)
    assert nothing_was_trained(tmp_path / 'two_stage2')


def test_checkpoint_of_an_earlier_stage_starts_no_later_one(
    make_cfg, stage_one, tmp_path
):
    space = "model.stages.1.pseudo_label.space is nothing there, 'offset' here"
    with pytest.raises(RunMismatchError, match=space):
        train_stage(make_cfg('three_stage3', load_from=stage_one), 3)
    assert nothing_was_trained(tmp_path / 'three_stage3')


def test_checkpoint_that_says_to_be_something_else_is_refused(
    make_cfg, stage_one
):
    # names and shapes agree
    cfg = make_cfg('two_stage2', 2, load_from=stage_one)
    cfg.model.head.decoder.margin = 0.3
    with pytest.raises(RunMismatchError, match='margin is nothing there, 0.3'):
        train_stage(cfg, 2)


def test_diverged_run_stops_and_is_not_finished(make_cfg, tmp_path):
    cfg = make_cfg(stages=1, **{'optim_wrapper.optimizer.lr': 1e30})
    with pytest.raises(DivergedError) as caught:
        train_stage(cfg, 1)
    text = str(caught.value)
    assert text.startswith(f'iteration 2 in {cfg.work_dir}: loss')
    assert 'optim_wrapper.optimizer.lr' in text
    assert runs.finished_checkpoint(str(tmp_path / 'x_stage3')) is None
    # nothing of it is left to go on from
    assert runs.interrupted_checkpoint(str(tmp_path / 'x_stage3')) is None


def test_other_settings_train_where_it_diverged(make_cfg, tmp_path):
    # in the second epoch: the checkpoint of the first is sound
    wrong = make_cfg(stages=1)
    wrong.param_scheduler = [
        dict(type='StepLR', step_size=1, gamma=1e30, by_epoch=True)
    ]
    with pytest.raises(DivergedError, match='the folder may stay as it is'):
        train_stage(wrong, 1)
    folder = tmp_path / 'x_stage3'
    assert (folder / 'epoch_1.pth').exists()
    right = make_cfg(stages=1)
    train_stage(right, 1)
    kept = sorted(path.name for path in (folder / 'diverged_1').iterdir())
    assert kept == ['diverged.json', 'epoch_1.pth', 'last_checkpoint']
    assert not (folder / 'diverged.json').exists()
    finished = runs.finished_checkpoint(str(folder))
    assert load(finished)['meta']['identity'] == identity(right, 1)
    # one that did not diverge is another run's still
    with pytest.raises(RunMismatchError):
        train_stage(wrong, 1)


def test_what_diverged_is_gone_on_with_by_its_own_settings(make_cfg, tmp_path):
    wrong = make_cfg(stages=1, **{'optim_wrapper.optimizer.lr': 1e30})
    for _ in range(2):
        with pytest.raises(DivergedError):
            train_stage(wrong, 1)
    assert not [*(tmp_path / 'x_stage3').glob('diverged_*')]


def test_rate_is_scaled_in_the_optimizer(make_cfg, monkeypatch):
    # batch 80 where the rate is meant for 40
    cfg = make_cfg(
        stages=1,
        auto_scale_lr=dict(enable=True, base_batch_size=40),
        **{'train_dataloader.batch_size': 80, 'train_cfg.max_epochs': 1},
    )
    rates = []
    step = Runner.call_hook

    def call_hook(self, name, **arguments):
        if name == 'before_train_iter':
            rates.extend(self.optim_wrapper.get_lr()['lr'])
        step(self, name, **arguments)

    monkeypatch.setattr(Runner, 'call_hook', call_hook)
    train_stage(cfg, 1)
    assert rates == pytest.approx([0.02])


def test_networks_that_do_not_fit_are_told_before_the_data_are_read(
    make_cfg, tmp_path
):
    cfg = make_cfg(stages=1)
    cfg.model.head.in_channels = 5
    (tmp_path / 'data' / 'train.json').unlink()
    with pytest.raises(PairingError, match='in_channels'):
        train_stage(cfg, 1)
