"""Real processes of the stand-in for tools/train.py."""

import os
import signal
import time

import pytest
from reproduction_files import make_row, read_json, runs_of, write_root

from projects.reproduction import process
from projects.reproduction.process import (
    FolderLockedError,
    RunProcess,
    log_tail,
)
from projects.reproduction.progress import read_position
from projects.reproduction.record import is_done

PATIENCE = 60.0


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    return write_root(tmp_path)


@pytest.fixture(autouse=True)
def interruptible():
    """A shell's background jobs ignore Ctrl-C, and so would their children.

    tools/reproduce.py has a handler of its own by then.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(0.02)


def result(child):
    wait_until(lambda: child.poll() is not None)
    return child.poll()


def start_waiting(root):
    run = runs_of(root, make_row('long', mode='wait'))['long_seed0']
    child = RunProcess(run, threads=1)
    wait_until(lambda: 'waiting' in log_tail(run, 5))
    return run, child


def test_trains_logs_and_records(root):
    run = runs_of(root, make_row('one'))['one_seed0']
    assert result(RunProcess(run, threads=3)) == 0
    assert is_done(run)
    log = log_tail(run, 10)
    assert '$ python tools/train.py configs/tiny.py' in log
    assert log.endswith('threads 3')
    record = read_json(run.folder / 'row.json')
    assert record['command'] == run.command()
    assert record['hardware'][0].endswith('3 threads')


def test_threads_of_the_user_go_first(root, monkeypatch):
    monkeypatch.setenv('OMP_NUM_THREADS', '7')
    run = runs_of(root, make_row('one'))['one_seed0']
    assert result(RunProcess(run, threads=3)) == 0
    assert log_tail(run, 1) == 'threads 7'


def test_failure_leaves_its_reason_in_the_log(root):
    run = runs_of(root, make_row('one', mode='fail'))['one_seed0']
    assert result(RunProcess(run, threads=1)) == 1
    assert log_tail(run, 1) == 'the disk is full'


def test_ctrl_c_ends_it_and_the_next_call_resumes(root):
    run, child = start_waiting(root)
    child.interrupt()
    # Python's answer to SIGINT
    assert result(child) == -signal.SIGINT
    assert 'KeyboardInterrupt' in log_tail(run, 3)
    assert not is_done(run)
    assert result(RunProcess(run, threads=1)) == 0
    assert is_done(run)
    # the log holds both sessions
    assert log_tail(run, 100).count('$ python') == 2


def test_two_never_train_in_the_same_folder(root):
    run, child = start_waiting(root)
    try:
        with pytest.raises(FolderLockedError, match='long_seed0'):
            RunProcess(run, threads=1)
    finally:
        child.kill()
    assert result(child) == -signal.SIGKILL
    assert result(RunProcess(run, threads=1)) == 0


def test_it_has_a_session_of_its_own(root):
    # or Ctrl-C in the terminal would reach it twice
    _, child = start_waiting(root)
    try:
        assert os.getsid(child._child.pid) != os.getsid(0)
    finally:
        child.kill()
    result(child)


def test_moved_folder_resumes_from_its_own_checkpoint(tmp_path):
    pointer = tmp_path / 'last_checkpoint'
    pointer.write_text('/gone/epoch_1.pth')
    process._find_moved_checkpoint(tmp_path)
    assert pointer.read_text() == '/gone/epoch_1.pth'
    (tmp_path / 'epoch_1.pth').touch()
    process._find_moved_checkpoint(tmp_path)
    assert pointer.read_text() == str(tmp_path / 'epoch_1.pth')


EPOCH_LINE = (
    '2026/01/01 00:00:00 - mmengine - INFO - Epoch(train)  [3][20/50]  '
    'base_lr: 1e-3 lr: 1e-3  eta: 1 day, 0:03:11  time: 0.4  loss: 1.0'
)
ITER_LINE = (
    '2026/01/01 00:00:00 - mmengine - INFO - Iter(train) [  250/10000]  '
    'lr: 1.0e-03  eta: 2:31:00  time: 0.9  data_time: 0.01'
)
VAL_LINE = 'Epoch(val) [3][10/25]    eta: 0:00:03  time: 0.2'


def test_position_by_epoch():
    # (2 + 20/50) of 10 epochs
    text = '\n'.join([EPOCH_LINE.replace('[20/', '[ 1/'), EPOCH_LINE])
    share, eta = read_position(text + '\n' + VAL_LINE, epochs=10)
    assert share == pytest.approx(0.24)
    assert eta == '1 day, 0:03:11'


def test_position_by_iteration():
    assert read_position(ITER_LINE) == (0.025, '2:31:00')


def test_no_position_yet():
    assert read_position('loading weights\n' + VAL_LINE) is None
