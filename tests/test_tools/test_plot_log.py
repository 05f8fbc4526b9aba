"""Logs written by hand in MMEngine's words."""

import json

import cv2
import pytest
from demo_files import load_script


@pytest.fixture(scope='module')
def tool():
    return load_script('tools/analysis/plot_log.py')


def train(iteration, loss=1.0, **more):
    return dict(lr=0.1, loss=loss, iter=iteration, step=iteration, **more)


def val(step, error):
    return {'NE/box': error, 'NE/box/stage1': error, 'time': 1, 'step': step}


def write(work_dir, *sessions, tail=''):
    for number, records in enumerate(sessions):
        path = work_dir / f'2026010{number}_000000/vis_data/scalars.json'
        path.parent.mkdir(parents=True)
        lines = [json.dumps(record) + '\n' for record in records]
        path.write_text(''.join(lines) + tail)
    return work_dir


def curve(tool, work_dir, key):
    (records,) = tool.read_run(work_dir)
    return [list(axis) for axis in tool.curves_of(records)[key]]


def test_metrics_stand_at_the_iteration_before_them(tool, tmp_path):
    session = [train(20), train(40), val(1, 0.5), train(60), val(2, 0.4)]
    write(tmp_path / 'x', session)
    assert curve(tool, tmp_path / 'x', 'NE/box') == [[40, 60], [0.5, 0.4]]
    assert curve(tool, tmp_path / 'x', 'loss') == [[20, 40, 60], [1, 1, 1]]


def test_resumed_session_replaces_what_it_repeats(tool, tmp_path):
    first = [train(20, 3), train(40, 2), val(1, 0.9), train(60, 9)]
    # resumed from a checkpoint at iteration 30
    second = [train(50, 4), val(2, 0.5)]
    write(tmp_path / 'x', first, second)
    assert curve(tool, tmp_path / 'x', 'loss') == [[20, 40, 50], [3, 2, 4]]
    assert curve(tool, tmp_path / 'x', 'NE/box') == [[40, 50], [0.9, 0.5]]


def test_iterations_that_start_again_are_another_training(tool, tmp_path):
    # two stages in one log; then the second goes on in a session of its own
    first = [train(20), train(40), train(20, 5), train(40, 6), train(60, 9)]
    write(tmp_path / 'x', first, [train(50, 7)])
    runs = tool.read_runs(['x'], [tmp_path / 'x'])
    assert list(runs) == ['x (1)', 'x (2)']
    assert [r['iter'] for r in runs['x (1)']] == [20, 40]
    assert [r['loss'] for r in runs['x (2)']] == [5, 6, 7]


def test_lines_of_a_test_and_torn_ones_are_left_out(tool, tmp_path):
    write(tmp_path / 'x', [val(0, 0.1), train(20)], tail='{"lr": 0.1, "lo')
    (records,) = tool.read_run(tmp_path / 'x')
    assert [r['iter'] for r in records] == [20]


def test_keys_are_losses_then_the_rate_then_metrics(tool):
    records = [
        train(20, time=1, alpha=1, loss_landmark=2),
        dict(val(1, 0.5), iter=20),
    ]
    keys = tool.curves_of(records)
    metrics = tool.metric_keys(records)
    assert tool.choose(keys, metrics, None) == [
        'loss',
        'loss_landmark',
        'lr',
        'NE/box',
    ]
    assert tool.choose(keys, metrics, ['NE/*', 'alpha']) == [
        'alpha',
        'NE/box',
        'NE/box/stage1',
    ]


@pytest.mark.parametrize(
    ('key', 'panel'),
    [
        ('loss', ('loss', 0)),
        ('branch2.loss_landmark', ('loss_landmark', 2)),
        ('branching.loss', ('branching.loss', 0)),
        ('NE/box', ('NE/box', 0)),
    ],
)
def test_branches_share_a_panel(tool, key, panel):
    assert tool.panel_of(key) == panel


def test_chained_runs_go_on_from_each_other(tool):
    runs = {'a': [train(20), train(40)], 'b': [train(20)], 'c': [train(10)]}
    chained = tool.chained(runs)
    assert {n: [r['iter'] for r in rs] for n, rs in chained.items()} == {
        'a': [20, 40],
        'b': [60],
        'c': [70],
    }


def test_picture_of_two_runs(tool, tmp_path, capsys):
    write(tmp_path / 'x_stage1', [train(20), train(40), val(1, 0.5)])
    write(tmp_path / 'x_stage3', [train(20, **{'branch2.loss': 2})])
    out = tmp_path / 'new' / 'curves.png'
    runs = [str(tmp_path / f'x_stage{i}') for i in (1, 3)]
    assert tool.main([*runs, '--out', str(out), '--chain']) == 0
    assert 'loss, branch2.loss, lr, NE/box' in capsys.readouterr().out
    # loss of both branches, lr, NE/box: one row of three
    height, width = cv2.imread(str(out)).shape[:2]
    assert (width, height) == (round(3 * 4.6 * 110), round(3.5 * 110))


def test_one_file_may_be_named(tool, tmp_path):
    write(tmp_path / 'x', [train(20)])
    (file,) = (tmp_path / 'x').rglob('scalars.json')
    assert tool.main([str(file), '--out', str(tmp_path / 'a.png')]) == 0


def test_what_is_missing_is_told(tool, tmp_path, capsys):
    assert tool.main([str(tmp_path)]) == 1
    assert 'expected a work folder' in capsys.readouterr().err
    write(tmp_path / 'x', [train(20)])
    out = tmp_path / 'a.png'
    options = ['--out', str(out), '--keys', 'PCP*']
    assert tool.main([str(tmp_path / 'x'), *options]) == 1
    message = capsys.readouterr().err
    assert 'nothing fits --keys PCP*; there are loss, lr' in message
    assert not out.exists()
