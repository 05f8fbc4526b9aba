import json
from pathlib import Path

import pytest
from mmengine.config import Config

from dfa_mm.engine import cascade
from dfa_mm.engine.cascade import StageMismatchError


def make_cfg(work_dir, stages=3, **overrides):
    """A cascade described by three stages."""
    cfg = dict(
        model=dict(
            type='RoutingTopdownPoseEstimator',
            backbone=dict(type='TinyBackbone'),
            stages=[dict(a=1), dict(b=2), dict(c=3)],
            num_stages=stages,
            router=dict(threshold=None),
        ),
        train_dataloader=dict(dataset=dict(data_root='data/fld')),
        work_dir=str(work_dir),
        load_from=None,
    )
    cfg.update(overrides)
    return Config(cfg)


def finish(cfg, stage, name='epoch_1.pth'):
    """Leave behind what a finished training of one stage does."""
    stage_cfg = cascade.stage_config(cfg, stage)
    folder = Path(stage_cfg.work_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b'weights')
    (folder / 'last_checkpoint').write_text(f'/elsewhere/{name}')
    return cascade.mark_finished(stage_cfg)


@pytest.mark.parametrize(
    ('work_dir', 'stage', 'expected'),
    [
        ('work_dirs/dfa_fld_stage3', 3, 'work_dirs/dfa_fld_stage3'),
        ('work_dirs/dfa_fld_stage3', 1, 'work_dirs/dfa_fld_stage1'),
        ('out', 3, 'out'),
        ('out', 2, 'out/stage2'),
        ('stage3/out', 2, 'stage3/out/stage2'),
        ('my_stage2', 1, 'my_stage2/stage1'),
    ],
)
def test_stage_work_dir(work_dir, stage, expected):
    assert cascade.stage_work_dir(work_dir, stage, last=3) == expected


def test_stages_may_differ_in_their_training(tmp_path):
    settings = {
        1: {'train_cfg.max_epochs': 9, 'param_scheduler.0.T_max': 9},
        2: {'train_cfg.max_epochs': 4},
    }
    cfg = make_cfg(
        tmp_path,
        train_cfg=dict(max_epochs=2),
        param_scheduler=[dict(T_max=2)],
        stage_settings=settings,
    )
    found = [cascade.stage_config(cfg, stage) for stage in (1, 2, 3)]
    assert [each.train_cfg.max_epochs for each in found] == [9, 4, 2]
    assert [each.param_scheduler[0].T_max for each in found] == [9, 2, 2]
    # and what was handed in stays as it was
    assert cfg.train_cfg.max_epochs == 2


def test_settings_of_an_only_stage_count_too(tmp_path):
    cfg = make_cfg(
        tmp_path,
        stages=1,
        train_cfg=dict(max_epochs=2),
        stage_settings={1: {'train_cfg.max_epochs': 9}},
    )
    assert cascade.stage_config(cfg, 1).train_cfg.max_epochs == 9
    assert cascade.stage_config(cfg, 1).work_dir == str(tmp_path)


@pytest.mark.parametrize('key', ['data_root', 'subset', 'convention'])
def test_stages_on_other_data_are_not_built_on(tmp_path, key):
    one, other = (
        make_cfg(tmp_path, train_dataloader=dict(dataset={key: value}))
        for value in ('a', 'b')
    )
    finish(one, 1)
    with pytest.raises(StageMismatchError, match='another data'):
        cascade.stage_config(other, 2)


def test_number_of_stages():
    assert cascade.num_stages(make_cfg('out', 2)) == 2
    assert cascade.num_stages(make_cfg('out', None)) == 3
    # any other MMPose model
    assert cascade.num_stages(Config(dict(model=dict(head={})))) == 1


def test_everything_is_trained_at_first(tmp_path):
    cfg = make_cfg(tmp_path / 'stage3')
    assert cascade.stages_to_train(cfg) == [1, 2, 3]
    assert cascade.stages_to_train(make_cfg(tmp_path / 'stage2', 2)) == [1, 2]


def test_finished_stages_are_reused(tmp_path):
    cfg = make_cfg(tmp_path / 'stage3')
    finish(cfg, 1)
    assert cascade.stages_to_train(cfg) == [2, 3]
    finish(cfg, 2)
    assert cascade.stages_to_train(cfg) == [3]
    finish(cfg, 3)
    assert cascade.stages_to_train(cfg) == []


def test_what_came_before_a_finished_stage_is_in_it(tmp_path):
    cfg = make_cfg(tmp_path / 'stage3')
    finish(cfg, 2)
    assert cascade.stages_to_train(cfg) == [3]


def test_interrupted_stage_is_not_finished(tmp_path):
    cfg = make_cfg(tmp_path / 'stage3')
    folder = tmp_path / 'stage1'
    folder.mkdir()
    (folder / 'last_checkpoint').write_text('epoch_1.pth')
    (folder / 'epoch_1.pth').touch()
    assert cascade.stages_to_train(cfg) == [1, 2, 3]


