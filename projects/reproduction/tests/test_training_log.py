import json

import pytest
import torch

from projects.reproduction.training_log import (
    read_scalars,
    trained_iterations,
    training_seconds,
)


def lines(*pairs):
    return [dict(iter=last, time=mean) for last, mean in pairs]


def test_each_line_stands_for_its_window():
    # 1 + 1 + 3 + 3
    assert training_seconds(lines((2, 1.0), (4, 3.0)), 4, window=2) == 8


def test_window_longer_than_the_training():
    # MMEngine takes the mean of the three that there are
    assert training_seconds(lines((3, 2.0)), 3, window=20) == 6


def test_repeated_iterations_count_once_and_as_repeated():
    first = lines((2, 1.0), (4, 9.0), (6, 9.0))
    # resumed from the checkpoint of iteration 2
    second = lines((4, 2.0), (6, 2.0), (8, 2.0))
    # 2 x 1 + 6 x 2
    assert training_seconds(first + second, 8, window=2) == 14


def test_iterations_without_a_line_take_the_median():
    # an epoch of 5 logged every 2: the fifth of each is in no line
    records = lines((2, 1.0), (4, 1.0), (7, 4.0), (9, 1.0))
    # known: six of 1, two of 4; two more of the median, 1
    assert training_seconds(records, 10, window=2) == 6 + 8 + 2


def test_lines_after_the_final_checkpoint_do_not_count():
    assert training_seconds(lines((2, 1.0), (4, 5.0)), 2, window=2) == 2


def test_without_logs_there_is_no_number():
    assert training_seconds([], 10, window=2) is None


def test_only_training_lines_are_read_in_the_order_of_sessions(tmp_path):
    contents = {
        # written last, but the folder's date says that it came first
        '20260102_000000': [dict(iter=3, time=3.0, loss=1.0, step=3)],
        '20260101_000000': [
            dict(iter=2, time=1.0, loss=1.0, step=2),
            {'PCP/strict': 0.5, 'time': 7.0, 'step': 1},  # a validation's
        ],
    }
    for name, records in contents.items():
        folder = tmp_path / name / 'vis_data'
        folder.mkdir(parents=True)
        text = '\n'.join(json.dumps(record) for record in records)
        # killed in the middle of a line
        (folder / 'scalars.json').write_text(text + '\n{"iter": 4, "ti')
    assert read_scalars(tmp_path) == lines((2, 1.0), (3, 3.0))


def test_iterations_are_read_off_the_checkpoint(tmp_path):
    path = tmp_path / 'epoch_1.pth'
    state = dict(meta=dict(iter=59, epoch=1), state_dict=dict(w=torch.ones(3)))
    torch.save(state, path)
    assert trained_iterations(path) == 59


@pytest.mark.parametrize('window', [1, 3])
def test_seconds_add_up_over_any_window(window):
    records = lines(*((i, 0.5) for i in range(window, 13, window)))
    assert training_seconds(records, 12, window) == 6
