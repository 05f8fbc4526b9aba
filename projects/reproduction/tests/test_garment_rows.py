"""The rows on garments: what they are, and that experiments share them."""

from functools import lru_cache
from pathlib import Path

import pytest

from projects.reproduction import EXPERIMENTS, UnknownDataError
from projects.reproduction.garments import rows, table2
from projects.reproduction.garments.scales import DATA, SCALES
from projects.reproduction.row import lineage
from projects.reproduction.run import make_runs
from projects.reproduction.surroundings import variables

REPO = Path(__file__).parents[3]
CASCADE, DEEPPOSE = 'RoutingTopdownPoseEstimator', 'DeepPoseTopdownEstimator'


@lru_cache(maxsize=None)
def settings_of(key):
    """Of every row, by its name."""
    scale = SCALES[key]
    with variables({**scale.environment, 'SYNTHFLD_ROOT': 'drawn'}):
        runs = make_runs(scale, [3], REPO / 'unused', REPO)
        return {run.row.name: run.settings for run in runs}


@pytest.fixture(params=['photos-small', 'fld-paper'])
def settings(request):
    return settings_of(request.param)


def label(found, stage):
    """Space and temperature of a stage, None without pseudo-labels."""
    key = f'model.stages.{stage - 1}.pseudo_label'
    if found.get(key, '') is None:
        return None
    return found[f'{key}.space'], found[f'{key}.temperature']


SOFT, OFFSET = ('absolute', 20.0), ('offset', 20.0)
CONTEXTUAL = ('contextual', 'auto')


@pytest.mark.parametrize(
    ('name', 'labels', 'branches', 'routing'),
    [
        (rows.STAGE1_DIRECT, [None], 1, 'route'),
        (rows.STAGE1_NO_VISIBILITY, [None], 1, 'route'),
        (rows.STAGE1_HARD, [('absolute', 1.0)], 1, 'route'),
        (rows.STAGE1_SOFT, [SOFT], 1, 'route'),
        (rows.STAGE1_AUTO, [('absolute', 'auto')], 1, 'route'),
        (rows.STAGE2_DIRECT, [SOFT, None], 1, 'route'),
        (rows.STAGE2_ABSOLUTE, [SOFT, SOFT], 1, 'route'),
        (rows.STAGE2_OFFSET, [SOFT, OFFSET], 1, 'route'),
        (rows.STAGE2_LOCAL, [SOFT, OFFSET], 1, 'route'),
        (rows.STAGE3_DIRECT, [SOFT, OFFSET, None], 1, 'route'),
        (rows.STAGE3_HALF, [SOFT, OFFSET, None], 1, 'route'),
        (rows.STAGE3_TWO_BRANCH, [SOFT, OFFSET, None], 2, 'average'),
        (rows.STAGE3_ROUTED, [SOFT, OFFSET, None], 2, 'route'),
        (rows.STAGE3_OFFSET, [SOFT, OFFSET, OFFSET], 2, 'route'),
        (rows.DFA, [SOFT, OFFSET, CONTEXTUAL], 2, 'route'),
        (rows.STAGE3_LOCAL, [SOFT, OFFSET, CONTEXTUAL], 2, 'route'),
    ],
)
def test_rows_are_what_they_are_called(
    settings, name, labels, branches, routing
):
    found = settings[name]
    stages = len(labels)
    assert found['model.type'] == CASCADE
    assert found['model.num_stages'] == stages
    assert [label(found, i + 1) for i in range(stages)] == labels
    key = f'model.stages.{stages - 1}.branches'
    assert found.get(key, 1) == branches
    assert found['model.routing'] == routing
    without = found.get('model.head.visibility_weight') == 0
    assert without == (name == rows.STAGE1_NO_VISIBILITY)
    assert found['randomness.seed'] == 3


@pytest.mark.parametrize(
    ('name', 'stages'),
    [
        (rows.STAGE2_OFFSET, []),
        (rows.STAGE2_LOCAL, [1]),
        (rows.DFA, []),
        (rows.STAGE3_LOCAL, [1, 2]),
    ],
)
def test_stages_that_look_round_the_landmarks(settings, name, stages):
    keys = [f'model.stages.{stage}.head.sampler' for stage in range(3)]
    found = [i for i, key in enumerate(keys) if key in settings[name]]
    assert found == stages
    assert 'model.head.sampler' not in settings[name]


