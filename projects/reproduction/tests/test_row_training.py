"""Whole calls: doit runs the stand-in for tools/train.py as processes."""

import fcntl
import io
import os
import signal
import threading
import time

import pytest
from reproduction_files import journal, make_row, read_json, write_root
from rich.console import Console

from dfa_mm.engine.requirements import MissingFilesError
from projects.reproduction import training
from projects.reproduction.experiments import Experiment
from projects.reproduction.reproduce import Request, reproduce
from projects.reproduction.scales import Scale

PATIENCE = 60.0
A, B = make_row('a'), make_row('b', parent='a')


@pytest.fixture
def root(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv('OMP_NUM_THREADS', raising=False)
    return write_root(tmp_path)


def call(root, *rows, **kwargs):
    """Exit status, what was printed and what the report was made from."""
    reports = []

    def write(results):
        reports.append(results)
        assert results.finished is not None
        return results.folder / 'report.md'

    experiment = Experiment(
        'x', 'a table', write, {'s': Scale(rows, seeds=(0,))}
    )
    console = Console(file=io.StringIO(), width=200)
    request = Request(experiment, 's', root / 'work', ['python'], **kwargs)
    code = reproduce(request, console)
    return code, console.file.getvalue(), reports


def folder(root, run):
    return root / 'work/x/s' / run


def wait_until(condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, 'waited in vain'
        time.sleep(0.02)


def log_of(root, run):
    path = folder(root, run) / 'train.log'
    return path.read_text() if path.exists() else ''


def test_trains_what_is_missing_and_reports(root):
    code, printed, reports = call(root, A, B)
    assert code == 0
    assert journal(root) == ['a_seed0', 'b_seed0']
    assert 'a_seed0: done (1 to go)' in printed
    (results,) = reports
    assert [run.name for run in results.finished] == ['a_seed0', 'b_seed0']
    # 4 iterations of half a second each, twice
    finished = results.of_row('b')[0]
    assert results.cumulative(finished, 'seconds') == 4
    # of a finished run the last checkpoint is left
    left = [path.name for path in (root / 'work').rglob('*.pth')]
    assert left == ['epoch_2.pth'] * 2


def test_log_command_and_threads(root):
    call(root, A, B)
    log = log_of(root, 'b_seed0')
    assert '$ python tools/train.py configs/tiny.py' in log
    assert 'load_from=work/x/s/a_seed0/epoch_2.pth' in log
    record = read_json(folder(root, 'b_seed0') / 'row.json')
    threads = int(log.split('threads ')[1].split()[0])
    assert f'{threads} thread' in record['hardware'][0]
    assert record['command'][:2] == ['tools/train.py', 'configs/tiny.py']


def test_threads_of_the_user_go_first(root, monkeypatch):
    monkeypatch.setenv('OMP_NUM_THREADS', '7')
    call(root, A)
    assert 'threads 7' in log_of(root, 'a_seed0')


def test_second_call_trains_nothing(root):
    call(root, A, B)
    code, printed, reports = call(root, A, B)
    assert code == 0
    assert journal(root) == ['a_seed0', 'b_seed0']
    assert 'b_seed0: finished before' in printed
    assert len(reports[0].finished) == 2


def test_only_the_named_rows(root):
    call(root, A, B, make_row('c'), names=['b'])
    assert journal(root) == ['a_seed0', 'b_seed0']


def test_every_seed_has_its_own_parent(root):
    call(root, A, B, seeds=[4, 7])
    assert sorted(journal(root)) == [
        'a_seed4',
        'a_seed7',
        'b_seed4',
        'b_seed7',
    ]
    assert 'load_from=work/x/s/a_seed7/epoch_2.pth' in log_of(root, 'b_seed7')


def test_several_at_once(root):
    """Both wait at the same time; neither ends by itself."""
    rows = [make_row('a', mode='wait'), make_row('c', mode='wait')]

    def interrupt():
        wait_until(
            lambda: all(
                'waiting' in log_of(root, f'{name}_seed0') for name in 'ac'
            )
        )
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    code, _, _ = call(root, *rows, jobs=2)
    thread.join()
    assert code == 130
    assert sorted(journal(root)) == ['a_seed0', 'c_seed0']


def test_failure_is_told_and_only_its_children_stop(root):
    rows = [
        make_row('a', mode='fail'),
        *(B, make_row('d', parent='b'), make_row('c')),
    ]
    code, printed, reports = call(root, *rows)
    assert code == 1
    assert journal(root) == ['a_seed0', 'c_seed0']
    assert 'the disk is full' in printed
    assert str(folder(root, 'a_seed0') / 'train.log') in printed
    assert 'b_seed0: skipped: a_seed0, which it starts from, f' in printed
    (results,) = reports
    assert [run.name for run in results.finished] == ['c_seed0']
    states = {run.row.name: state for run, state in results.states.items()}
    assert states == dict(a='failed', b='skipped', d='skipped')


def test_repaired_row_goes_on(root):
    call(root, make_row('a', mode='fail'), B)
    # without a checkpoint another option is no other run
    assert call(root, A, B)[0] == 0


def test_training_without_results_has_failed(root):
    code, printed, _ = call(root, make_row('a', mode='untested'), B)
    assert code == 1
    assert 'no results.json' in printed


def test_missing_data_are_told_before_anything_is_trained(root):
    (root / 'data/annotations/fld_all_test.json').unlink()
    with pytest.raises(MissingFilesError, match='fld_all_test'):
        call(root, A)
    assert journal(root) == []


def test_report_only(root):
    call(root, A, seeds=[3])
    code, _, reports = call(root, A, B, report_only=True)
    assert code == 0
    assert journal(root) == ['a_seed3']
    # the seed that is there, not the scale's
    assert [run.name for run in reports[0].finished] == ['a_seed3']


def test_report_only_of_nothing(root):
    code, _, reports = call(root, A, report_only=True)
    assert code == 0
    assert reports[0].finished == {}


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_stops_the_training_and_the_same_call_goes_on(root, number):
    rows = make_row('a', mode='wait'), B
    before = signal.getsignal(number)

    def interrupt():
        wait_until(lambda: 'waiting' in log_of(root, 'a_seed0'))
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=interrupt)
    thread.start()
    code, printed, reports = call(root, *rows)
    thread.join()
    assert code == 130
    assert 'The same command goes on' in printed
    assert reports == []
    assert signal.getsignal(number) == before
    # the child was told, and has ended by now
    log = log_of(root, 'a_seed0')
    assert 'KeyboardInterrupt' in log
    with pytest.raises(ProcessLookupError):
        os.kill(int(log.split('waiting ')[1].split()[0]), 0)
    code, printed, reports = call(root, *rows)
    assert code == 0
    assert 'a_seed0: goes on' in printed
    assert journal(root) == ['a_seed0', 'a_seed0', 'b_seed0']
    assert len(reports[0].finished) == 2


class Stubborn:
    """Ends only when it is killed."""

    pid = 123

    def __init__(self):
        self.told, self.code = [], None

    def poll(self):
        return self.code

    def wait(self):
        return self.code

    def send_signal(self, number):
        self.told.append(number)


def test_stubborn_ones_are_killed_after_a_while(monkeypatch):
    child = Stubborn()

    def killpg(pid, number):
        child.told.append(number)
        child.code = -number

    monkeypatch.setattr(training, 'GRACE_SECONDS', 0)
    monkeypatch.setattr(training.os, 'killpg', killpg)
    processes = training.Processes(1)
    processes.running['a'] = child
    processes.stop()
    assert child.told == [signal.SIGINT, signal.SIGKILL]


def test_nothing_starts_after_the_end(root):
    processes = training.Processes(1)
    processes.stop()
    assert 'interrupted' in str(processes.train(None))


def test_two_never_train_in_the_same_folder(root):
    folder(root, 'a_seed0').mkdir(parents=True)
    with open(folder(root, 'a_seed0') / '.lock', 'w') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        code, printed, _ = call(root, A)
    assert code == 1
    assert 'another process trains in' in printed
    assert journal(root) == []
    assert call(root, A)[0] == 0


def test_experiments_of_a_group_share_their_runs(root):
    scales = {'d-s': Scale((A, B), seeds=(0,))}
    folders = []
    for name in 'xy':
        experiment = Experiment(
            *(name, 'a table', lambda results: folders.append(results.folder)),
            *(scales, 'group'),
        )
        request = Request(experiment, 'd-s', root / 'work', ['python'])
        assert reproduce(request, Console(quiet=True)) == 0
    assert journal(root) == ['a_seed0', 'b_seed0']
    assert folders == [root / 'work' / name / 'd-s' for name in 'xy']
    assert (root / 'work/group/d-s/a_seed0/row.json').exists()


def test_configs_read_the_scales_data(root, monkeypatch):
    monkeypatch.setenv('FLD_ROOT', 'before')
    monkeypatch.setenv('OTHER_ROOT', 'data')
    scale = Scale((A,), seeds=(0,), data=('OTHER_ROOT', 'nowhere'))
    seen = []
    experiment = Experiment('x', 'a table', seen.append, {'s': scale})
    request = Request(experiment, 's', root / 'work', ['python'])
    assert reproduce(request, Console(quiet=True)) == 0
    assert seen[0].environment == dict(FLD_ROOT='data')
    (run,) = seen[0].finished
    assert run.cfg.train_dataloader.dataset.data_root == 'data'
