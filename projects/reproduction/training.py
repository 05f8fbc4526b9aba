"""Runs as tasks of doit: in order of their parents, several at once.

Each is a process of ``tools/train.py`` in a session of its own: Ctrl-C in the
terminal reaches only this tool, which passes it on once. A lock on the run's
folder is held by the process itself, so that two never train in the same
place, not even when the tool that started the first was killed. doit waits for
the processes in threads, in which no signal can fall between the start of one
and its registration.
"""

import fcntl
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Union

import torch
from doit.cmd_base import TaskLoader2
from doit.doit_cmd import DoitMain
from doit.exceptions import TaskFailed, UnmetDependency
from doit.reporter import ZeroReporter
from doit.task import Task
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from .hardware import describe_hardware, threads_per_run
from .record import (
    RESULTS,
    begin_record,
    complete_record,
    drop_older_checkpoints,
    is_done,
    traces,
)
from .run import Run

FAILED, SKIPPED = 'failed', 'skipped'
LOG = 'train.log'
# What a training may need to notice Ctrl-C and to end its loaders of data.
GRACE_SECONDS = 30.0
_POLL_SECONDS = 0.1
_TAIL_BYTES, _TAIL_LINES = 8192, 15
# By default glibc gives large blocks back to the kernel, which has to clear
# them again in the next iteration: a sixth of the time of a training on CPU.
_KEEP_MEMORY = {
    'MALLOC_MMAP_MAX_': '0',
    'MALLOC_TRIM_THRESHOLD_': '-1',
    'MALLOC_TOP_PAD_': str(64 * 2**20),
}


def train(runs: Sequence[Run], jobs: int, console: Console) -> dict[Run, str]:
    """Train the runs that are not done; a failing one stops its children.

    Returns:
        dict[Run, str]: ``failed`` or ``skipped``, of those that are.

    Raises:
        KeyboardInterrupt: After Ctrl-C, once all processes have ended.
    """
    reporter = Reporter(runs, console)
    processes = Processes(threads_per_run(jobs))
    loader = Loader(
        [make_task(run, processes) for run in runs],
        dict(
            # what is up to date is read off the runs' folders
            backend='sqlite3',
            dep_file=':memory:',
            par_type='thread',
            num_process=jobs,
            reporter=reporter,
            **{'continue': True},
        ),
    )
    with interruptible():
        try:
            code = DoitMain(loader, config_filenames=()).run(['run'])
        finally:
            processes.stop()
    if code and not reporter.states:
        raise RuntimeError(f'doit ended with {code}, see above')
    return reporter.states


def make_task(run: Run, processes: 'Processes') -> Task:
    return Task(
        run.name,
        [partial(processes.train, run)],
        targets=[str(run.folder / RESULTS)],
        task_dep=[run.parent.name] if run.parent else [],
        uptodate=[partial(is_done, run)],
        io=dict(capture=False),
    )


class Loader(TaskLoader2):
    """Of tasks that are there already."""

    def __init__(self, tasks: list[Task], config: dict) -> None:
        super().__init__()
        self.tasks, self.doit_config = tasks, config

    def load_doit_config(self) -> dict:
        return self.doit_config

    def load_tasks(self, cmd, pos_args) -> list[Task]:
        return self.tasks


class Reporter(ZeroReporter):
    """Beginnings and ends, a line each, and the log's end of what failed."""

    def __init__(self, runs: Sequence[Run], console: Console) -> None:
        super().__init__(sys.stderr, {})
        self.runs = {run.name: run for run in runs}
        self.console = console
        self.left = len(runs)
        self.states: dict[Run, str] = {}

    def skip_uptodate(self, task: Task) -> None:
        self._end(task, 'finished before')

    def execute_task(self, task: Task) -> None:
        run = self.runs[task.name]
        word = 'goes on' if traces(run.folder) else 'started'
        self._say(f'{task.name}: {word}, tail -f {log_path(run)}')

    def add_success(self, task: Task) -> None:
        self._end(task, '[green]done[/]')

    def add_failure(self, task: Task, fail) -> None:
        run = self.runs[task.name]
        if isinstance(fail, UnmetDependency):
            self.states[run] = SKIPPED
            note = f'{run.parent.name}, which it starts from, failed'
            self._end(task, f'[yellow]skipped[/]: {note}')
            return
        self.states[run] = FAILED
        self._end(task, '[red]failed[/]')
        text = f'{fail.get_msg().rstrip()}\n\n{log_tail(run)}'
        title = f'{run.name} failed; its log is {log_path(run)}'
        self.console.print(Panel(escape(text), title=title))

    def runtime_error(self, msg: str) -> None:
        self._say(escape(msg))

    def _end(self, task: Task, text: str) -> None:
        self.left -= 1
        self._say(f'{task.name}: {text} ({self.left} to go)')

    def _say(self, text: str) -> None:
        self.console.print(text, highlight=False, soft_wrap=True)


