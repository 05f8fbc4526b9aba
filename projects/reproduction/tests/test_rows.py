"""The rows: what they are at every scale, and that experiments share them."""

from functools import lru_cache
from pathlib import Path

import pytest

from dfa_mm.structures import FLD_SETS
from projects.reproduction import rows, scales
from projects.reproduction.experiments import EXPERIMENTS, UnknownDataError
from projects.reproduction.rows import (
    UnknownRowError,
    choose_rows,
    lineage,
    read_rows,
)
from projects.reproduction.run import make_runs
from projects.reproduction.scales import SCALES, read_budgets

GARMENTS, POSES = SCALES['fld'], SCALES['table4']
CASCADE, DEEPPOSE = 'RoutingTopdownPoseEstimator', 'DeepPoseTopdownEstimator'


@lru_cache(maxsize=None)
def configs_of(group, key):
    """Of every row, by its name."""
    runs = make_runs(SCALES[group][key], [3], Path.cwd() / 'unused')
    return {run.row.name: run.cfg for run in runs}


@pytest.fixture(params=['photos-small', 'fld-paper', 'synthfld-smoke'])
def configs(request):
    return configs_of('fld', request.param)


def label(cfg, stage):
    """Space and temperature of a stage, None without pseudo-labels."""
    found = cfg.model.stages[stage - 1].get('pseudo_label')
    return found and (found.space, found.temperature)


SOFT, OFFSET = ('absolute', 20.0), ('offset', 20.0)
CONTEXTUAL = ('contextual', 'auto')
LADDER = {
    'stage1_direct': ([None], 1, 'route'),
    'stage1_no_visibility': ([None], 1, 'route'),
    'stage1_hard': ([('absolute', 1.0)], 1, 'route'),
    'stage1_soft': ([SOFT], 1, 'route'),
    'stage1_auto': ([('absolute', 'auto')], 1, 'route'),
    'stage2_direct': ([SOFT, None], 1, 'route'),
    'stage2_absolute': ([SOFT, SOFT], 1, 'route'),
    'stage2_offset': ([SOFT, OFFSET], 1, 'route'),
    'stage2_local': ([SOFT, OFFSET], 1, 'route'),
    'stage3_direct': ([SOFT, OFFSET, None], 1, 'route'),
    'stage3_half': ([SOFT, OFFSET, None], 1, 'route'),
    'stage3_two_branch': ([SOFT, OFFSET, None], 2, 'average'),
    'stage3_routed': ([SOFT, OFFSET, None], 2, 'route'),
    'stage3_offset': ([SOFT, OFFSET, OFFSET], 2, 'route'),
    'stage3_contextual': ([SOFT, OFFSET, CONTEXTUAL], 2, 'route'),
    'stage3_local': ([SOFT, OFFSET, CONTEXTUAL], 2, 'route'),
    'direct_triple': ([None], 1, 'route'),
}


def test_ladder_is_what_it_is_called(configs):
    for name, (labels, branches, routing) in LADDER.items():
        cfg, stages = configs[name], len(labels)
        assert cfg.model.type == CASCADE
        assert cfg.model.num_stages == stages
        assert [label(cfg, i + 1) for i in range(stages)] == labels, name
        assert cfg.model.stages[stages - 1].get('branches', 1) == branches
        assert cfg.model.get('routing', 'route') == routing
        without = cfg.model.head.get('visibility_weight') == 0
        assert without == (name == 'stage1_no_visibility')
        assert cfg.randomness.seed == 3
        local = [i for i, s in enumerate(cfg.model.stages) if 'head' in s]
        expected = dict(stage2_local=[1], stage3_local=[1, 2]).get(name, [])
        assert local == expected, name
        for i in local:
            assert cfg.model.stages[i].head.type == 'LocalDFAHead'


def test_rivals_are_what_they_are_called():
    configs = configs_of('fld', 'fld-paper')
    for name, stages in (('deeppose_stage2', 2), ('deeppose', 3)):
        assert configs[name].model.type == DEEPPOSE
        assert configs[name].model.num_stages == stages
    heads = {name: configs[name].model.head.type for name in rows.HEADS}
    assert heads == dict(
        regression='RegressionHead',
        rle='RLEHead',
        simcc='SimCCHead',
        heatmap='HeatmapHead',
    )
    landmarks = len(FLD_SETS['all'])
    assert {row.networks for row in read_rows('deeppose')} == {landmarks}


@pytest.mark.parametrize(
    ('name', 'ancestors'),
    [
        ('stage1_hard', []),
        ('stage2_direct', ['stage1_soft']),
        ('stage3_direct', ['stage1_soft', 'stage2_offset']),
        ('stage3_contextual', ['stage1_soft', 'stage2_offset']),
        ('stage3_local', ['stage1_soft', 'stage2_local']),
        ('deeppose', ['stage1_direct', 'deeppose_stage2']),
    ],
)
def test_what_rows_start_from(name, ancestors):
    found = lineage(GARMENTS['fld-small'].rows, name)
    assert [row.name for row in found] == [*ancestors, name]