def test_rivals_are_what_they_are_called(settings):
    assert settings[rows.TRIPLE]['model.num_stages'] == 1
    for name, stages in ((rows.DEEPPOSE2, 2), (rows.DEEPPOSE, 3)):
        assert settings[name]['model.type'] == DEEPPOSE
        assert settings[name]['model.num_stages'] == stages
    heads = {name: settings[name]['model.head.type'] for name in rows.HEADS}
    assert heads == dict(
        regression='RegressionHead',
        rle='RLEHead',
        simcc='SimCCHead',
        heatmap='HeatmapHead',
    )


@pytest.mark.parametrize(
    ('name', 'ancestors'),
    [
        (rows.STAGE1_HARD, []),
        (rows.STAGE2_DIRECT, [rows.STAGE1_SOFT]),
        (rows.STAGE3_DIRECT, [rows.STAGE1_SOFT, rows.STAGE2_OFFSET]),
        (rows.DFA, [rows.STAGE1_SOFT, rows.STAGE2_OFFSET]),
        (rows.STAGE3_LOCAL, [rows.STAGE1_SOFT, rows.STAGE2_LOCAL]),
        (rows.DEEPPOSE, [rows.STAGE1_DIRECT, rows.DEEPPOSE2]),
    ],
)
def test_what_rows_start_from(name, ancestors):
    found = lineage(SCALES['photos-small'].rows, name)
    assert [row.name for row in found] == [*ancestors, name]


def test_parents_agree_with_the_stages_they_stand_for(settings):
    """A row's earlier stages are those of the row that it starts from."""
    scale = SCALES['photos-small']
    for row in scale.rows:
        if row.parent and settings[row.name]['model.type'] == CASCADE:
            theirs = settings[row.parent]
            for stage in range(1, theirs['model.num_stages'] + 1):
                ours = label(settings[row.name], stage)
                assert ours == label(theirs, stage), row.name


@pytest.mark.parametrize(
    ('key', 'stages', 'averaged'),
    [
        ('photos-small', (6, 4, 4), 2),
        ('photos-maps', (6, 4, 4), 2),
        ('synthfld-small', (8, 5, 6), 3),
        ('fld-small', (8, 5, 6), 3),
    ],
)
def test_budgets_at_small_scale(key, stages, averaged):
    settings = settings_of(key)
    epochs = {
        name: (found['train_cfg.max_epochs'], found['param_scheduler.1.T_max'])
        for name, found in settings.items()
    }
    stage1, stage2, stage3 = ((number,) * 2 for number in stages)
    assert {epochs[name] for name in rows.LADDER[:4]} == {stage1}
    assert epochs[rows.STAGE1_AUTO] == stage1
    assert {epochs[name] for name in rows.LADDER[4:7]} == {stage2}
    assert epochs[rows.DFA] == epochs[rows.STAGE3_ROUTED] == stage3
    # each branch sees as many pictures as a routed one
    assert epochs[rows.STAGE3_TWO_BRANCH] == (averaged, averaged)
    # and so does one network
    assert epochs[rows.STAGE3_HALF] == (averaged, averaged)
    assert epochs[rows.TRIPLE] == (3 * stages[0],) * 2
    if key.endswith('small'):
        # one network for all of the cascade's passes
        assert {epochs[name] for name in rows.HEADS} == {(sum(stages),) * 2}
        assert epochs[rows.DEEPPOSE2] == stage2
    assert {
        found['custom_hooks.1.t2']
        for found in settings.values()
        if 'custom_hooks.1.t2' in found
    } == {500}


@pytest.mark.parametrize('name', ['photos', 'synthfld', 'fld'])
def test_maps_differ_from_small_in_the_network_alone(name):
    small, maps = settings_of(f'{name}-small'), settings_of(f'{name}-maps')
    assert set(maps) == set(table2.ROWS)
    network = ('model.backbone.', 'model.neck.', 'model.head.')
    for row, found in maps.items():
        assert found['model.head.maps.channels'] == 128
        assert found['model.head.loss_landmark.type'] == 'LandmarkMapLoss'
        assert found['model.neck.type'] == 'FPN'
        different = {
            key
            for key in {*found, *small[row]}
            if found.get(key) != small[row].get(key)
        }
        assert all(key.startswith(network) for key in different), row


