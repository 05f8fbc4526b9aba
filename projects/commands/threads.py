"""How many threads compute: no more than there are free cores.

More threads than cores wait for each other after every layer: beside one
busy process a step of training on two cores takes many times as long.
"""

import os
import sys
import time
from pathlib import Path
from typing import NamedTuple, Optional

CGROUPS = Path('/sys/fs/cgroup')
VARIABLE = 'OMP_NUM_THREADS'
SHORTEST = 0.5  # seconds: what is measured in less is chance
_IDLE = slice(3, 5)  # of a line of /proc/stat: idle, waiting for a disk
_TIMES = slice(0, 8)  # user ... steal; those after are in these already


class Moment(NamedTuple):
    """Seconds, of the clock, and of processor time since the machine began."""

    clock: float
    own: float
    idle: float


def now() -> Optional[Moment]:
    """``None`` where the system does not tell."""
    try:
        line = Path('/proc/stat').read_text().partition('\n')[0]
        ticks = [int(word) for word in line.split()[1:]][_TIMES]
        idle = sum(ticks[_IDLE]) / os.sysconf('SC_CLK_TCK')
    except (OSError, ValueError):
        return None
    return Moment(time.monotonic(), time.process_time(), idle)


# the libraries take seconds to import: long enough to see who else is busy
_BEGAN = now()


def cores() -> int:
    """That this process may use."""
    if hasattr(os, 'sched_getaffinity'):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    return max(1, min(allowed, int(quota() or allowed)))


def quota() -> Optional[float]:
    """Cores that a container may use, ``None`` without a limit."""
    found = [limit for limit in map(_limit, _own_groups()) if limit]
    return min(found) if found else None


def _own_groups():
    """This process's group and those around it."""
    try:
        lines = Path('/proc/self/cgroup').read_text().splitlines()
    except OSError:
        return
    for line in lines:
        number, kinds, path = line.split(':', 2)
        if number == '0' or 'cpu' in kinds.split(','):
            top = CGROUPS / kinds
            for part in (Path(path), *Path(path).parents):
                yield top / part.relative_to('/')


def _limit(group: Path) -> Optional[float]:
    """'quota period', 'max period', or the two files of version 1."""
    try:
        if (group / 'cpu.max').exists():
            words = (group / 'cpu.max').read_text().split()
        else:
            words = [
                (group / f'cpu.cfs_{name}_us').read_text()
                for name in ('quota', 'period')
            ]
        limit, period = float(words[0]), float(words[1])
    except (OSError, ValueError):  # none, or max
        return None
    return limit / period if limit > 0 else None


def free(before: Optional[Moment], after: Optional[Moment]) -> float:
    """Cores that nobody else has used between two moments."""
    if before is None or after is None:
        return float('inf')
    passed = after.clock - before.clock
    if passed < SHORTEST:
        return float('inf')
    used = after.own - before.own
    return (after.idle - before.idle + used) / passed


def choose(allowed: int, unused: float, workers: int, processes: int) -> int:
    """Threads of one of the processes that compute.

    Args:
        allowed (int): Cores that this process may use.
        unused (float): Those that nobody else uses.
        workers (int): Processes that read pictures for each.
        processes (int): That compute on this machine together.
    """
    share = min(allowed, unused) / processes
    # a worker is busy for half of the time, or the model waits for it
    return max(1, int(share - workers / 2 + 0.5))


def settle(given: Optional[int], workers: int = 0) -> None:
    """Let the libraries compute in so many threads; says if not in all.

    Args:
        given (int, optional): By the user; else OMP_NUM_THREADS says it, or
            what is free.
        workers (int): Processes that read pictures beside.
    """
    if given is None and VARIABLE in os.environ:
        return
    import cv2
    import torch

    allowed, unused = cores(), free(_BEGAN, now())
    processes = int(os.environ.get('LOCAL_WORLD_SIZE', 1))
    count = given or choose(allowed, unused, workers, processes)
    torch.set_num_threads(count)
    cv2.setNumThreads(count)
    if given is None and count < allowed:
        beside = f' and {workers} processes read pictures' if workers else ''
        print(
            f'threads: {count}, for {min(allowed, unused):.1f} of {allowed} '
            f'cores are free{beside}; '
            f'--threads N or {VARIABLE} sets another number',
            file=sys.stderr,
        )
