#!/usr/bin/env python
"""Pin what is tested: requirements/locks, with hashes, for every Python.

    python tools/misc/lock.py [3.11 ...] [--upgrade]

For each Python two files: VERSION-torch.txt has PyTorch and its CUDA
libraries, which a set-up for the CPU takes from elsewhere; VERSION.txt has
the rest. Pins that are there already stay, unless --upgrade. Needs uv
(``pip install uv``) and the package index.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Dict, Optional, Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
LOCKS = REPOSITORY / 'requirements/locks'
PYTHONS = ('3.10', '3.11', '3.12', '3.13')
INPUTS = (
    *(
        f'requirements/{name}.txt'
        for name in (
            *('install', 'openmmlab', 'heic', 'web'),
            *('test', 'lint', 'docs'),
        )
    ),
    'projects/reproduction/requirements.txt',
)
OF_TORCH = re.compile(r'(torch|torchvision|triton|cuda-.*|nvidia-.*)$')
HEAD = """\
# Python {python} on Linux, {what}. Made by tools/misc/lock.py.
# To be installed with --no-deps --require-hashes --only-binary=:all:
"""


def entries(lock: str) -> Dict[str, str]:
    """Name to entry (pin and hashes) of a lock without comments."""
    starts = r'^(?=[A-Za-z0-9])'
    found = re.split(starts, lock, flags=re.MULTILINE)
    return {entry.split('==')[0]: entry for entry in found if '==' in entry}


def resolve(python: str, known: str, upgrade: bool) -> str:
    """uv's lock of everything for one version of Python."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'lock.txt')
        path.write_text(known)
        command = ['uv', 'pip', 'compile', '--quiet', *INPUTS]
        command += ['--python-version', python, '--python-platform', 'linux']
        command += ['--overrides', 'requirements/overrides.txt']
        command += ['--generate-hashes', '--only-binary', ':all:']
        command += ['--no-header', '--no-annotate', '--allow-unsafe']
        command += ['--output-file', str(path)]
        command += ['--upgrade'] if upgrade else []
        subprocess.run(command, cwd=REPOSITORY, check=True)
        return path.read_text()


def write(python: str, upgrade: bool) -> None:
    rest = LOCKS / f'{python}.txt'
    torch = LOCKS / f'{python}-torch.txt'
    known = ''.join(
        path.read_text() for path in (rest, torch) if path.exists()
    )
    pins = entries(resolve(python, known, upgrade))
    for path, wanted, what in (
        (torch, True, 'PyTorch and its CUDA libraries'),
        (rest, False, 'all but PyTorch'),
    ):
        body = ''.join(
            entry
            for name, entry in pins.items()
            if bool(OF_TORCH.match(name)) == wanted
        )
        path.write_text(HEAD.format(python=python, what=what) + body)


def main(argv: Optional[Sequence[str]] = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('python', nargs='*', metavar='VERSION')
    parser.add_argument('--upgrade', action='store_true')
    args = parser.parse_args(argv)
    for python in args.python or PYTHONS:
        write(python, args.upgrade)
    return 0


if __name__ == '__main__':
    sys.exit(main())
