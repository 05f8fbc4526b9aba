"""The order of runs, with processes that end when they are told to."""

import os
import signal
from pathlib import Path

import pytest
from reproduction_files import make_row, runs_of

from projects.reproduction import scheduler
from projects.reproduction.scheduler import (
    DONE,
    FAILED,
    INTERRUPTED,
    SKIPPED,
    Scheduler,
)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(scheduler, '_POLL_SECONDS', 0)


class FakeProcess:
    """Ends with ``code`` after so many polls, or when interrupted."""

    def __init__(self, code=0, polls=2, stubborn=False):
        self.code, self.left, self.stubborn = code, polls, stubborn
        self.told = []

    def poll(self):
        self.left -= 1
        return self.code if self.left <= 0 else None

    def interrupt(self):
        self.told.append('interrupt')
        if not self.stubborn:
            self.code, self.left = -signal.SIGINT, 0

    def kill(self):
        if self.left > 0:
            self.told.append('kill')
            self.code, self.left = -signal.SIGKILL, 0


# a <- b <- d, a <- c, e
ROWS = (
    make_row('a'),
    make_row('b', parent='a'),
    make_row('c', parent='a'),
    make_row('d', parent='b'),
    make_row('e'),
)


def run_rows(processes=(), jobs=1, rows=ROWS, done=(), watch=None, **kwargs):
    """Names in the order of their starts, and name to state."""
    runs = runs_of(Path('/nowhere'), *rows)
    started, processes = [], dict(processes)

    def start(run):
        started.append(run.row.name)
        process = processes.get(run.row.name) or FakeProcess()
        if isinstance(process, Exception):
            raise process
        return process

    states = Scheduler(
        list(runs.values()),
        jobs,
        start,
        finish=kwargs.get('finish', lambda run: None),
        watch=watch,
        done=[run for run in runs.values() if run.row.name in done],
    ).run()
    return started, {run.row.name: state for run, state in states.items()}


def kinds(states):
    return {name: state.state for name, state in sorted(states.items())}


def test_one_at_a_time_in_the_given_order():
    started, states = run_rows()
    assert started == ['a', 'b', 'c', 'd', 'e']
    assert set(kinds(states).values()) == {DONE}


def test_several_at_once_as_soon_as_their_parents_are_done():
    # a takes longer than e: b and c wait for a, not for e
    started, _ = run_rows({'a': FakeProcess(polls=9)}, jobs=2)
    assert started == ['a', 'e', 'b', 'c', 'd']


@pytest.mark.parametrize('jobs', [1, 2, 3])
def test_no_more_at_once_than_asked_for(jobs):
    at_once = []
    run_rows(
        rows=[make_row(name) for name in 'vwxyz'],
        jobs=jobs,
        watch=lambda state: at_once.append(len(state.running)),
    )
    assert max(at_once) == jobs


def test_finished_ones_are_not_started():
    started, states = run_rows(done=['a', 'b'])
    assert started == ['c', 'd', 'e']
    assert kinds(states) == dict.fromkeys('abcde', DONE)


def test_failure_stops_only_what_starts_from_it():
    started, states = run_rows({'b': FakeProcess(code=1)})
    assert started == ['a', 'b', 'c', 'e']
    assert kinds(states) == dict(a=DONE, b=FAILED, c=DONE, d=SKIPPED, e=DONE)
    assert states['b'].note == 'exit status 1'
    assert states['d'].note.startswith('b_seed0')


def test_failure_reaches_grandchildren():
    _, states = run_rows({'a': FakeProcess(code=1)})
    assert kinds(states) == dict(
        a=FAILED, b=SKIPPED, c=SKIPPED, d=SKIPPED, e=DONE
    )


def test_what_cannot_be_started_has_failed():
    _, states = run_rows({'e': OSError('no such folder')})
    assert kinds(states)['e'] == FAILED
    assert states['e'].note == 'no such folder'


def test_what_ends_well_but_left_nothing_has_failed():
    def finish(run):
        if run.row.name == 'b':
            raise FileNotFoundError('no results.json')

    _, states = run_rows(finish=finish)
    assert kinds(states) == dict(a=DONE, b=FAILED, c=DONE, d=SKIPPED, e=DONE)


def interrupt_when(running):
    """A watch that sends this process Ctrl-C once so many are running."""
    sent = []

    def watch(state):
        if len(state.running) == running and not sent:
            sent.append(True)
            os.kill(os.getpid(), signal.SIGINT)

    return watch


def test_ctrl_c_is_passed_on_and_nothing_new_is_started():
    long = {name: FakeProcess(polls=10**6) for name in 'ae'}
    before = signal.getsignal(signal.SIGINT)
    started, states = run_rows(long, jobs=2, watch=interrupt_when(2))
    assert started == ['a', 'e']
    assert kinds(states) == dict.fromkeys('abcde', INTERRUPTED)
    assert long['a'].told == long['e'].told == ['interrupt']
    assert signal.getsignal(signal.SIGINT) == before


def test_what_ends_well_in_spite_of_ctrl_c_is_done():
    process = FakeProcess(polls=10**6, stubborn=True)

    def interrupt():
        process.left = 3

    process.interrupt = interrupt
    _, states = run_rows({'a': process}, watch=interrupt_when(1))
    assert kinds(states)['a'] == DONE


def test_stubborn_ones_are_killed_after_a_while(monkeypatch):
    monkeypatch.setattr(scheduler, 'GRACE_SECONDS', 0)
    process = FakeProcess(polls=10**9, stubborn=True)
    _, states = run_rows({'a': process}, watch=interrupt_when(1))
    assert process.told == ['interrupt', 'kill']
    assert kinds(states)['a'] == INTERRUPTED
