import os
import platform
import re
from pathlib import Path

import torch


def describe_hardware(threads: int) -> str:
    """The GPU's name, or the CPU's and how many threads a run has."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return f'{cpu_name()}, {threads} thread{"s" * (threads != 1)}'


def cpu_name() -> str:
    try:
        text = Path('/proc/cpuinfo').read_text()
    except OSError:
        text = ''
    found = re.search(r'^model name\s*:\s*(.+)$', text, re.MULTILINE)
    return found[1].strip() if found else platform.machine()


def num_cores() -> int:
    """That this process may use."""
    if hasattr(os, 'sched_getaffinity'):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads_per_run(jobs: int) -> int:
    """What each of ``jobs`` runs at once gets, unless the user says."""
    given = os.environ.get('OMP_NUM_THREADS', '')
    return int(given) if given.isdigit() else max(1, num_cores() // jobs)
