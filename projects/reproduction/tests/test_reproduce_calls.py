"""Whole calls, with the stand-in for tools/train.py."""

import io
import os
import signal
import threading
import time

import pytest
from reproduction_files import journal, make_row, write_root
from rich.console import Console

from projects.reproduction import Experiment, Request, Scale, reproduce


@pytest.fixture
def root(tmp_path):
    return write_root(tmp_path)


def call(root, *rows, **kwargs):
    """Exit status, what was printed and what the report was made from."""
    reports = []

    def write_report(report):
        reports.append(report)
        return report.folder / 'report.md'

    scale = Scale(rows, seeds=(0,))
    experiment = Experiment('x', 'a table', {'s': scale}, 's', write_report)
    console = Console(file=io.StringIO(), width=200)
    request = Request(
        experiment, 's', root, root / 'work', command=['python'], **kwargs
    )
    code = reproduce(request, console)
    return code, console.file.getvalue(), reports


A, B = make_row('a'), make_row('b', parent='a')


def test_trains_what_is_missing_and_reports(root):
    code, printed, reports = call(root, A, B)
    assert code == 0
    assert journal(root) == ['a_seed0', 'b_seed0']
    assert 'b_seed0: done' in printed
    (report,) = reports
    assert [run.name for run in report.finished] == ['a_seed0', 'b_seed0']
    # 4 iterations of half a second each, twice
    finished = report.of_row('b')[0]
    assert report.cumulative(finished, 'seconds') == 4
    # of a finished run the last checkpoint is left
    left = [path.name for path in (root / 'work').rglob('*.pth')]
    assert left == ['epoch_2.pth'] * 2


def test_child_starts_from_its_parents_checkpoint(root):
    call(root, A, B)
    log = (root / 'work/x/s/b_seed0/train.log').read_text()
    assert 'load_from=work/x/s/a_seed0/epoch_2.pth' in log


def test_second_call_trains_nothing(root):
    call(root, A, B)
    code, printed, reports = call(root, A, B)
    assert code == 0
    assert journal(root) == ['a_seed0', 'b_seed0']
    assert 'Finished before: a_seed0, b_seed0' in printed
    assert len(reports[0].finished) == 2


def test_only_the_named_rows(root):
    call(root, A, B, make_row('c'), names=['b'])
    assert journal(root) == ['a_seed0', 'b_seed0']


def test_every_seed_has_its_own_parent(root):
    call(root, A, B, seeds=[4, 7])
    assert journal(root) == ['a_seed4', 'b_seed4', 'a_seed7', 'b_seed7']
    log = (root / 'work/x/s/b_seed7/train.log').read_text()
    assert 'load_from=work/x/s/a_seed7/epoch_2.pth' in log


def test_failure_is_told_and_the_others_go_on(root):
    failing = make_row('a', mode='fail')
    code, printed, reports = call(root, failing, B, make_row('c'))
    assert code == 1
    assert journal(root) == ['a_seed0', 'c_seed0']
    assert 'the disk is full' in printed
    assert str(root / 'work/x/s/a_seed0/train.log') in printed
    assert 'b_seed0 was skipped' in printed
    assert [run.name for run in reports[0].finished] == ['c_seed0']


def test_repaired_row_goes_on(root):
    call(root, make_row('a', mode='fail'), B)
    # without a checkpoint another option is no other run
    code, _, _ = call(root, A, B)
    assert code == 0


def test_training_without_results_has_failed(root):
    code, printed, _ = call(root, make_row('a', mode='untested'), B)
    assert code == 1
    assert 'no results.json' in printed


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


def test_ctrl_c_stops_the_training_and_the_same_call_goes_on(root):
    rows = make_row('a', mode='wait'), B
    folder = root / 'work/x/s/a_seed0'

    def interrupt():
        log = folder / 'train.log'
        while not (log.exists() and 'waiting' in log.read_text()):
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    code, printed, reports = call(root, *rows)
    thread.join()
    assert code == 130
    assert 'The same command goes on' in printed
    assert reports == []
    assert 'KeyboardInterrupt' in (folder / 'train.log').read_text()
    code, _, reports = call(root, *rows)
    assert code == 0
    assert journal(root) == ['a_seed0', 'a_seed0', 'b_seed0']
    assert len(reports[0].finished) == 2
