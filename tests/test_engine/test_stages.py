import pytest
from mmengine.config import Config

from dfa_mm.engine.stages import (
    merge_options,
    num_stages,
    stage_config,
    stage_work_dir,
)


def make_cfg(stages=3, **others):
    model = dict(stages=[{}, {}, {}], num_stages=stages)
    return Config(dict(model=model, work_dir='x/stage3', **others))


@pytest.fixture
def cfg():
    return make_cfg(
        train_cfg=dict(max_epochs=2),
        param_scheduler=[dict(T_max=2)],
        stage_settings={
            1: {'train_cfg.max_epochs': 9, 'param_scheduler.0.T_max': 9},
            2: {'train_cfg.max_epochs': 4},
            3: {'param_scheduler.0.T_max': 5},
        },
    )


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
    assert stage_work_dir(work_dir, stage, last=3) == expected


def test_number_of_stages():
    assert num_stages(make_cfg(2)) == 2
    assert num_stages(make_cfg(None)) == 3
    # any other MMPose model
    assert num_stages(Config(dict(model=dict(head={})))) == 1


def test_stages_may_differ_in_their_training(cfg):
    before = cfg.to_dict()
    found = [stage_config(cfg, stage) for stage in (1, 2, 3)]
    assert [each.train_cfg.max_epochs for each in found] == [9, 4, 2]
    assert [each.param_scheduler[0].T_max for each in found] == [9, 2, 5]
    assert [each.model.num_stages for each in found] == [1, 2, 3]
    assert [each.work_dir[-6:] for each in found] == [
        *('stage1', 'stage2', 'stage3')
    ]
    assert cfg.to_dict() == before


def test_settings_of_an_only_stage_count_too():
    settings = {1: {'train_cfg.max_epochs': 9}}
    cfg = make_cfg(1, train_cfg=dict(max_epochs=2), stage_settings=settings)
    assert stage_config(cfg, 1).train_cfg.max_epochs == 9
    assert stage_config(cfg, 1).work_dir == 'x/stage3'


def test_options_go_before_the_settings_of_single_stages(cfg):
    merge_options(cfg, {'train_cfg.max_epochs': 3})
    found = [stage_config(cfg, stage) for stage in (1, 2, 3)]
    assert [each.train_cfg.max_epochs for each in found] == [3, 3, 3]
    # what the option does not name stays different
    assert found[0].param_scheduler[0].T_max == 9


@pytest.mark.parametrize(
    ('setting', 'option'),
    [
        ({'train_cfg': dict(max_epochs=9)}, {'train_cfg.max_epochs': 3}),
        ({'train_cfg.max_epochs': 9}, {'train_cfg': dict(max_epochs=3)}),
    ],
)
def test_options_go_before_settings_that_name_a_part_or_the_whole(
    setting, option
):
    cfg = make_cfg(train_cfg=dict(max_epochs=2), stage_settings={1: setting})
    merge_options(cfg, option)
    assert stage_config(cfg, 1).train_cfg.max_epochs == 3


def test_options_may_be_of_a_single_stage(cfg):
    merge_options(
        cfg,
        {
            'train_cfg.max_epochs': 3,
            'stage_settings.2.train_cfg.max_epochs': 7,
            'stage_settings.3.model.head.dropout': 0.1,
        },
    )
    found = [stage_config(cfg, stage) for stage in (1, 2, 3)]
    assert [each.train_cfg.max_epochs for each in found] == [3, 7, 3]
    assert found[2].model.head.dropout == 0.1
    assert 'head' not in found[1].model


def test_options_may_bring_settings_of_a_single_stage():
    cfg = make_cfg(train_cfg=dict(max_epochs=2))
    merge_options(cfg, {'stage_settings.1.train_cfg.max_epochs': 5})
    found = [stage_config(cfg, stage) for stage in (1, 2)]
    assert [each.train_cfg.max_epochs for each in found] == [5, 2]
