"""The report from fabricated results."""

import json

import cv2
import numpy as np
import pytest
from reproduction_files import read_json

from projects.reproduction import table4
from projects.reproduction.paper import STICKS, TABLE4
from projects.reproduction.report import ReportInput
from projects.reproduction.row import lineage
from projects.reproduction.run import make_runs
from projects.reproduction.scheduler import FAILED, State
from projects.reproduction.table4_report import write_report

SCALE = table4.EXPERIMENT.scales['small']
SEEDS = (0, 1)
# Mean strict PCP by row and seed.
MEANS = {
    'regression': (0.40, 0.44),
    'maps_single': (0.70, 0.82),
    'direct': (0.50, 0.60),
    'stage1': (0.53, 0.65),
    'stage2': (0.60, 0.70),
    'two_branch': (0.61, 0.70),
    'dfa': (0.62, 0.73),
    'local_direct': (0.50, 0.60),
    'local_stage1': (0.51, 0.60),
    'local_stage2': (0.61, 0.70),
    'local_two_branch': (0.62, 0.70),
    'local_dfa': (0.63, 0.73),
    'maps_direct': (0.60, 0.70),
    'maps_stage1': (0.61, 0.71),
    'maps_stage2': (0.70, 0.80),
    'maps_two_branch': (0.72, 0.84),
    'maps_dfa': (0.71, 0.81),
}
# Its heatmap row failed, its rle row was never tried.
MISSING = ('rle', 'heatmap')
SETTINGS = {'test_dataloader.dataset.convention': 'oc'}


def pcp(mean, **groups):
    sticks = dict.fromkeys(STICKS[:-1], mean)
    return dict(mean=mean, count=320, group=dict(sticks, torso=1.0), **groups)


def results(mean, branch):
    strict = pcp(mean)
    if branch:
        strict['branch'] = dict(
            easy=dict(pcp(0.8), count=240), hard=dict(pcp(0.2), count=80)
        )
    curve = [0.0, mean, 1.0]
    return dict(
        PCP=dict(strict=dict(final=strict), loose=dict(final=pcp(mean + 0.1))),
        PCK=dict(
            threshold=0.2,
            thresholds=[0.0, 0.2, 0.5],
            stages=dict(final=dict(share=mean, curve=curve)),
        ),
    )


def fabricate(run):
    """A finished training of half an hour, 100 iterations of 16 images."""
    mean = MEANS[run.row.name][run.seed]
    run.folder.mkdir(parents=True)
    content = dict(metrics=results(mean, run.row.name.endswith('dfa')))
    (run.folder / 'results.json').write_text(json.dumps(content))
    command = ['tools/train.py', run.row.config, '--work-dir', str(run.folder)]
    if run.parent:
        options = f'load_from={run.parent.folder}/epoch_9.pth'
        command += ['--cfg-options', options]
    record = dict(
        identity=run.identity,
        settings=SETTINGS,
        command=command,
        hardware=['Some CPU, 2 threads'],
        dfa_mm='0.1.0',
        training=dict(
            iterations=100,
            batch_size=16,
            image_passes=1600 * run.row.passes,
            seconds=1800.0,
        ),
    )
    (run.folder / 'row.json').write_text(json.dumps(record))


@pytest.fixture
def written(tmp_path, monkeypatch):
    """Folder of a report on two seeds."""
    monkeypatch.setattr(
        'projects.reproduction.run.load_settings', load_settings
    )
    folder = tmp_path / 'table4/small'
    runs = make_runs(SCALE, SEEDS, folder, tmp_path / 'repository')
    for run in runs:
        if run.row.name not in MISSING:
            fabricate(run)
    picture = np.full((40, 60, 3), 90, np.uint8)
    cv2.imwrite(str(folder / 'dfa_seed0/predictions.png'), picture)
    failed = {r: State(FAILED) for r in runs if r.row.name == 'heatmap'}
    path = write_report(
        ReportInput(
            experiment='table4',
            scale='small',
            rows=SCALE.rows,
            runs=runs,
            folder=folder,
            command=['python', 'tools/reproduce.py', 'table4'],
            states=failed,
        )
    )
    assert path == folder / 'report.md'
    return folder


