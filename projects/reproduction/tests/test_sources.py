"""What training data are worth: rows, mixtures, verdicts, and the tool."""

import cv2
import pytest
from garment_files import (
    cells,
    detected,
    error,
    fabricate,
    lines,
    load_settings,
    metrics,
)
from mmengine.config import Config
from reproduction_files import read_json
from test_reproduce_tool import REPO, load

from dfa_mm.engine.requirements import MissingFilesError
from projects.reproduction.garments import source_rows, sources
from projects.reproduction.garments.source_rows import (
    SCALES,
    TRAINED_ON,
    check_sources,
)
from projects.reproduction.garments.source_sheet import worst_and_others
from projects.reproduction.report import ReportInput
from projects.reproduction.row import lineage
from projects.reproduction.run import make_runs
from projects.reproduction.surroundings import variables

ROWS = SCALES['small'].rows
ROOTS = {source.variable: source.label for source in source_rows.SOURCES}


@pytest.fixture(scope='module')
def settings():
    with variables(ROOTS):
        runs = make_runs(SCALES['small'], [3], REPO / 'unused', REPO)
        return {run.row.name: run.settings for run in runs}


@pytest.mark.parametrize('row', ROWS, ids=lambda row: row.name)
def test_mixtures_are_what_the_report_says(row):
    with variables(ROOTS):
        cfg = Config.fromfile(REPO / row.config)
    dataset = cfg.train_dataloader.dataset
    labels = [source.label for source in TRAINED_ON[row.name]]
    assert [part.data_root for part in dataset.datasets] == labels
    assert len(dataset.shares) == len(labels)
    assert all(part.split == 'train' for part in dataset.datasets)
    real = ('real, flat', 'real, worn')
    assert [
        (part.data_root, part.split, part.pipeline[-1].name)
        for part in cfg.test_dataloader.dataset.datasets
    ] == list(
        zip(
            (real[0], real[0], real[1], real[1]),
            ['test'] * 4,
            sources.VIEWS,
        )
    )


def test_budgets_are_equal(settings):
    epochs = {
        name: (found['train_cfg.max_epochs'], found['param_scheduler.1.T_max'])
        for name, found in settings.items()
    }
    mixtures = ('real', 'drawn', 'synthetic', 'both', 'self')
    assert {epochs[name] for name in mixtures} == {(8, 8)}
    assert epochs['cascade_stage2'] == (5, 5)
    assert epochs['cascade'] == (6, 6)
    # 8 + 5 + 6
    assert epochs['single'] == (19, 19)
    for found in settings.values():
        # 90 iterations of 16
        assert found['train_dataloader.dataset.size'] == 1440
        assert found['train_dataloader.batch_size'] == 16
    stages = {n: found['model.num_stages'] for n, found in settings.items()}
    assert stages == dict(
        dict.fromkeys((*mixtures, 'single'), 1), cascade_stage2=2, cascade=3
    )
    assert [row.name for row in lineage(ROWS, 'cascade')] == [
        *('real', 'cascade_stage2', 'cascade')
    ]


def test_missing_sets_are_named(tmp_path):
    for name in ('flat', 'worn'):
        folder = tmp_path / name / 'annotations'
        folder.mkdir(parents=True)
        for split in ('train', 'test'):
            (folder / f'fld_all_{split}.json').write_text('{}')
    roots = {v: str(tmp_path / 'nowhere') for v in ROOTS}
    roots.update(
        FLATLAY_ROOT=str(tmp_path / 'flat'), STREET_ROOT=str(tmp_path / 'worn')
    )
    real, drawn = ROWS[:2]
    with variables(roots):
        check_sources([real])
        with pytest.raises(MissingFilesError) as caught:
            check_sources([real, drawn])
    text = str(caught.value)
    assert 'SYNTHFLD_ROOT=' in text
    assert f'synth_fld.py {tmp_path}/nowhere' in text
    assert 'WORN_ROOT' not in text
    with variables(ROOTS):
        check_sources([])