def test_budgets_of_the_paper():
    settings = settings_of('fld-paper')
    iterations = {
        name: (
            found['train_cfg.max_iters'],
            found.get('param_scheduler.0.milestones'),
        )
        for name, found in settings.items()
    }
    assert iterations[rows.DFA] == (10000, [8000])
    assert iterations[rows.STAGE3_TWO_BRANCH] == (5000, [4000])
    assert iterations[rows.TRIPLE] == (30000, [24000])
    assert iterations['heatmap'][0] == 30000


@pytest.mark.parametrize(
    ('key', 'cascade', 'root'),
    [
        ('photos-small', 'CombinedLandmarkDataset', None),
        ('synthfld-small', 'FLDDataset', 'drawn'),
        ('synthfld-smoke', 'FLDDataset', 'drawn'),
        ('fld-small', 'FLDDataset', 'data/fld'),
        ('photos-maps', 'CombinedLandmarkDataset', None),
        ('synthfld-maps', 'FLDDataset', 'drawn'),
        ('fld-maps', 'FLDDataset', 'data/fld'),
    ],
)
def test_data(tmp_path, monkeypatch, key, cascade, root):
    monkeypatch.delenv('FLD_ROOT', raising=False)
    scale = SCALES[key]
    surroundings = {**scale.environment, 'SYNTHFLD_ROOT': 'drawn'}
    if key in ('synthfld-small', 'synthfld-maps'):
        monkeypatch.setenv('SYNTHFLD_ROOT', 'drawn')
        surroundings.update(scale.prepare(tmp_path, REPO))
    with variables(surroundings):
        runs = make_runs(scale, [0], tmp_path, REPO, names=[rows.TRIPLE])
        found = runs[0].settings
    dataset = 'train_dataloader.dataset'
    assert found[f'{dataset}.type'] == cascade
    assert found.get(f'{dataset}.data_root') == root


def test_experiments_share_their_runs(tmp_path):
    """The same row is the same run, wherever it is asked for."""
    seen = {}
    for name, experiment in EXPERIMENTS.items():
        if not experiment.group:
            continue
        scale = experiment.scales['photos-small']
        for run in make_runs(scale, [0], tmp_path, REPO):
            kept = (run.row, run.options, run.parent and run.parent.row)
            assert seen.setdefault(run.name, kept) == kept, name
    assert set(rows.LADDER) < {name[: -len('_seed0')] for name in seen}
    groups = {e.group for e in EXPERIMENTS.values()}
    assert groups == {'fld', ''}


def test_every_row_has_its_config():
    for key, scale in SCALES.items():
        for row in scale.rows:
            assert (REPO / row.config).exists(), (key, row.name)


def test_data_of_a_scale():
    experiment = EXPERIMENTS['table2']
    assert experiment.scale_key('small') == 'photos-small'
    assert experiment.scale_key('small', 'synthfld') == 'synthfld-small'
    assert experiment.scale_key('paper') == 'fld-paper'
    with pytest.raises(UnknownDataError, match="no data set 'photos'; it has"):
        experiment.scale_key('smoke', 'photos')
    assert EXPERIMENTS['table4'].scale_key('small') == 'small'
    # what needs the rivals has no such scale
    assert experiment.scale_key('maps') == 'photos-maps'
    assert 'maps' not in EXPERIMENTS['fig5'].data
    # rows that a scale need not have
    small, maps = (
        {row.name for row in experiment.scales[f'photos-{scale}'].rows}
        for scale in ('small', 'maps')
    )
    assert small - maps == {rows.STAGE2_LOCAL, rows.STAGE3_LOCAL}
    assert not any('maps' in key for key in EXPERIMENTS['cost'].scales)
    keys = {f'{name}-{scale}' for scale in DATA for name in DATA[scale]}
    assert keys == set(SCALES)