def load_settings(config, options):
    return SETTINGS


def cells(folder, start, section='Results'):
    """Of the first line of a section's table that begins so."""
    text = (folder / 'report.md').read_text()
    section = text.split(f'## {section}')[1].split('\n## ')[0]
    for line in section.splitlines():
        found = [cell.strip() for cell in line.strip('|').split('|')]
        if found[0].startswith(start):
            return found
    raise AssertionError(f'{section} has no line that starts with {start}')


def test_paper_rows_are_there_and_marked(written):
    found = cells(written, 'DFA')
    assert found[0] == 'DFA (paper, VGG-16, observer-centric)'
    printed = ['90.8', '87.2', '70.4', '56.2', '80.6', '75.8', '74.4']
    assert found[1:8] == printed
    assert cells(written, 'DeepPose')[1:4] == ['-', '-', '56.0']
    assert len(TABLE4) == 5


@pytest.mark.parametrize('name', ['DFA', 'IDPR', 'IDPR + pseudo-label'])
def test_paper_means_agree_with_their_columns(name):
    # torso and head are one stick each of ten, the others two
    *groups, mean = TABLE4[name]
    weights = [1, 1, 2, 2, 2, 2]
    assert np.average(groups, weights=weights) == pytest.approx(mean, abs=0.06)


def test_labels_are_named(written):
    text = (written / 'report.md').read_text()
    assert 'Labels of our rows: observer-centric.' in text


def test_our_row_is_mean_and_half_range_over_seeds(written):
    found = cells(written, 'stage 3, routed')
    # (62 + 73) / 2 = 67.5, (73 - 62) / 2 = 5.5; loose 10 more
    assert found[0] == 'stage 3, routed (DFA) (`dfa`)'
    assert found[1:3] == ['100.0 ± 0.0', '67.5 ± 5.5']
    assert found[7:10] == ['67.5 ± 5.5', '77.5 ± 5.5', '67.5 ± 5.5']


@pytest.mark.parametrize(
    ('start', 'networks', 'passes', 'hours'),
    [
        ('MMPose RegressionHead', '1', '1,600', '0.50 ± 0.00'),
        ('stage 1, direct', '1', '1,600', '0.50 ± 0.00'),
        ('stage 2', '2', '3,200', '1.00 ± 0.00'),
        # both branches see every image
        ('stage 3, two', '4', '6,400', '1.50 ± 0.00'),
        # each image trains one of the two
        ('stage 3, routed', '4', '4,800', '1.50 ± 0.00'),
    ],
)
def test_effort_includes_the_ancestors(
    written, start, networks, passes, hours
):
    assert cells(written, start)[10:] == [networks, passes, hours, '2']


def test_missing_rows_are_dashes_and_named(written):
    found = cells(written, 'MMPose HeatmapHead')
    assert found[1:] == ['-'] * 9 + ['1', '-', '-', '0']
    text = (written / 'report.md').read_text()
    assert '- `heatmap`, seed 1: failed\n' in text
    assert '- `rle`, seed 0: not finished\n' in text
    assert '- `direct`' not in text


def test_steps_are_paired(written):
    section = 'Step by step'
    # 3 and 5 points
    found = cells(written, '+ pseudo-labels', section)
    assert found[1:] == ['`direct`', '59.0 ± 6.0', '+4.0 ± 1.0', '2']
    # 1 and 0
    assert cells(written, 'stage 3, two', section)[3] == '+0.5 ± 0.5'
    # 1 and 3 over the averaged branches
    assert cells(written, 'stage 3, routed', section)[3] == '+2.0 ± 1.0'
    assert cells(written, 'stage 1, direct', section)[1:] == [
        *('', '55.0 ± 5.0', '', '')
    ]


