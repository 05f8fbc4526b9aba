from rich.console import Console

from dfa_mm.evaluation import detail_tables

NONE = {'mean': None, 'median': None, 'p90': None, 'gross': None, 'count': 0}


def numbers(mean, landmark=None):
    return {
        'mean': mean,
        'median': 0.25,
        'p90': 0.5,
        'gross': 0.125,
        'count': 8,
        'landmark': landmark or {},
    }


def tail(mean):
    hem = {'left hem': numbers(0.75), 'right hem': NONE}
    return {
        'visible': numbers(mean, hem),
        'occluded': {**NONE, 'landmark': {}},
    }


REPORT = {
    'NE': {
        'box': {
            'stage1': {'tail': tail(0.375)},
            'final': {
                'tail': tail(0.0625),
                'clothes_type': {'upper': {'tail': tail(0.875)}},
            },
        }
    },
    'visibility': {
        'states': ['visible', 'occluded', 'truncated'],
        'stages': {
            'final': {
                'accuracy': 0.75,
                'recall': {'visible': 1.0, 'occluded': 0.5, 'truncated': None},
                'ece': 0.125,
                'count': 4,
                'confusion': [[2, 0, 0], [1, 1, 0], [0, 0, 0]],
                'clothes_type': {},
            }
        },
    },
}


def printed(report):
    console = Console(width=120, color_system=None)
    with console.capture() as capture:
        for table in detail_tables(report):
            console.print(table)
    marks = str.maketrans('│┃', '  ')
    return [
        line.translate(marks).split() for line in capture.get().split('\n')
    ]


def test_tails():
    lines = printed({'NE': REPORT['NE']})
    rest = ['0.2500', '0.5000', '0.1250', '8']
    assert ['mean', 'median', '90', '%', '>', '0.15', 'landmarks'] in lines
    assert ['stage1', '0.3750', *rest] in lines
    assert ['final', '0.0625', *rest] in lines
    assert ['upper', '0.8750', *rest] in lines
    assert ['left', 'hem', '0.7500', *rest] in lines
    assert ['right', 'hem', *'----', '0'] in lines
    # of the occluded ones
    assert ['final', *'----', '0'] in lines


def test_visibility():
    lines = printed({'visibility': REPORT['visibility']})
    assert ['final', '0.7500', '1.0000', '0.5000', '-', '0.1250', '4'] in lines
    assert ['occluded', '1', '1', '0'] in lines


def test_what_is_not_there_has_no_table():
    assert list(detail_tables({})) == []
