#!/usr/bin/env python
"""Label files that are wrong in every way, thrown at what reads them.

    python tools/misc/fuzz_labels.py coco --num 100000
    python tools/misc/fuzz_labels.py lists --num 100000

Each input is a valid file that some mutations of a fixed grammar have changed;
every third is read leniently. It must be refused in one line, or accepted
with all that an oracle of its own asks of the samples. Anything else is told
with the seed that makes it again, and the exit status is 1.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import fuzz_coco
import fuzz_lists
from mmengine.logging import MMLogger

from dfa_mm.errors import InputError

TIME_LIMIT = 10  # seconds
MAX_LINE = 2000  # characters of a message
_MEMORY = Path('/dev/shm')
GOOD = ('accepted', 'refused')


class HangError(BaseException):
    """Reading took longer than TIME_LIMIT; not caught as others are."""


class Outcome(NamedTuple):
    """``accepted``, ``refused`` or what must not be, with the details."""

    kind: str
    detail: str = ''


def read_coco(rng: random.Random, folder: Path, lenient: bool) -> List[str]:
    data = fuzz_coco.make(rng)
    path = folder / 'a.json'
    path.write_bytes(data)
    dataset = fuzz_coco.load(path, folder, lenient)
    return fuzz_coco.wrong(dataset, data)


def read_lists(rng: random.Random, folder: Path, lenient: bool) -> List[str]:
    files = fuzz_lists.make(rng)
    fuzz_lists.write(files, folder)
    return fuzz_lists.wrong(fuzz_lists.load(folder, lenient), files)


READERS = {
    'coco': (fuzz_coco.make_pictures, read_coco),
    'lists': (fuzz_lists.make_pictures, read_lists),
}


def outcome(kind: str, seed: int, folder: Path) -> Outcome:
    """Of the one input that the seed makes."""
    rng = random.Random(seed)
    try:
        with time_limit():
            faults = READERS[kind][1](rng, folder, lenient=seed % 3 == 0)
    except InputError as error:
        # a lenient report has a line for each kind of problem
        lines = [str(error)] if seed % 3 else str(error).split('\n')
        if all(len(x) <= MAX_LINE and x.isprintable() for x in lines):
            return Outcome('refused')
        return Outcome('no line', str(error)[:MAX_LINE])
    except HangError:
        return Outcome('hang')
    except Exception:
        return Outcome('traceback', traceback.format_exc())
    return (
        Outcome('wrong', '; '.join(faults)) if faults else Outcome('accepted')
    )


@contextmanager
def time_limit():
    def stop(*_):
        raise HangError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def work_folder(kind: str):
    """With the pictures in it, in memory where there is such a folder."""
    base = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=base) as name:
        READERS[kind][0](Path(name))
        yield Path(name)


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('kind', choices=READERS)
    parser.add_argument('--num', type=int, default=1000, help='inputs')
    parser.add_argument('--seed', type=int, default=0, help='of the first')
    return parser.parse_args(argv)


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    MMLogger.get_current_instance().setLevel('ERROR')
    counts: Counter = Counter()
    start = time.perf_counter()
    with work_folder(args.kind) as folder:
        for seed in range(args.seed, args.seed + args.num):
            found = outcome(args.kind, seed, folder)
            counts[found.kind] += 1
            if found.kind not in GOOD:
                print(f'seed {seed}: {found.kind}: {found.detail[-1500:]!a}')
    seconds = time.perf_counter() - start
    told = ', '.join(f'{counts[k]} {k}' for k in sorted(counts))
    print(f'{args.kind}: {args.num} inputs in {seconds:.0f} s: {told}')
    return 0 if set(counts) <= set(GOOD) else 1


if __name__ == '__main__':
    sys.exit(main())