def test_chosen_rows_bring_what_they_start_from():
    known = GARMENTS['fld-small'].rows
    found = choose_rows(known, ['stage2_local', 'rle'])
    assert [row.name for row in found] == [
        'stage1_soft',
        'stage2_local',
        'rle',
    ]
    assert choose_rows(known) == list(known)
    with pytest.raises(UnknownRowError, match="'fda'.*stage1_direct, "):
        choose_rows(known, ['fda'])


def test_parents_agree_with_the_stages_they_stand_for(configs):
    """A row's earlier stages are those of the row that it starts from."""
    for row in GARMENTS['fld-small'].rows:
        cfg = configs.get(row.name)
        if row.parent and cfg and cfg.model.type == CASCADE:
            theirs = configs[row.parent]
            for stage in range(1, theirs.model.num_stages + 1):
                assert label(cfg, stage) == label(theirs, stage), row.name


def epochs_of(cfg):
    return cfg.train_cfg.max_epochs, cfg.param_scheduler[1].T_max


@pytest.mark.parametrize(
    ('key', 'stages', 'averaged'),
    [
        ('photos-small', (6, 4, 4), 2),
        ('synthfld-maps', (8, 5, 6), 3),
        ('fld-small', (8, 5, 6), 3),
        ('street-small', (6, 4, 4), 2),
    ],
)
def test_budgets_at_small_scale(key, stages, averaged):
    configs = configs_of('fld', key)
    found = {name: epochs_of(cfg) for name, cfg in configs.items()}
    stage1, stage2, stage3 = ((number,) * 2 for number in stages)
    assert {found[name] for name in rows.LADDER[:4]} == {stage1}
    assert {found[name] for name in rows.LADDER[4:7]} == {stage2}
    assert found['stage3_contextual'] == found['stage3_routed'] == stage3
    # each branch sees as many pictures as a routed one; so does one network
    for name in ('stage3_two_branch', 'stage3_half'):
        assert found[name] == (averaged, averaged)
    assert found['direct_triple'] == (3 * stages[0],) * 2
    # one network for all of the cascade's passes
    for name in set(rows.HEADS) & set(found):
        assert found[name] == (sum(stages),) * 2
    for name in LADDER.keys() & configs.keys():
        assert configs[name].custom_hooks[1].t2 == 500


def test_budgets_of_the_paper():
    configs = configs_of('fld', 'fld-paper')
    found = {name: cfg.train_cfg.max_iters for name, cfg in configs.items()}
    steps = {
        name: configs[name].param_scheduler[0].milestones
        for name in ('stage3_two_branch', 'direct_triple')
    }
    assert found['stage3_contextual'] == 10000
    assert (found['stage3_two_branch'], found['direct_triple']) == (
        5000,
        30000,
    )
    assert found['heatmap'] == 30000
    assert steps == dict(stage3_two_branch=[4000], direct_triple=[24000])


def test_rivals_have_no_auxiliary_losses_to_lower():
    found = read_budgets(
        dict(auxiliary=[1, 2], epochs=dict(stage1=3, whole=4))
    )
    assert found['stage1']['custom_hooks.1.t2'] == 2
    assert found['whole'] == {
        'train_cfg.max_epochs': 4,
        'param_scheduler.1.T_max': 4,
    }


@pytest.mark.parametrize('key', ['smoke', 'small', 'medium', 'paper'])
def test_pose_rows_are_what_they_are_called(key):
    configs = configs_of('table4', key)
    rungs = dict(
        direct=(1, 'route', False),
        stage1=(1, 'route', True),
        stage2=(2, 'route', True),
        two_branch=(3, 'average', True),
        dfa=(3, 'route', True),
    )
    for name, cfg in configs.items():
        rung = name.removeprefix('maps_').removeprefix('local_')
        if name == 'maps_single':
            rung = 'direct'
        if rung in rungs:
            model = cfg.model
            assert (
                model.num_stages,
                model.get('routing', 'route'),
                model.stages[0].get('pseudo_label') is not None,
            ) == rungs[rung], name
            assert ('maps' in model.head) == name.startswith('maps_'), name
    if key != 'medium':
        heads = {n: configs[n].model.head.type for n in ('rle', 'heatmap')}
        assert heads == dict(rle='RLEHead', heatmap='HeatmapHead')


def test_single_network_takes_the_epochs_of_all_stages():
    for key, epochs in (('small', 40), ('paper', 480)):
        assert epochs_of(configs_of('table4', key)['maps_single']) == (
            *(epochs, epochs),
        )
    small = configs_of('table4', 'small')
    assert epochs_of(small['dfa'])[0] == 2 * epochs_of(small['two_branch'])[0]


def test_source_rows():
    configs = configs_of('sources', 'small')
    stages = {name: cfg.model.num_stages for name, cfg in configs.items()}
    assert stages.pop('cascade_stage2') == 2
    assert stages.pop('cascade') == 3
    assert set(stages.values()) == {1}
    # 8 + 5 + 6
    assert configs['single'].train_cfg.max_epochs == 19
    found = lineage(SCALES['sources']['small'].rows, 'cascade')
    assert [row.name for row in found] == ['real', 'cascade_stage2', 'cascade']