class Processes:
    """The running trainings.

    Args:
        threads (int): That each may use.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self.running: dict[str, subprocess.Popen] = {}
        self.lock = threading.Lock()
        self.stopped = False

    def train(self, run: Run) -> Union[bool, TaskFailed]:
        """From the start of a run's process to its end; doit's action."""
        try:
            with self.lock:
                if self.stopped:
                    return TaskFailed('interrupted')
                child = start(run, self.threads)
                self.running[run.name] = child
            code = child.wait()
            if code:
                return TaskFailed(f'exit status {code}')
            finish(run)
        except (OSError, RuntimeError, ValueError, KeyError) as error:
            return TaskFailed(str(error))
        return True

    def stop(self) -> None:
        """Politely; at once after another Ctrl-C or when it takes long."""
        with self.lock:
            self.stopped = True
        for child in self._alive():
            # as Ctrl-C does; the loaders of data end with their parent
            child.send_signal(signal.SIGINT)
        deadline = time.monotonic() + GRACE_SECONDS
        try:
            while self._alive() and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
        finally:
            for child in self._alive():
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()

    def _alive(self) -> list[subprocess.Popen]:
        return [p for p in self.running.values() if p.poll() is None]


def start(run: Run, threads: int) -> subprocess.Popen:
    """A run's process; its output goes to ``train.log``.

    Raises:
        BlockingIOError: If another process trains in its folder.
    """
    run.folder.mkdir(parents=True, exist_ok=True)
    command = run.command(torch.cuda.is_available())
    with locked(run.folder) as lock, open(log_path(run), 'ab') as log:
        begin_record(run, command, describe_hardware(threads))
        log.write(f'\n$ python {shlex.join(command)}\n'.encode())
        log.flush()
        return subprocess.Popen(
            [sys.executable, *command],
            env={
                'OMP_NUM_THREADS': str(threads),
                **_KEEP_MEMORY,
                **os.environ,
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock.fileno()],
        )


def finish(run: Run) -> None:
    """What is left to do when a training has ended well.

    Raises:
        FileNotFoundError: If it left no checkpoint or no results.
    """
    complete_record(run)
    if not is_done(run):
        raise FileNotFoundError(f'{run.folder} has no {RESULTS}')
    drop_older_checkpoints(run)


def log_path(run: Run) -> Path:
    return run.folder / LOG


def log_tail(run: Run) -> str:
    """The end of a run's output."""
    path = log_path(run)
    if not path.exists():
        return ''
    with open(path, 'rb') as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        text = file.read().decode(errors='replace')
    # bars of progress overwrite themselves
    text = text.replace('\r', '\n').rstrip()
    return '\n'.join(text.split('\n')[-_TAIL_LINES:])


def locked(folder: Path) -> IO:
    """A file whose lock lasts as long as any process has it open.

    Raises:
        BlockingIOError: If another process has the lock.
    """
    lock = open(folder / '.lock', 'w')  # noqa: SIM115  the caller closes it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise BlockingIOError(
            f'another process trains in {folder}: wait for its end, or stop '
            'it, and start again'
        ) from None
    return lock


@contextmanager
def interruptible() -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP as KeyboardInterrupt.

    A shell's background jobs ignore the first; nohup has the last ignored,
    and so it shall stay.
    """
    caught = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        caught.append(signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in caught}
    for number in caught:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
