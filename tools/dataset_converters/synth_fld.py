"""Draws SynthFLD, a synthetic fashion landmark data set.

Example:
    python tools/dataset_converters/synth_fld.py data/synth_fld --num 1000
"""

import argparse
import sys
import time
from pathlib import Path


def parse_args():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('out', type=Path, help='folder to write')
    parser.add_argument('--num', type=int, default=1000, help='pictures')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--size', type=int, default=256, help='long side, px')
    parser.add_argument('--jobs', type=int, help='processes (all cores)')
    parser.add_argument(
        '--overwrite',
        action='store_true',
        help='replace what an earlier run wrote there, and nothing else',
    )
    args = parser.parse_args()
    if not 1 <= args.num < 10**8:
        parser.error(f'--num is {args.num}, expected 1 to 99999999')
    if not 64 <= args.size <= 1000:
        parser.error(f'--size is {args.size}, expected 64 to 1000')
    return args


def main():
    args = parse_args()
    # Importing dfa_mm takes seconds; --help should not.
    from projects.synthfld import write_synth_fld
    from projects.synthfld.fld_files import state_shares
    from projects.synthfld.owned_folder import ForeignFilesError

    start = time.perf_counter()
    try:
        samples = write_synth_fld(**vars(args))
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    seconds = time.perf_counter() - start
    print(f'{args.num} pictures in {seconds:.1f} s, in {args.out}')
    print(state_shares(samples))
    return 0


if __name__ == '__main__':
    sys.exit(main())