@pytest.mark.parametrize(
    ('key', 'variable'),
    [
        ('fld-small', 'FLD_ROOT'),
        ('synthfld-maps', 'SYNTHFLD_ROOT'),
        ('flatlay-small', 'FLATLAY_ROOT'),
        ('street-maps', 'STREET_ROOT'),
        ('synthfld-paper', 'SYNTHFLD_ROOT'),
    ],
)
def test_data_are_chosen_by_the_root(tmp_path, monkeypatch, key, variable):
    for name in ('FLD_ROOT', 'SYNTHFLD_ROOT', 'FLATLAY_ROOT', 'STREET_ROOT'):
        monkeypatch.setenv(name, name.lower())
    found = GARMENTS[key].environment(tmp_path)
    assert found == dict(FLD_ROOT=variable.lower())
    monkeypatch.setenv('FLD_ROOT', found['FLD_ROOT'])
    (run,) = make_runs(GARMENTS[key], [0], tmp_path, names=['direct_triple'])
    dataset = run.cfg.train_dataloader.dataset
    assert dataset.data_root == variable.lower()


def test_both_sets_of_photographs_together():
    cfg = configs_of('fld', 'photos-small')['stage1_soft']
    assert cfg.train_dataloader.dataset.type == 'CombinedLandmarkDataset'
    assert GARMENTS['photos-small'].environment(Path('unused')) == {}


def test_smoke_data_are_drawn_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(scales, 'SMOKE_PICTURES', 3)
    monkeypatch.setattr(scales, 'SMOKE_SIZE', 64)
    folder = tmp_path / 'work/fld/synthfld-smoke'
    made = GARMENTS['synthfld-smoke'].environment(folder)
    place = 'work/fld/synthfld-smoke/data'
    assert made == dict(SYNTHFLD_ROOT=place, FLD_ROOT=place)
    lists = folder / 'data/annotations/fld_all_test.json'
    before = lists.stat().st_mtime_ns
    # elsewhere it has to be named from the root of the file system
    (tmp_path / 'elsewhere').mkdir()
    monkeypatch.chdir(tmp_path / 'elsewhere')
    made = GARMENTS['synthfld-smoke'].environment(folder)
    assert made['FLD_ROOT'] == str(folder / 'data')
    assert lists.stat().st_mtime_ns == before


def test_variables_of_missing_folders_are_named(monkeypatch):
    monkeypatch.setenv('SYNTHFLD_ROOT', '/nowhere')
    text = '/nowhere/annotations/a.json and data/worn_composites/a.json'
    assert scales.naming_variables(text) == ['SYNTHFLD_ROOT', 'WORN_ROOT']


def test_every_row_of_every_scale_has_its_config():
    for name, group in SCALES.items():
        for key, scale in group.items():
            for row in scale.rows:
                assert Path(scale.config(row)).exists(), (name, key, row.name)


def test_experiments_share_their_runs(tmp_path):
    """The same row is the same run, wherever it is asked for."""
    seen = {}
    for name, experiment in EXPERIMENTS.items():
        if not experiment.group:
            continue
        for run in make_runs(experiment.scales['fld-small'], [0], tmp_path):
            kept = (run.row, run.options, run.parent and run.parent.row)
            assert seen.setdefault(run.name, kept) == kept, name
    assert {f'{name}_seed0' for name in rows.LADDER} < set(seen)
    assert {each.group for each in EXPERIMENTS.values()} == {'fld', ''}


def test_data_of_a_scale():
    table2 = EXPERIMENTS['table2']
    assert table2.scale_key('small') == 'photos-small'
    assert table2.scale_key('small', 'synthfld') == 'synthfld-small'
    assert table2.scale_key('paper') == 'fld-paper'
    with pytest.raises(UnknownDataError, match="no data set 'photos'; it has"):
        table2.scale_key('smoke', 'photos')
    assert EXPERIMENTS['table4'].scale_key('small') == 'small'
    assert table2.scale_key('maps') == 'synthfld-maps'
    # what needs the rivals has no such scale, nor both sets of photographs
    assert 'maps' not in EXPERIMENTS['fig5'].data
    assert EXPERIMENTS['cost'].scale_key('small') == 'synthfld-small'
    # rows that a scale need not have
    small, maps = (
        {row.name for row in table2.scales[f'synthfld-{scale}'].rows}
        for scale in ('small', 'maps')
    )
    assert small - maps == set(rows.LOCAL)


def test_comparisons_are_of_known_rows():
    known = dict(
        table2=GARMENTS['fld-small'].rows,
        table3=GARMENTS['fld-small'].rows,
        table4=POSES['small'].rows,
        table4_rivals=POSES['small'].rows,
        sources=SCALES['sources']['small'].rows,
    )
    assert set(known) == set(rows.COMPARISONS)
    for name, pairs in rows.COMPARISONS.items():
        names = {row.name for row in known[name]} | {''}
        assert names.issuperset(each for pair in pairs for each in pair), name
