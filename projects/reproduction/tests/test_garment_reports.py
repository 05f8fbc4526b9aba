"""The reports of tables 2 and 3, fig. 5 and 6, from made-up results."""

import cv2
import pytest
from report_files import (
    cells,
    detected,
    error,
    lines,
    made_up_identity,  # noqa: F401  a fixture
    make_results,
    metrics,
)
from reproduction_files import read_json

from projects.reproduction import rows
from projects.reproduction.experiments import EXPERIMENTS

KEY = 'synthfld-small'
# Mean NE box of both seeds.
NE = {
    'stage1_direct': (0.20, 0.22),
    'stage1_soft': (0.18, 0.19),
    'stage1_auto': (0.16, 0.19),
    'stage2_direct': (0.17, 0.22),
    'stage2_offset': (0.16, 0.18),
    'stage2_local': (0.13, 0.16),
    'stage3_direct': (0.17, 0.19),
    'stage3_half': (0.18, 0.21),
    'stage3_two_branch': (0.16, 0.18),
    'stage3_routed': (0.15, 0.17),
    rows.DFA: (0.14, 0.16),
    'direct_triple': (0.15, 0.18),
    'deeppose_stage2': (0.2, 0.2),
    'deeppose': (0.15, 0.18),
}


def made_up(name, ne):
    """NE of the zoom-ins is twice the normal ones'; PDL is 1 - 4 NE."""
    branches = {}
    if name in rows.ROUTED:
        branches = dict(
            branch=dict(
                easy=dict(mean=0.5 * ne, count=30),
                hard=dict(mean=2 * ne, count=10),
            )
        )
    variation = {
        'normal': dict(mean=ne, count=40),
        'large zoom-in': dict(mean=2 * ne, count=10),
    }
    landmarks = {'left collar': ne / 2, 'left waistline': None}
    return metrics(
        error(ne, 40, landmarks, variation=variation, **branches),
        detected(
            1 - 4 * ne,
            variation={'normal': 1 - 4 * ne, 'large zoom-in': 0.1},
            clothes_type=dict(upper=1 - 4 * ne),
        ),
        visibility=None if name in rows.HEADS else 0.75,
    )


@pytest.fixture(scope='module')
def written(tmp_path_factory, made_up_identity):  # noqa: F811
    """Writes each report once and returns its path; heads are missing."""
    folder, paths = tmp_path_factory.mktemp('work'), {}
    found = {
        name: [made_up(name, ne) for ne in pair] for name, pair in NE.items()
    }

    def write(name):
        if name not in paths:
            results = make_results(
                *(name, KEY, folder, found),
                environment=dict(FLD_ROOT='data/synthfld'),
            )
            paths[name] = EXPERIMENTS[name].write(results)
        path = paths[name]
        assert path == folder / name / KEY / 'report.md'
        assert str(folder) not in path.read_text()
        return path

    return write


def test_results(written):
    path = written('table2')
    found = cells(path, 'stage 3, + p.-labels (c. offset)', 'Results')
    # (.14 + .16) / 2; a third and half of it; PDL .44 and .36
    assert found[1:4] == [
        *('0.1500 ± 0.0100', '0.0500 ± 0.0033', '0.0750 ± 0.0050')
    ]
    assert found[4:6] == ['0.400 ± 0.040', '0.750 ± 0.000']
    # 1 + 1 + 2 networks, one pass each, three times half an hour
    assert found[6:] == ['4', '4,800', '1.50 ± 0.00', '2']
    # of both branches each picture trains both
    assert cells(path, 'stage 3, + two-branch', 'Results')[7] == '6,400'


def test_missing_rows_are_named(written):
    text = written('table2').read_text()
    assert '- `stage1_hard`, seed 0: not finished' in text
    assert '- `stage1_soft`' not in text


def test_landmarks_stand_below_those_of_the_paper(written):
    path = written('table2')
    section = 'NE box by landmark'
    start = 'stage 3, + p.-labels (c. offset)'
    paper = cells(path, start, section)
    # collars, sleeves, waistlines, hems, mean
    assert paper[2:] == [
        *('0.048', '0.048', '0.091', '0.089', '-', '-'),
        *('0.071', '0.072', '0.068'),
    ]
    text = path.read_text().split(f'## {section}')[1].split('\n## ')[0]
    after = text.split(start)[1].splitlines()[1]
    ours = [cell.strip() for cell in after.strip('|').split('|')]
    # half of .14 and of .16
    assert ours[1:4] == ['ours', '0.0750 ± 0.0050', '0.1500 ± 0.0100']
    assert ours[6] == '-'


@pytest.mark.parametrize(
    ('start', 'before', 'paper', 'ours', 'verdict'),
    [
        # -.02 and -.03
        ('stage 1, + p.-labels (T = 20)', 'stage1_direct')
        + ('-0.018', '-0.0250 ± 0.0050', 'yes'),
        # -.01 and +.03
        ('stage 2, direct', 'stage1_soft')
        + ('-0.006', '+0.0100 ± 0.0200', 'within noise'),
        # +.01 twice
        ('stage 3, direct', 'stage2_offset')
        + ('-0.001', '+0.0100 ± 0.0000', 'no'),
        ('stage 1, + p.-labels (T = 1)', 'stage1_direct')
        + ('-0.011', '-', '-'),
        # -.04 and -.03; the paper has no such row
        ('stage 1, + p.-labels (T = auto', 'stage1_direct')
        + ('-', '-0.0350 ± 0.0050', '-'),
        # -.03 and -.02
        ('stage 2, + features round', 'stage2_offset')
        + ('-', '-0.0250 ± 0.0050', '-'),
    ],
)
def test_steps(written, start, before, paper, ours, verdict):
    found = lines(written('table2'), start, 'Step by step\n')
    (line,) = [line for line in found if line[1] == f'`{before}`']
    assert line[2:4] == [paper, ours]
    assert line[5] == verdict


