"""Labels of known error on a small set."""

import json

import numpy as np
import pytest
from demo_files import cascade, fld_root, load_script  # noqa: E402, F401

from dfa_mm.structures import TYPE_SLOTS
from projects.photos.self_labels import SelfLabel

tool = load_script('projects/photos/self_label_error.py')
LOWER = 2


def info():
    """Trousers in a box of 100 x 200, the last landmark occluded."""
    slots = list(TYPE_SLOTS[LOWER])
    points, states = np.zeros((1, 8, 2)), np.full((1, 8), -1)
    points[0, slots] = [[10, 10], [90, 10], [10, 190], [90, 190]]
    states[0, slots] = [0, 0, 0, 1]
    return dict(
        keypoints=points,
        landmark_visibility=states,
        bbox=np.array([[0.0, 0, 100, 200]]),
        clothes_type=LOWER,
    )


def found(off, spread, states=(0, 0, 0, 1)):
    """The first landmark is ``off`` pixels too far right."""
    landmarks = info()['keypoints'][0, list(TYPE_SLOTS[LOWER])]
    landmarks[0, 0] += off
    return SelfLabel(
        landmarks, np.array(states), info()['bbox'][0], np.full(4, spread), 1
    )


def test_rows_by_hand():
    labels = [found(3.0, 0.01), found(9.0, 0.05, (0, 0, 0, 0))]
    table = tool.rows(labels, [info(), info()], [0.005, 0.02, 0.1])
    assert table == [
        dict(max_spread=0.005, kept=0, NE=None, visibility=None),
        # one of three visible landmarks is 3 % of the width off
        dict(max_spread=0.02, kept=1, NE=pytest.approx(0.01), visibility=1),
        # 3 % and 9 %; one of eight states is wrong
        dict(max_spread=0.1, kept=2, NE=pytest.approx(0.02), visibility=7 / 8),
        dict(
            max_spread=None, kept=2, NE=pytest.approx(0.02), visibility=7 / 8
        ),
    ]


def test_a_landmark_called_cut_off_is_in_no_error():
    label = found(5.0, 0.01, (2, 0, 0, 1))
    label.landmarks[0] = np.nan
    (row, _) = tool.rows([label], [info()], [0.02])
    assert row['NE'] == 0
    assert row['visibility'] == 3 / 4


def test_the_command(cascade, fld_root, tmp_path, capsys):  # noqa: F811
    out = tmp_path / 'new/error.json'
    files = [cascade.config, cascade.checkpoint, str(fld_root)]
    options = ['--split', 'test', '--out', str(out), '--thresholds', '9']
    tool.main([*files, *options])
    results = json.loads(out.read_text())
    sure, everything = results['metrics']['by_max_spread']
    assert everything['kept'] == results['garments'] == 3
    assert sure['kept'] <= 3
    assert f'{everything["NE"]:.4f}' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('change', 'expected'),
    [
        (dict(checkpoint='none.pth'), 'there is no checkpoint none.pth'),
        (dict(root='nowhere'), 'nowhere'),
    ],
)
def test_what_is_missing_is_named(
    cascade,  # noqa: F811
    fld_root,  # noqa: F811
    change,
    expected,
):
    given = dict(checkpoint=cascade.checkpoint, root=str(fld_root))
    given.update(change)
    with pytest.raises(SystemExit, match=expected):
        tool.main(
            [
                cascade.config,
                given['checkpoint'],
                given['root'],
                *('--split', 'test', '--out', 'unused.json'),
            ]
        )
