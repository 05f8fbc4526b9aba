"""Test a checkpoint: tables on the screen, results.json, predictions.png.

dfa test CONFIG CHECKPOINT
"""

import argparse

from .common import (
    a_path,
    add_config_options,
    add_launcher,
    check_config_options,
    tell_rank,
)

HELP = 'test a checkpoint: tables, results.json and a picture'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('--work-dir', type=a_path, help='folder for the log')
    parser.add_argument(
        '--out',
        type=a_path,
        help='results file (default: WORK_DIR/results.json)',
    )
    parser.add_argument(
        '--picture',
        type=a_path,
        help='picture of predictions (default: beside the results file)',
    )
    parser.add_argument(
        '--dump', type=a_path, help='dump predictions to a pickle file'
    )
    parser.add_argument(
        '--show-dir', type=a_path, help='folder for a picture of every sample'
    )
    parser.add_argument(
        '--show', action='store_true', help='show every sample in a window'
    )
    parser.add_argument(
        '--interval', type=int, default=1, help='show every n-th sample'
    )
    parser.add_argument(
        '--wait-time', type=float, default=1, help='seconds per window'
    )
    add_config_options(parser)
    add_launcher(parser)


def check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    check_config_options(args, parser)
    tell_rank(args)
    if args.dump and not args.dump.endswith(('.pkl', '.pickle')):
        parser.error(f'--dump needs a .pkl file, not {args.dump}')
    if args.interval < 1:
        parser.error(f'--interval is {args.interval}, expected 1 or more')