def test_tool_trains_nothing_where_a_set_is_missing(
    tool, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv('SYNTHFLD_ROOT', str(tmp_path / 'nowhere'))
    words = ['sources', '--rows', 'drawn', '--work-dir', str(tmp_path)]
    assert tool.main(words) == 1
    assert 'SYNTHFLD_ROOT=' in capsys.readouterr().err
    assert not list(tmp_path.rglob('train.log'))


def test_worst_and_others():
    errors = [0.1, 0.9, None, 0.5, 0.2, 0.3, 0.4]
    # all of the two worst, then the ends of .4 .3 .2 .1
    assert worst_and_others(errors, 2, 2) == [1, 3, 6, 0]
    assert worst_and_others(errors, 2, 9) == [1, 3, 6, 5, 4, 0]
    assert worst_and_others([None], 2, 2) == []


# Mean NE of the flat box by seed; whole is a half more, worn twice as much.
NE = dict(
    real=(0.030, 0.028),
    drawn=(0.110, 0.130),
    synthetic=(0.09, 0.08),
    both=(0.028, 0.024),
    self=(0.027, 0.025),
    cascade_stage2=(0.027, 0.026),
    cascade=(0.02, 0.022),
)
FACTORS = dict(zip(sources.VIEWS, (1, 1.5, 2, 3)))


def view_of(ne):
    groups = dict(clothes_type=dict(upper=dict(mean=2 * ne, count=4)))
    return dict(
        metrics(
            error(ne, 40, {'left collar': ne / 2}, **groups),
            detected(1 - 4 * ne),
        ),
        presence=dict(garments=0.95),
    )


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Two seeds of everything but ``single``."""
    monkeypatch.setattr(
        'projects.reproduction.run.load_settings', load_settings
    )
    runs = make_runs(SCALES['small'], (0, 1), tmp_path / 'runs', tmp_path)
    for run in runs:
        if run.row.name in NE:
            ne = NE[run.row.name][run.seed]
            views = {view: view_of(ne * f) for view, f in FACTORS.items()}
            fabricate(run, dict(datasets=views))
    return ReportInput(
        experiment='sources',
        scale='small',
        rows=ROWS,
        runs=runs,
        folder=tmp_path / 'report',
        command=['python', 'tools/reproduce.py', 'sources'],
        states={},
        photographs=False,
    )


def test_results_and_goals(report):
    path = sources.write_report(report)
    found = cells(path, 'real photographs', 'Results')
    assert found[1:5] == [
        *('0.0290 ± 0.0010', '0.0435 ± 0.0015'),
        *('0.0580 ± 0.0020', '0.0870 ± 0.0030'),
    ]
    assert cells(path, 'real, one stage', 'Results')[1] == '-'
    assert cells(path, '`real`', 'Goals')[1:] == ['reached'] * 4
    # .12 instead of .10, the only goal of synthetic pictures
    missed = ['missed by 0.0200', '-', '-', '-']
    assert cells(path, '`drawn`', 'Goals')[1:] == missed
    assert cells(path, '`synthetic`', 'Goals')[1] == 'reached'
    assert cells(path, '`single`', 'Goals')[1:] == ['-'] * 4
    assert '`single`, seed 0: not finished' in path.read_text()
    assert cv2.imread(str(path.parent / 'sources.png')) is not None


def test_steps(report):
    path = sources.write_report(report)
    found = {
        line[1]: line[2]
        for line in lines(path, 'the same and self-lab', 'Step by step')
    }
    # -.001 and .001; -.003 and -.003
    assert found == {
        '`both`': '+0.0000 ± 0.0010 (within noise)',
        '`real`': '-0.0030 ± 0.0000 (better)',
    }
    worse = lines(path, 'drawn garments and', 'Step by step')
    assert worse[1][2] == '+0.0560 ± 0.0040 (worse)'
    assert cells(path, 'real, stage 3', 'Step by step')[2].endswith('(better)')


def test_groups_and_json(report):
    path = sources.write_report(report)
    section = 'NE box by landmark and clothes type, worn box'
    found = cells(path, '`real`', section)
    # .058 / 2, .058 and twice that
    assert (found[1], found[2]) == ('0.0290 ± 0.0010', '0.0580 ± 0.0020')
    assert found[9] == '0.1160 ± 0.0040'
    content = read_json(path.parent / 'report.json')
    numbers = content['rows']['real']['seeds']['0']['numbers']
    assert numbers['worn whole, NE box'] == pytest.approx(0.09)
    assert numbers['flat box, PDL@15'] == pytest.approx(0.88)
    assert numbers['flat box, type known'] == 0.95
    assert sources.best_row(report) == 'cascade'


@pytest.fixture(scope='module')
def tool():
    return load(REPO / 'tools/reproduce.py')


@pytest.mark.slow
def test_smoke(tool, tmp_path, capfd):
    pytest.importorskip(
        'efficientnet_lite_pytorch', reason="the small scale's backbone"
    )
    words = ['sources', '--scale', 'smoke', '--work-dir', str(tmp_path)]
    with variables(dict(OMP_NUM_THREADS='1')):
        code = tool.main([*words, '--rows', 'self'])
    assert code == 0, capfd.readouterr().err[-3000:]
    folder = tmp_path / 'sources/smoke'
    text = (folder / 'report.md').read_text()
    assert str(tmp_path) not in text
    assert '![Worn garments' in text
    sheet = cv2.imread(str(folder / 'worn.jpg'))
    # the five test garments
    assert sheet is not None
    run = read_json(folder / 'report.json')['rows']['self']['seeds']['0']
    assert run['training']['iterations'] == 4
    shares = cells(folder / 'report.md', '`self`', 'Training data')
    assert shares[1:] == ['25.0', '25.0', '12.5', '12.5', '12.5', '12.5']
    for view in sources.VIEWS:
        assert 0 < run['numbers'][f'{view}, NE box'] < 2
