"""Draw SynthFLD, a synthetic fashion landmark data set, in FLD's layout.

dfa convert synth data/synthfld --num 1000
"""

import argparse
from pathlib import Path

HELP = "draw a synthetic data set in FLD's layout"


def add_arguments(parser: argparse.ArgumentParser) -> None:
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


def check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    if not 1 <= args.num < 10**8:
        parser.error(f'--num is {args.num}, expected 1 to 99999999')
    if not 64 <= args.size <= 1000:
        parser.error(f'--size is {args.size}, expected 64 to 1000')
    if args.jobs is not None and args.jobs < 1:
        parser.error(f'--jobs is {args.jobs}, expected 1 or more')
    if args.seed < 0:
        parser.error(f'--seed is {args.seed}, expected 0 or more')
