#!/usr/bin/env python
"""Reproduce a table or figure of the paper.

    python tools/reproduce.py table4 --scale small --seeds 0 1 2
    python tools/reproduce.py table2 --scale small --data photos --jobs 2

trains what is missing, resumes what was interrupted, reuses what is done and
writes report.md, report.json and pictures into WORK_DIR/EXPERIMENT/SCALE, or
WORK_DIR/EXPERIMENT/DATA-SCALE for the experiments on garments, which share
the trainings in WORK_DIR/fld/DATA-SCALE. Ctrl-C stops everything cleanly; the
same command goes on.
"""

import argparse
import logging
import os
import sys
from itertools import chain
from pathlib import Path

from mmengine.logging import MMLogger
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from dfa_mm.engine.requirements import MissingFilesError
from dfa_mm.errors import InputError
from projects.reproduction.experiments import EXPERIMENTS, UnknownDataError
from projects.reproduction.record import StaleRunError
from projects.reproduction.reproduce import Request, reproduce
from projects.reproduction.rows import UnknownRowError

ROOT = Path(__file__).resolve().parents[1]
WORK_DIR = Path('work_dirs/reproduce')


def parse_args(argv=None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest='experiment', required=True)
    for name, experiment in EXPERIMENTS.items():
        command = commands.add_parser(name, help=experiment.help)
        add_arguments(command, experiment)
    args = parser.parse_args(argv)
    data = EXPERIMENTS[args.experiment].data
    if data and args.data is None:
        args.data = data[args.scale][0]
    if args.jobs < 1:
        parser.error(f'--jobs is {args.jobs}, but must be at least 1')
    return args


def add_arguments(parser: argparse.ArgumentParser, experiment) -> None:
    parser.add_argument(
        '--scale',
        choices=list(experiment.data or experiment.scales),
        default='small',
        help='how large (default: %(default)s)',
    )
    if experiment.data:
        parser.add_argument(
            '--data',
            choices=sorted(set(chain(*experiment.data.values()))),
            help='default: the first that the scale has. '
            + '; '.join(
                f'{scale}: {", ".join(names)}'
                for scale, names in experiment.data.items()
            ),
        )
    parser.add_argument(
        '--seeds',
        nargs='+',
        type=int,
        help="default: the scale's; with --report-only those that are there",
    )
    parser.add_argument(
        '--rows',
        nargs='+',
        metavar='NAME',
        help='train only these and what they start from',
    )
    parser.add_argument(
        '--jobs', type=int, default=1, help='rows trained at once'
    )
    parser.add_argument(
        '--work-dir', type=Path, default=WORK_DIR, help='default: %(default)s'
    )
    parser.add_argument(
        '--report-only',
        action='store_true',
        help='train nothing, report what is there',
    )
    parser.add_argument(
        '--no-photographs',
        action='store_true',
        help='leave pictures of the data out of the report, to pass it on',
    )
    parser.add_argument(
        '--amp',
        action='store_true',
        help='train in mixed precision, without CUDA in bfloat16',
    )
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        type=key_and_value,
        default=[],
        metavar='KEY=VALUE',
        help="override settings of every row, as tools/train.py's",
    )


def key_and_value(text: str) -> tuple:
    key, equals, value = text.partition('=')
    if not (key and equals):
        raise argparse.ArgumentTypeError(f'{text!r} is not KEY=VALUE')
    return key, value


def report_command(args: argparse.Namespace) -> list:
    """What changes a number; where and how many at once does not."""
    words = ['python', 'tools/reproduce.py', args.experiment]
    words += ['--scale', args.scale]
    if getattr(args, 'data', None):
        words += ['--data', args.data]
    if args.seeds:
        words += ['--seeds', *map(str, args.seeds)]
    if args.amp:
        words += ['--amp']
    if args.cfg_options:
        options = [f'{key}={value}' for key, value in args.cfg_options]
        words += ['--cfg-options', *options]
    return words


def main(argv=None) -> int:
    args = parse_args(argv)
    console = Console(stderr=True)
    # every reading of a config tells of every variable that it uses
    MMLogger.get_current_instance().setLevel(logging.WARNING)
    try:
        request = make_request(args)
        # configs and data are named from the repository
        os.chdir(ROOT)
        return reproduce(request, console)
    except (
        InputError,
        MissingFilesError,
        StaleRunError,
        UnknownDataError,
        UnknownRowError,
    ) as error:
        console.print(Panel(escape(str(error)), title='Nothing was trained'))
        return 1


def make_request(args: argparse.Namespace) -> Request:
    """What the command line means."""
    experiment = EXPERIMENTS[args.experiment]
    return Request(
        experiment=experiment,
        scale=experiment.scale_key(args.scale, getattr(args, 'data', None)),
        work_dir=args.work_dir.resolve(),
        command=report_command(args),
        seeds=args.seeds,
        names=args.rows,
        options=dict(args.cfg_options),
        amp=args.amp,
        jobs=args.jobs,
        report_only=args.report_only,
        photographs=not args.no_photographs,
    )


if __name__ == '__main__':
    sys.exit(main())
