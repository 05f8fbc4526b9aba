"""Runs in order of their parents, several at once, until Ctrl-C."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Callable, Optional, Protocol

from .run import Run
from .signals import Signals

DONE, FAILED, SKIPPED, INTERRUPTED = 'done', 'failed', 'skipped', 'interrupted'
# What a training may need to notice Ctrl-C and to end its loaders of data.
GRACE_SECONDS = 30.0
_POLL_SECONDS = 0.2


class Process(Protocol):
    """What the scheduler needs of a running child."""

    def poll(self) -> Optional[int]: ...

    def interrupt(self) -> None: ...

    def kill(self) -> None: ...


@dataclass(frozen=True)
class State:
    """How a run ended, and why."""

    state: str
    note: str = ''


class Scheduler:
    """Trains runs; a failing one stops only those that start from it.

    Args:
        runs (Sequence[Run]): A parent before its children.
        jobs (int): How many at once.
        start (Callable): Starts a run's process. What it raises makes the
            run a failed one.
        finish (Callable): Called when a process ended well; likewise.
        watch (Callable, optional): Called again and again with this object.
        done (Iterable[Run]): Those that need no training.

    Attributes:
        waiting (list[Run]): Not yet started.
        running (dict[Run, Process]): The processes.
        states (dict[Run, State]): Of the others.
    """

    def __init__(
        self,
        runs: Sequence[Run],
        jobs: int,
        start: Callable[[Run], Process],
        finish: Callable[[Run], object],
        watch: Optional[Callable[['Scheduler'], None]] = None,
        done: Iterable[Run] = (),
    ) -> None:
        self.jobs = jobs
        self.start = start
        self.finish = finish
        self.watch = watch
        self.states = {run: State(DONE) for run in done}
        self.waiting = [run for run in runs if run not in self.states]
        self.running: dict[Run, Process] = {}

    def run(self) -> dict[Run, State]:
        """All of them.

        Returns:
            dict[Run, State]: Of every run. After Ctrl-C, which the processes
            are told and whose end is waited for, some are interrupted.
        """
        with Signals() as signals:
            while (self.waiting or self.running) and not signals.count:
                self._start_ready()
                self._collect(otherwise=FAILED)
                if self.watch is not None:
                    self.watch(self)
                if self.running:
                    time.sleep(_POLL_SECONDS)
            self._stop(signals)
        self._collect(otherwise=INTERRUPTED)
        for run in self.waiting:
            self.states[run] = State(INTERRUPTED)
        return self.states

    def _start_ready(self) -> None:
        for run in list(self.waiting):
            before = self.states.get(run.parent)
            if run.parent is not None and before is None:
                continue
            if run.parent is not None and before.state != DONE:
                note = f'{run.parent.name}, which it starts from, failed'
                self.states[run] = State(SKIPPED, note)
                self.waiting.remove(run)
            elif len(self.running) < self.jobs:
                self.waiting.remove(run)
                self._start(run)

    def _start(self, run: Run) -> None:
        try:
            self.running[run] = self.start(run)
        except (OSError, RuntimeError, ValueError) as error:
            self.states[run] = State(FAILED, str(error))

    def _collect(self, otherwise: str) -> None:
        """Processes that ended, those that ended badly as ``otherwise``."""
        for run, process in list(self.running.items()):
            code = process.poll()
            if code is not None:
                del self.running[run]
                self.states[run] = (
                    self._finished(run)
                    if code == 0
                    else State(otherwise, f'exit status {code}')
                )

    def _finished(self, run: Run) -> State:
        try:
            self.finish(run)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            return State(FAILED, str(error))
        return State(DONE)

    def _stop(self, signals: Signals) -> None:
        """Politely; at once after another Ctrl-C or when it takes long."""
        told = signals.count
        deadline = time.monotonic() + GRACE_SECONDS
        for process in self.running.values():
            process.interrupt()
        while self._any_alive() and signals.count == told:
            if time.monotonic() > deadline:
                break
            time.sleep(_POLL_SECONDS)
        for process in self.running.values():
            process.kill()
        while self._any_alive():
            time.sleep(_POLL_SECONDS)

    def _any_alive(self) -> bool:
        return any(p.poll() is None for p in self.running.values())
