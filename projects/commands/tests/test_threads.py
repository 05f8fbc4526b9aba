"""The number of threads, worked out by hand."""

import os

import pytest

from projects.commands import threads
from projects.commands.threads import Moment, choose, free


@pytest.mark.parametrize(
    ('allowed', 'unused', 'workers', 'processes', 'expected'),
    [
        (2, 2.0, 0, 1, 2),  # nobody else
        (2, 1.0, 0, 1, 1),  # one core is taken
        (2, 0.1, 0, 1, 1),  # all are: there is always one
        (2, 2.0, 2, 1, 1),  # two that read keep one core busy
        (16, 16.0, 4, 1, 14),
        (16, 12.4, 4, 1, 10),  # 12.4 - 2 = 10.4
        (16, 16.0, 2, 4, 3),  # a quarter of 16, less one
        (4, float('inf'), 0, 1, 4),  # it could not be measured
    ],
)
def test_no_more_than_there_are_free_cores(
    allowed, unused, workers, processes, expected
):
    assert choose(allowed, unused, workers, processes) == expected


def test_free_is_what_was_idle_and_what_oneself_has_used():
    # in 4 s of 2 cores 3 s were idle and 2 s ours: (3 + 2) / 4
    before = Moment(clock=10.0, own=1.0, idle=100.0)
    assert free(before, Moment(14.0, 3.0, 103.0)) == 1.25
    # in so short a time it cannot be told
    assert free(before, Moment(10.1, 1.0, 100.0)) == float('inf')
    assert free(None, before) == float('inf')


@pytest.mark.parametrize(
    ('files', 'expected'),
    [
        ({'cpu.max': '150000 100000\n'}, 1.5),
        ({'cpu.max': 'max 100000\n'}, None),
        ({'cpu.cfs_quota_us': '200000', 'cpu.cfs_period_us': '100000'}, 2),
        ({'cpu.cfs_quota_us': '-1', 'cpu.cfs_period_us': '100000'}, None),
        ({}, None),
    ],
)
def test_limits_of_a_container(tmp_path, files, expected):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert threads._limit(tmp_path) == expected


def test_cores_are_those_of_this_process(monkeypatch):
    monkeypatch.setattr(os, 'sched_getaffinity', lambda _: {0, 1, 5})
    monkeypatch.setattr(threads, 'quota', lambda: None)
    assert threads.cores() == 3
    monkeypatch.setattr(threads, 'quota', lambda: 1.5)
    assert threads.cores() == 1
    monkeypatch.setattr(threads, 'quota', lambda: 0.5)
    assert threads.cores() == 1


@pytest.fixture
def number(monkeypatch):
    """The number that the libraries are given."""
    given = []
    monkeypatch.setattr('torch.set_num_threads', given.append)
    monkeypatch.setattr('cv2.setNumThreads', given.append)
    monkeypatch.setattr(threads, 'cores', lambda: 4)
    monkeypatch.setattr(threads, 'free', lambda *_: 2.0)
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    monkeypatch.delenv('LOCAL_WORLD_SIZE', raising=False)
    return given


def test_fewer_than_the_cores_are_told_once(number, capsys):
    threads.settle(None, workers=2)
    assert number == [1, 1]
    told = capsys.readouterr().err
    assert told.startswith('threads: 1, for 2.0 of 4 cores are free')
    assert told.count('\n') == 1


def test_the_user_decides(number, monkeypatch, capsys):
    threads.settle(7)
    assert number == [7, 7]
    monkeypatch.setenv('OMP_NUM_THREADS', '3')
    threads.settle(None)
    assert number == [7, 7]  # as the libraries have read it
    assert capsys.readouterr().err == ''
