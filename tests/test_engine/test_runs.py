import json
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.logging import MMLogger
from tiny_training import training_config, write_annotations

from dfa_mm.engine import runs
from dfa_mm.engine.checkpoints import CheckpointMismatchError
from dfa_mm.engine.identity import RunMismatchError, identity
from dfa_mm.engine.stages import stage_config


@pytest.fixture
def make_cfg(tmp_path):
    write_annotations(tmp_path / 'data')

    def make(work_dir=tmp_path / 'stage3', stages=3, **options):
        return training_config(work_dir, tmp_path / 'data', stages, **options)

    return make


def leave_checkpoint(cfg, stage, name='epoch_1.pth', **meta):
    """What a training that was interrupted leaves behind."""
    meta = meta or dict(identity=identity(cfg, stage))
    folder = Path(stage_config(cfg, stage).work_dir)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(dict(meta=meta, state_dict={}), folder / name)
    (folder / 'last_checkpoint').write_text(f'/elsewhere/{name}')
    return str(folder / name)


def finish(cfg, stage):
    """What a finished training leaves behind."""
    leave_checkpoint(cfg, stage)
    return runs.mark_finished(cfg, stage)


def test_everything_is_trained_at_first(make_cfg, tmp_path):
    assert runs.stages_to_train(make_cfg()) == [1, 2, 3]
    assert runs.stages_to_train(make_cfg(tmp_path / 'stage2', 2)) == [1, 2]


def test_finished_stages_are_reused(make_cfg):
    cfg = make_cfg()
    finish(cfg, 1)
    assert runs.stages_to_train(cfg) == [2, 3]
    finish(cfg, 2)
    assert runs.stages_to_train(cfg) == [3]
    finish(cfg, 3)
    assert runs.stages_to_train(cfg) == []


def test_what_came_before_a_finished_stage_is_in_it(make_cfg):
    cfg = make_cfg()
    finish(cfg, 2)
    assert runs.stages_to_train(cfg) == [3]


def test_stage_of_a_config_with_fewer_stages_is_the_same(make_cfg, tmp_path):
    finish(make_cfg(tmp_path / 'stage2', 2), 2)
    assert runs.stages_to_train(make_cfg()) == [3]


def test_given_checkpoint_replaces_the_earlier_stages(make_cfg, tmp_path):
    mine = str(tmp_path / 'mine.pth')
    torch.save(dict(state_dict={}), mine)
    cfg = make_cfg(load_from=mine)
    assert runs.stages_to_train(cfg) == [3]
    finish(make_cfg(), 2)
    assert runs.starting_point(cfg, 3) == (mine, False)


def test_stage_starts_from_the_stage_before(make_cfg, tmp_path):
    cfg = make_cfg()
    assert runs.starting_point(cfg, 1) == (None, False)
    checkpoint = finish(cfg, 1)
    assert checkpoint == str(tmp_path / 'stage1' / 'epoch_1.pth')
    assert runs.starting_point(cfg, 2) == (checkpoint, False)


def test_interrupted_stage_goes_on(make_cfg):
    cfg = make_cfg()
    leave_checkpoint(cfg, 1)
    latest = leave_checkpoint(cfg, 1, 'epoch_2.pth')
    assert runs.stages_to_train(cfg) == [1, 2, 3]
    assert runs.starting_point(cfg, 1) == (latest, True)


@pytest.mark.parametrize('note', [None, '', '/else/epoch_7.pth'])
def test_what_the_note_of_it_says_does_not_matter(make_cfg, tmp_path, note):
    cfg = make_cfg()
    latest = leave_checkpoint(cfg, 1)
    path = tmp_path / 'stage1' / 'last_checkpoint'
    path.unlink() if note is None else path.write_text(note)
    assert runs.starting_point(cfg, 1) == (latest, True)


def test_the_latest_is_the_one_trained_longest(make_cfg):
    cfg = make_cfg()
    who = dict(identity=identity(cfg, 1))
    latest = leave_checkpoint(cfg, 1, 'epoch_10.pth', iter=100, **who)
    leave_checkpoint(cfg, 1, 'epoch_9.pth', iter=90, **who)
    assert runs.interrupted_checkpoint(Path(latest).parent) == latest