def test_given_checkpoint_replaces_the_earlier_stages(tmp_path):
    cfg = make_cfg(tmp_path / 'stage3', load_from='mine.pth')
    assert cascade.stages_to_train(cfg) == [3]
    finish(make_cfg(tmp_path / 'stage3'), 2)
    assert cascade.stage_config(cfg, 3).load_from == 'mine.pth'


def test_stage_starts_from_the_stage_before(tmp_path):
    cfg = make_cfg(tmp_path / 'stage3')
    checkpoint = finish(cfg, 1)
    assert checkpoint == str(tmp_path / 'stage1' / 'epoch_1.pth')
    stage_two = cascade.stage_config(cfg, 2)
    assert stage_two.load_from == checkpoint
    assert stage_two.model.num_stages == 2
    assert stage_two.work_dir == str(tmp_path / 'stage2')


def test_config_of_a_stage_leaves_the_cascades_alone(tmp_path):
    cfg = make_cfg(tmp_path / 'stage3')
    finish(cfg, 1)
    before = cfg.to_dict()
    cascade.stage_config(cfg, 2)
    assert cfg.to_dict() == before


def test_finished_work_can_be_moved(tmp_path):
    # last_checkpoint holds an absolute path, finished.json a name
    finish(make_cfg(tmp_path / 'a' / 'stage3'), 1)
    (tmp_path / 'a').rename(tmp_path / 'b')
    moved = make_cfg(tmp_path / 'b' / 'stage3')
    found = cascade.stage_config(moved, 2).load_from
    assert found == str(tmp_path / 'b' / 'stage1' / 'epoch_1.pth')


def test_missing_checkpoint_is_named(tmp_path):
    cfg = make_cfg(tmp_path / 'stage3')
    Path(finish(cfg, 1)).unlink()
    with pytest.raises(FileNotFoundError, match='epoch_1.pth is missing'):
        cascade.stages_to_train(cfg)


@pytest.mark.parametrize(
    ('change', 'named'),
    [
        (dict(model=dict(backbone=dict(type='VGG'))), 'network'),
        (dict(model=dict(stages=[dict(a=9), {}, {}])), 'stages'),
        (
            dict(train_dataloader=dict(dataset=dict(data_root='other'))),
            'data',
        ),
    ],
)
def test_stage_trained_as_something_else_is_refused(tmp_path, change, named):
    cfg = make_cfg(tmp_path / 'stage3')
    finish(cfg, 1)
    cfg.merge_from_dict(change)
    with pytest.raises(StageMismatchError, match=f'another {named}') as info:
        cascade.stage_config(cfg, 2)
    # both ways on, and the place
    for part in (str(tmp_path / 'stage1'), '--work-dir', 'load_from'):
        assert part in str(info.value)


@pytest.mark.parametrize(
    'change',
    [
        dict(model=dict(stages=[dict(a=1), dict(b=2), dict(c=9)])),
        dict(model=dict(router=dict(threshold=0.3), routing='average')),
        dict(train_dataloader=dict(batch_size=7)),
    ],
)
def test_what_concerns_only_later_stages_may_change(tmp_path, change):
    cfg = make_cfg(tmp_path / 'stage3')
    checkpoint = finish(cfg, 2)
    cfg.merge_from_dict(change)
    assert cascade.stage_config(cfg, 3).load_from == checkpoint


def test_combined_datasets_are_told_apart(tmp_path):
    def combined(*roots):
        parts = [dict(type='FLDDataset', data_root=r) for r in roots]
        dataset = dict(type='CombinedDataset', datasets=parts)
        return make_cfg(
            tmp_path / 'stage3', train_dataloader=dict(dataset=dataset)
        )

    finish(combined('a', 'b'), 1)
    assert cascade.stage_config(combined('a', 'b'), 2).load_from
    with pytest.raises(StageMismatchError, match='another data'):
        cascade.stage_config(combined('a', 'c'), 2)


def test_finished_stage_of_another_model_is_not_just_tested(tmp_path):
    # rerun in the same folder with another stage 3
    cfg = make_cfg(tmp_path / 'stage3')
    for stage in (1, 2, 3):
        finish(cfg, stage)
    cfg.model.stages[2] = dict(c=9)
    with pytest.raises(StageMismatchError, match='another stages'):
        cascade.stages_to_train(cfg)


def test_record_is_complete_or_absent(tmp_path):
    finish(make_cfg(tmp_path / 'stage3'), 1)
    files = sorted(p.name for p in (tmp_path / 'stage1').iterdir())
    assert files == ['epoch_1.pth', 'finished.json', 'last_checkpoint']
    record = json.loads((tmp_path / 'stage1/finished.json').read_text())
    assert record['checkpoint'] == 'epoch_1.pth'
    assert record['identity']['stages'] == [dict(a=1)]
