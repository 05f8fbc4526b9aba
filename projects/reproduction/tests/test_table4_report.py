"""The report from fabricated results."""

import cv2
import numpy as np
import pytest
from report_files import made_up_identity, make_results  # noqa: F401
from reproduction_files import read_json

from projects.reproduction.experiments import EXPERIMENTS
from projects.reproduction.paper import TABLE4
from projects.reproduction.rows import lineage
from projects.reproduction.scales import SCALES
from projects.reproduction.training import FAILED

ROWS = SCALES['table4']['small'].rows
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


def pcp(mean, **groups):
    sticks = dict.fromkeys(list(TABLE4['DFA'])[:-1], mean)
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


@pytest.fixture(scope='module')
def written(tmp_path_factory, made_up_identity):  # noqa: F811
    """Folder of a report on two seeds."""
    work = tmp_path_factory.mktemp('work')
    folder = work / 'table4/small'
    results = make_results('table4', 'small', work, FOUND)
    runs = {run.name: run for run in results.runs}
    states = {runs[f'heatmap_seed{i}']: FAILED for i in (0, 1)}
    picture = np.full((40, 60, 3), 90, np.uint8)
    cv2.imwrite(str(folder / 'dfa_seed0/predictions.png'), picture)
    results = make_results('table4', 'small', work, FOUND, states=states)
    assert EXPERIMENTS['table4'].write(results) == folder / 'report.md'
    for name in ('report.md', 'report.json'):
        assert str(work) not in (folder / name).read_text()
    return folder


FOUND = {
    name: [results(mean, name.endswith('dfa')) for mean in means]
    for name, means in MEANS.items()
}


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


def test_commands(written):
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


def test_photographs_can_be_left_out(tmp_path, made_up_identity):  # noqa: F811
    found = dict(dfa=FOUND['dfa'])
    results = make_results(
        'table4', 'small', tmp_path, found, photographs=False
    )
    picture = np.full((40, 60, 3), 90, np.uint8)
    cv2.imwrite(str(results.folder / 'dfa_seed0/predictions.png'), picture)
    path = EXPERIMENTS['table4'].write(results)
    assert 'predictions_' not in path.read_text()
    assert not (path.parent / 'predictions_dfa.jpg').exists()


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
    results = make_results('table4', 'small', tmp_path, {})
    text = EXPERIMENTS['table4'].write(results).read_text()
    assert 'trained on nothing yet' in text
    assert '## PCK' not in text
    assert '## Routing' not in text


def test_scales_have_the_same_rows():
    smoke, small, medium, paper = (
        [
            (row.name, row.parent, row.networks)
            for row in SCALES['table4'][name].rows
        ]
        for name in ('smoke', 'small', 'medium', 'paper')
    )
    assert smoke == small == paper
    # one cascade and the head that it has to beat
    assert set(medium) < set(small)
    for kind in ('', 'local_', 'maps_'):
        names = [row.name for row in lineage(ROWS, f'{kind}dfa')]
        assert names == [f'{kind}{n}' for n in ('stage1', 'stage2', 'dfa')]
