import json
from pathlib import Path

import numpy as np
import pytest
from mmengine.evaluator import Evaluator
from rich.console import Console

from dfa_mm.evaluation import (
    collect_report,
    landmark_table,
    results_table,
    stick_table,
    to_plain,
    write_results,
)

REPORT = {
    'NE': {
        'box': {
            'stage1': {'mean': 0.25, 'landmark': {}},
            'final': {
                'mean': 0.5,
                'landmark': {'left hem': None, 'right hem': 0.125},
            },
        }
    },
    'PDL': {
        'threshold': 15,
        'stages': {
            'final': {'share': 0.75, 'landmark': {'left hem': {'share': 1.0}}}
        },
    },
}

# The row of DFA in the paper's Table 4.
TABLE_4 = {
    'torso': 0.908,
    'head': 0.872,
    'u.arms': 0.704,
    'l.arms': 0.562,
    'u.legs': 0.806,
    'l.legs': 0.758,
}
PEOPLE = {
    'PCP': {
        'threshold': 0.5,
        'strict': {
            'stage1': {'mean': None, 'group': dict.fromkeys(TABLE_4)},
            'final': {'mean': 0.744, 'group': TABLE_4},
        },
        'loose': {'stage1': {'mean': 0.5}, 'final': {'mean': 0.8125}},
    },
    'PCK': {
        'threshold': 0.2,
        'stages': {
            'final': {'share': 0.625, 'landmark': {'neck': {'share': 0.75}}}
        },
    },
}


def printed(table) -> list:
    """The words of every line that holds some."""
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        console.print(table)
    marks = str.maketrans('│┃', '  ')
    return [
        line.translate(marks).split() for line in capture.get().split('\n')
    ]


def test_to_plain_is_json():
    value = {
        1: np.float32(0.5),
        'a': np.array([[1, 2]]),
        'b': (np.nan, np.inf, None, True),
        'c': np.bool_(True),
    }
    plain = to_plain(value)
    assert plain == {
        '1': 0.5,
        'a': [[1, 2]],
        'b': [None, None, None, True],
        'c': True,
    }
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain


def test_collect_report_passes_over_other_metrics():
    evaluator = Evaluator(
        [dict(type='mmpose.PDL'), dict(type='mmpose.PCKAccuracy')]
    )
    assert collect_report(evaluator) == {}
    evaluator.metrics[0].report = {'threshold': 15}
    assert collect_report(evaluator) == {'PDL': {'threshold': 15}}


def test_write_results(tmp_path):
    path = tmp_path / 'run' / 'results.json'
    written = write_results(
        path, REPORT, 'a.py', 'x = 1', 7, {'checkpoint': 'a.pth'}
    )
    content = json.loads(path.read_text())
    assert content == written
    assert content['metrics'] == REPORT
    assert content['config'] == {'filename': 'a.py', 'text': 'x = 1'}
    assert (content['seed'], content['checkpoint']) == (7, 'a.pth')
    libraries = {'python', 'torch', 'numpy', 'mmengine', 'mmcv', 'mmpose'}
    assert set(content['versions']) == libraries | {'dfa_mm'}


def fail(*_, **__):
    raise OSError('no space left')


@pytest.mark.parametrize('step', ['write_bytes', 'replace'])
def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch, step):
    path = tmp_path / 'results.json'
    write_results(path, REPORT, None, '', None)
    before = path.read_text()
    monkeypatch.setattr(Path, step, fail)
    with pytest.raises(OSError, match='no space'):
        write_results(path, {}, None, '', None)
    assert path.read_text() == before
    assert list(tmp_path.iterdir()) == [path]


def test_results_table():
    lines = printed(results_table(REPORT))
    assert ['stage', 'NE', 'box', 'PDL@15'] in lines
    assert ['stage1', '0.2500', '-'] in lines
    assert ['final', '0.5000', '0.7500'] in lines


def test_landmark_table():
    lines = printed(landmark_table(REPORT))
    assert ['left', 'hem', '-', '1.0000'] in lines
    assert ['right', 'hem', '0.1250', '-'] in lines


def test_tables_of_people():
    lines = printed(results_table(PEOPLE))
    heading = ['stage', 'PCK@0.2', 'PCP', 'strict', 'PCP', 'loose']
    assert heading in lines
    assert ['final', '0.6250', '0.7440', '0.8125'] in lines
    assert ['stage1', '-', '-', '0.5000'] in lines
    # Sticks are no landmarks: PCP has no column here.
    lines = printed(landmark_table(PEOPLE))
    assert ['landmark', 'PCK@0.2'] in lines
    assert ['neck', '0.7500'] in lines


def test_stick_table():
    lines = printed(stick_table(PEOPLE))
    assert ['Strict', 'PCP@0.5,', 'percent'] in lines
    assert ['stage', *TABLE_4, 'mean'] in lines
    numbers = ['90.8', '87.2', '70.4', '56.2', '80.6', '75.8', '74.4']
    assert ['final', *numbers] in lines
    assert ['stage1', *'-------'] in lines
