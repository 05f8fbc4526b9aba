"""One run as a process of its own, which outlives no interruption by halves.

The process has a session of its own: Ctrl-C in the terminal reaches only this
tool, which passes it on once. A lock on the run's folder is held by the
process itself, so that two never train in the same place, not even when the
tool that started the first was killed.
"""

import fcntl
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, Optional

import torch

from .hardware import describe_hardware
from .record import begin_record
from .run import Run

LOG = 'train.log'
_LOCK = '.lock'
_TAIL_BYTES = 8192
# By default glibc gives large blocks back to the kernel, which has to clear
# them again in the next iteration: a sixth of the time of a training on CPU.
_KEEP_MEMORY = {
    'MALLOC_MMAP_MAX_': '0',
    'MALLOC_TRIM_THRESHOLD_': '-1',
    'MALLOC_TOP_PAD_': str(64 * 2**20),
}
_POINTER = 'last_checkpoint'


class FolderLockedError(RuntimeError):
    """Another process trains in the folder."""


class RunProcess:
    """A running ``tools/train.py``; its output goes to ``train.log``."""

    def __init__(self, run: Run, threads: int) -> None:
        run.folder.mkdir(parents=True, exist_ok=True)
        cuda = torch.cuda.is_available()
        command = run.command(cuda)
        with _locked(run.folder) as lock, open(log_path(run), 'ab') as log:
            begin_record(run, command, describe_hardware(threads))
            _find_moved_checkpoint(run.folder)
            log.write(f'\n$ python {shlex.join(command)}\n'.encode())
            log.flush()
            self._child = subprocess.Popen(
                [sys.executable, *command],
                cwd=run.root,
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

    def poll(self) -> Optional[int]:
        """The exit status, ``None`` while it runs."""
        return self._child.poll()

    def interrupt(self) -> None:
        """As Ctrl-C does; the loaders of data end with their parent."""
        if self.poll() is None:
            self._child.send_signal(signal.SIGINT)

    def kill(self) -> None:
        """With everything that it started."""
        if self.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)


def log_path(run: Run) -> Path:
    return run.folder / LOG


def log_tail(run: Run, lines: int) -> str:
    """The end of a run's output."""
    path = log_path(run)
    if not path.exists():
        return ''
    with open(path, 'rb') as file:
        file.seek(max(0, path.stat().st_size - _TAIL_BYTES))
        text = file.read().decode(errors='replace')
    # bars of progress overwrite themselves
    text = text.replace('\r', '\n').rstrip()
    return '\n'.join(text.split('\n')[-lines:])


def _locked(folder: Path) -> IO:
    """A file whose lock lasts as long as any process has it open.

    Raises:
        FolderLockedError: If another process has the lock.
    """
    lock = open(folder / _LOCK, 'w')  # noqa: SIM115  the caller closes it
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise FolderLockedError(
            f'another process trains in {folder}: wait for its end, or stop '
            'it, and start again'
        ) from None
    return lock


def _find_moved_checkpoint(folder: Path) -> None:
    """MMEngine resumes from an absolute path; the folder may have moved."""
    pointer = folder / _POINTER
    if not pointer.exists():
        return
    checkpoint = Path(pointer.read_text().strip())
    beside = folder / checkpoint.name
    if not checkpoint.exists() and beside.exists():
        pointer.write_text(str(beside))