@pytest.mark.parametrize('left', [0, 0.5])
def test_a_broken_checkpoint_is_named_and_passed_over(
    make_cfg, left, monkeypatch
):
    said = []
    monkeypatch.setattr(MMLogger, 'warning', lambda _, text: said.append(text))
    cfg = make_cfg()
    first = leave_checkpoint(cfg, 1)
    second = Path(leave_checkpoint(cfg, 1, 'epoch_2.pth'))
    content = second.read_bytes()
    second.write_bytes(content[: int(left * len(content))])
    assert runs.starting_point(cfg, 1) == (first, True)
    assert str(second) in said[0]
    Path(first).unlink()
    with pytest.raises(CheckpointMismatchError, match='epoch_2.pth is no'):
        runs.stages_to_train(cfg)


@pytest.mark.parametrize('meta', [None, dict(iter='many')])
def test_a_checkpoint_of_no_iteration_is_passed_over(
    make_cfg, meta, monkeypatch
):
    said = []
    monkeypatch.setattr(MMLogger, 'warning', lambda _, text: said.append(text))
    cfg = make_cfg()
    first = leave_checkpoint(cfg, 1, iter=3, identity=identity(cfg, 1))
    second = Path(leave_checkpoint(cfg, 1, 'epoch_2.pth'))
    torch.save(dict(state_dict={}, meta=meta), second)
    assert runs.starting_point(cfg, 1) == (first, True)
    assert len(said) == (meta is not None)


@pytest.mark.parametrize('note', [b'', b'\xff\xfe\x00'])
def test_a_broken_note_without_checkpoints_is_named(make_cfg, tmp_path, note):
    cfg = make_cfg()
    Path(leave_checkpoint(cfg, 1)).unlink()
    (tmp_path / 'stage1' / 'last_checkpoint').write_bytes(note)
    with pytest.raises(FileNotFoundError, match='last_checkpoint is there'):
        runs.starting_point(cfg, 1)


@pytest.mark.parametrize('record', ['', '{', '[]', '{}'])
def test_a_broken_record_of_divergence_is_named(make_cfg, tmp_path, record):
    cfg = make_cfg()
    leave_checkpoint(cfg, 1)
    (tmp_path / 'stage1' / 'diverged.json').write_text(record)
    with pytest.raises(RunMismatchError, match='does not say what diverged'):
        runs.set_aside_diverged(cfg, 1)


def test_named_checkpoint_goes_before_the_latest(make_cfg):
    cfg = make_cfg()
    first = leave_checkpoint(cfg, 1)
    leave_checkpoint(cfg, 1, 'epoch_2.pth')
    assert runs.starting_point(cfg, 1, first) == (first, True)


def test_work_can_be_moved(make_cfg, tmp_path):
    # last_checkpoint holds an absolute path, finished.json a name
    old = make_cfg(tmp_path / 'a' / 'stage3')
    finish(old, 1)
    leave_checkpoint(old, 2)
    (tmp_path / 'a').rename(tmp_path / 'b')
    (tmp_path / 'data').rename(tmp_path / 'new')
    cfg = training_config(tmp_path / 'b' / 'stage3', tmp_path / 'new')
    assert runs.stages_to_train(cfg) == [2, 3]
    latest = str(tmp_path / 'b' / 'stage2' / 'epoch_1.pth')
    assert runs.starting_point(cfg, 2) == (latest, True)


@pytest.mark.parametrize('forget', ['finished', 'latest'])
def test_missing_checkpoint_is_named(make_cfg, forget):
    cfg = make_cfg()
    path = finish(cfg, 1) if forget == 'finished' else leave_checkpoint(cfg, 1)
    Path(path).unlink()
    with pytest.raises(FileNotFoundError, match='epoch_1.pth.* is missing'):
        runs.stages_to_train(cfg)


# stage 1 with T = 20, called again with T = 5 and other data
OTHER_RUNS = [
    ({'model.stages.0.pseudo_label.temperature': 5}, 'pseudo_label.temper'),
    ({'model.backbone.type': 'VGG'}, 'model.backbone.type'),
    ({'train_dataloader.dataset.data_root': 'other'}, 'annotations_sha256'),
    ({'train_dataloader.dataset.split': 'val'}, 'data.dataset.split'),
    ({'train_cfg.max_epochs': 9}, 'schedule.train_cfg.max_epochs'),
    ({'randomness.seed': 1}, 'seed is 0 there, 1 here'),
]