def test_a_scale_without_local_rows(
    tmp_path,
    made_up_identity,  # noqa: F811
):
    results = make_results('table2', 'synthfld-maps', tmp_path, {})
    text = EXPERIMENTS['table2'].write(results).read_text()
    assert rows.DFA in text
    assert 'stage2_local' not in text
    assert 'trained on nothing yet' in text


def test_steps_by_landmark(written):
    found = lines(
        written('table2'),
        'stage 1, + p.-labels (T = 20)',
        'Step by step, by landmark',
    )
    assert found[0][1] == '`stage1_direct`'
    # half of -.02 and of -.03 against .057 - .071
    assert found[0][2] == '-0.0125 ± 0.0025 (yes)'
    # without a number, and one that the paper does not print
    assert found[0][6:8] == ['-', '-0.0250 ± 0.0050']


def test_more_compute_is_a_rival(written):
    found = cells(
        written('table2'),
        'direct regression, three times',
        'DFA against its rivals',
    )
    # -.01 and -.02; PDL four times as much the other way
    assert found[1:] == [*('1,600', '-0.0150 ± 0.0050', '+0.060 ± 0.020', '2')]


def test_branches(written):
    found = lines(
        written('table2'),
        'stage 3, + p.-labels (c. offset)',
        'Routing',
    )
    # 30 and 10 of 40
    assert [line[1:] for line in found] == [
        ['easy', '0.750 ± 0.000', '0.0750 ± 0.0050'],
        ['hard', '0.250 ± 0.000', '0.3000 ± 0.0200'],
    ]


def test_table3(written):
    path = written('table3')
    section = 'NE box by subset'
    found = cells(path, 'stage 1, direct', section)
    assert found[2:] == ['0.079', '0.100', '0.111', '0.151', '0.193']
    assert 'normal 40, medium pose 0, large pose 0' in path.read_text()
    found = lines(path, 'stage 1, + p.-labels (T = 20)', 'Step by step')[0]
    # -.02 and -.03, and twice of it
    assert found[2:] == [
        *('-0.0250 ± 0.0050 (yes)', '-', '-', '-'),
        '-0.0500 ± 0.0100 (yes)',
    ]


def test_fig6_marks_what_is_certain(written):
    path = written('fig6')
    found = cells(path, 'DeepPose', "DFA's advantage")
    # PDL is 1 - 4 NE: .44 - .40 and .36 - .28
    assert found[1] == '**+0.060 ± 0.020**'
    # the zoom-ins' is always 0.1
    assert found[5] == '+0.000 ± 0.000'
    assert cells(path, 'MMPose RLEHead', "DFA's advantage")[1] == '-'
    assert cells(path, 'DeepPose', 'PDL@15 by subset')[1] == '0.340 ± 0.060'


def test_deeppose_counts_all_of_its_networks(written):
    found = cells(written('fig6'), 'DeepPose', 'Results')
    # the first is that of direct regression: 1 + 8 + 8
    assert found[6:8] == ['17', '27,200']


def test_fig5(written):
    path = written('fig5')
    found = cells(path, 'DeepPose', 'PDL@15')
    # eight landmarks, then upper, lower and full
    assert found[9:] == ['0.340 ± 0.060', '-', '-']
    assert '- `rle`, seed 0: not finished' in path.read_text()


@pytest.mark.parametrize(
    ('experiment', 'pictures'),
    [
        ('table2', ['ladder.png']),
        ('table3', ['subsets.png']),
        ('fig5', ['pdl_landmarks.png', 'pdl_types.png']),
        ('fig6', ['pdl_subsets.png']),
    ],
)
def test_pictures_and_json_are_beside_it(written, experiment, pictures):
    path = written(experiment)
    for name in pictures:
        assert f']({name})' in path.read_text()
        assert cv2.imread(str(path.parent / name)) is not None
    content = read_json(path.parent / 'report.json')
    numbers = content['rows'][rows.DFA]['seeds']['1']['numbers']
    assert numbers['NE box'] == 0.16
    assert numbers['NE box large zoom-in'] == 0.32


def test_steps_are_in_the_json(written):
    content = read_json(written('table2').parent / 'report.json')
    (step,) = [
        each
        for each in content['steps']
        if (each['row'], each['before'], each['column'])
        == (rows.DFA, 'stage3_routed', 'mean')
    ]
    assert step['ours'] == dict(
        mean=pytest.approx(-0.01), spread=pytest.approx(0), count=2
    )
    assert step['paper'] == -0.002
    assert step['verdict'] == 'yes'


def test_commands_name_the_environment(written):
    text = written('table2').read_text()
    assert 'export FLD_ROOT=data/synthfld' in text
    assert (
        '# stage2_offset, seed 1: 0.50 hours\n'
        'python tools/train.py '
        'configs/backbones/dfa_fld_efficientnet-lite0_stage3.py '
        f'--work-dir WORK_DIR/fld/{KEY}/stage2_offset_seed1 --cfg-options '
        f'load_from=WORK_DIR/fld/{KEY}/stage1_soft_seed1/epoch_9.pth\n'
    ) in text