def test_rivals_are_paired(written):
    section = "Against MMPose's heads"
    found = cells(written, 'stage 3, routed', section)
    # 22 and 29 points over MMPose's regression head
    assert found[1:] == ['`regression`', '67.5 ± 5.5', '+25.5 ± 3.5', '2']
    # whose heatmap head has no number
    assert cells(written, 'maps: stage 3, routed', section)[1:] == [
        *('`heatmap`', '76.0 ± 5.0', '-', '0')
    ]


def test_each_cascade_has_its_own_steps(written):
    found = cells(written, 'maps: stage 3, two', 'Step by step')
    # 2 and 4 points over the second stage of the same cascade
    assert found[1:] == ['`maps_stage2`', '78.0 ± 6.0', '+3.0 ± 1.0', '2']


def test_routing(written):
    section = 'Routing'
    assert cells(written, 'easy', section)[1:] == ['75.0 ± 0.0', '80.0 ± 0.0']
    assert cells(written, 'hard', section)[1:] == ['25.0 ± 0.0', '20.0 ± 0.0']


def test_no_path_of_this_machine(written, tmp_path):
    for name in ('report.md', 'report.json'):
        assert str(tmp_path) not in (written / name).read_text()
    assert (
        '# dfa, seed 1: 0.50 hours\n'
        'python tools/train.py '
        'configs/backbones/dfa_lsp_efficientnet-lite0_stage3.py '
        '--work-dir WORK_DIR/table4/small/dfa_seed1 --cfg-options '
        'load_from=WORK_DIR/table4/small/stage2_seed1/epoch_9.pth\n'
    ) in (written / 'report.md').read_text()


def test_pictures_are_beside_it(written):
    text = (written / 'report.md').read_text()
    assert '](pck_curves.png)' in text
    assert '](predictions_dfa.jpg)' in text
    assert cv2.imread(str(written / 'pck_curves.png')) is not None
    assert cv2.imread(str(written / 'predictions_dfa.jpg')).shape == (
        40,
        60,
        3,
    )


def test_photographs_can_be_left_out(written, tmp_path):
    runs = make_runs(SCALE, SEEDS, written, tmp_path / 'repository')
    (written / 'predictions_dfa.jpg').unlink()
    path = write_report(
        ReportInput(
            experiment='table4',
            scale='small',
            rows=SCALE.rows,
            runs=runs,
            folder=written,
            command=['python'],
            states={},
            photographs=False,
        )
    )
    assert 'predictions_' not in path.read_text()
    assert not (written / 'predictions_dfa.jpg').exists()


def test_numbers_are_also_there_as_json(written):
    content = read_json(written / 'report.json')
    dfa = content['rows']['dfa']
    assert dfa['seeds']['1']['numbers']['mean'] == pytest.approx(73)
    assert dfa['over_seeds']['mean']['spread'] == pytest.approx(5.5)
    assert dfa['seeds']['0']['cumulative'] == dict(
        hours=1.5, image_passes=4800
    )
    assert content['rows']['rle']['seeds'] == {}
    assert content['paper']['DFA']['mean'] == 74.4
    assert content['ladder'][1]['step']['mean'] == pytest.approx(4)


def test_nothing_there_at_all(tmp_path):
    runs = make_runs(SCALE, SEEDS, tmp_path, tmp_path)
    report = ReportInput(
        'table4', 'small', SCALE.rows, runs, tmp_path, ['python'], {}
    )
    text = write_report(report).read_text()
    assert 'trained on nothing yet' in text
    assert '## PCK' not in text
    assert '## Routing' not in text


def test_scales_have_the_same_rows():
    smoke, small, medium, paper = (
        [
            (row.name, row.parent, row.networks)
            for row in table4.EXPERIMENT.scales[name].rows
        ]
        for name in ('smoke', 'small', 'medium', 'paper')
    )
    assert smoke == small == paper
    # one cascade and the head that it has to beat
    assert set(medium) < set(small)
    rows = SCALE.rows
    for kind in ('', 'local_', 'maps_'):
        names = [row.name for row in lineage(rows, f'{kind}dfa')]
        assert names == [f'{kind}{n}' for n in ('stage1', 'stage2', 'dfa')]