@pytest.mark.parametrize(('change', 'named'), OTHER_RUNS)
@pytest.mark.parametrize('leave', [leave_checkpoint, finish])
def test_what_another_run_left_is_refused(
    make_cfg, tmp_path, leave, change, named
):
    leave(make_cfg(), 1)
    with pytest.raises(RunMismatchError, match=named) as info:
        runs.stages_to_train(make_cfg(**change))
    # the place, and both ways on
    for part in (str(tmp_path / 'stage1'), '--work-dir', 'delete'):
        assert part in str(info.value)


@pytest.mark.parametrize(('change', 'named'), OTHER_RUNS)
def test_named_checkpoint_of_another_run_is_refused(make_cfg, change, named):
    path = leave_checkpoint(make_cfg(), 1)
    elsewhere = make_cfg('elsewhere/stage3', **change)
    with pytest.raises(RunMismatchError, match=named):
        runs.starting_point(elsewhere, 1, path)


def test_interrupted_later_stage_is_refused_before_an_early_is_trained(
    make_cfg,
):
    leave_checkpoint(make_cfg(), 3)
    with pytest.raises(RunMismatchError, match='seed'):
        runs.stages_to_train(make_cfg(**{'randomness.seed': 1}))


def test_state_of_unknown_origin_is_refused(make_cfg):
    leave_checkpoint(make_cfg(), 1, epoch=1)
    with pytest.raises(RunMismatchError, match='does not say what it is of'):
        runs.stages_to_train(make_cfg())


def test_record_of_unknown_origin_is_refused(make_cfg, tmp_path):
    finish(make_cfg(), 3)
    record = dict(checkpoint='epoch_1.pth')
    (tmp_path / 'stage3' / 'finished.json').write_text(json.dumps(record))
    with pytest.raises(RunMismatchError, match='does not say what it is of'):
        runs.stages_to_train(make_cfg())


@pytest.mark.parametrize(
    'change',
    [
        {'model.stages.2.pseudo_label.temperature': 5},
        {'model.router': dict(threshold=0.3), 'model.routing': 'average'},
        {'default_hooks.checkpoint.interval': 7},
    ],
)
def test_what_concerns_only_later_stages_may_change(make_cfg, change):
    finish(make_cfg(), 2)
    assert runs.stages_to_train(make_cfg(**change)) == [3]


@pytest.mark.parametrize(
    'change',
    [
        # rerun in the same folder with another stage 3, or other settings
        {'model.stages.2.pseudo_label.temperature': 5},
        {'stage_settings': {3: {'train_cfg.max_epochs': 9}}},
        {'stage_settings': {1: {'train_cfg.max_epochs': 9}}},
    ],
)
def test_finished_stage_of_another_run_is_not_just_tested(make_cfg, change):
    for stage in (1, 2, 3):
        finish(make_cfg(), stage)
    with pytest.raises(RunMismatchError):
        runs.stages_to_train(make_cfg(**change))


def test_record_is_complete_or_absent(make_cfg, tmp_path):
    cfg = make_cfg()
    finish(cfg, 1)
    files = sorted(p.name for p in (tmp_path / 'stage1').iterdir())
    assert files == ['epoch_1.pth', 'finished.json', 'last_checkpoint']
    record = json.loads((tmp_path / 'stage1/finished.json').read_text())
    assert record == dict(checkpoint='epoch_1.pth', identity=identity(cfg, 1))


def test_any_other_model_has_one_stage(tmp_path):
    cfg = Config(dict(model=dict(head={}), work_dir=str(tmp_path)))
    assert runs.stages_to_train(cfg) == [1]
    leave_checkpoint(cfg, 1)
    runs.mark_finished(cfg, 1)
    assert runs.stages_to_train(cfg) == []


@pytest.mark.parametrize('record', ['', '{', '[]', '{}', '{"checkpoint": 1}'])
def test_broken_record_is_named(make_cfg, record, tmp_path):
    cfg = make_cfg()
    finish(cfg, 1)
    path = tmp_path / 'stage1/finished.json'
    path.write_text(record)
    with pytest.raises(RunMismatchError, match=r'stage1/finished\.json'):
        runs.stages_to_train(cfg)


def test_run_without_a_checkpoint_is_not_marked(make_cfg, tmp_path):
    # it was resumed from the end of a run in another folder
    with pytest.raises(FileNotFoundError, match='no checkpoint into .*stage3'):
        runs.mark_finished(make_cfg(), 3)
    assert not (tmp_path / 'stage3').exists()
