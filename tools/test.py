#!/usr/bin/env python
"""Test a checkpoint: tables on the screen, results.json, predictions.png."""

import argparse
import os
import os.path as osp
import sys

from mmengine.config import Config, DictAction
from mmengine.runner import Runner

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)
from dfa_mm.engine.checkpoints import CheckpointMismatchError
from dfa_mm.engine.evaluate import test_and_report
from dfa_mm.engine.identity import RunMismatchError
from dfa_mm.engine.requirements import MissingFilesError, check_test_files
from dfa_mm.engine.stages import merge_options, num_stages, stage_config


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument('--work-dir', help='folder for the log')
    parser.add_argument(
        '--out', help='results file (default: WORK_DIR/results.json)'
    )
    parser.add_argument(
        '--picture',
        help='picture of predictions (default: beside the results file)',
    )
    parser.add_argument('--dump', help='dump predictions to a pickle file')
    parser.add_argument(
        '--show-dir', help='folder for a picture of every sample'
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
    parser.add_argument(
        '--cfg-options', nargs='+', action=DictAction, default={}
    )
    parser.add_argument(
        '--launcher',
        choices=['none', 'pytorch', 'slurm', 'mpi'],
        default='none',
    )
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)
    args = parser.parse_args()
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    if args.dump and not args.dump.endswith(('.pkl', '.pickle')):
        parser.error(f'--dump needs a .pkl file, not {args.dump}')
    return args


def load_config(args: argparse.Namespace) -> Config:
    """The config with the command line merged in."""
    cfg = Config.fromfile(args.config)
    merge_options(cfg, args.cfg_options)
    cfg = stage_config(cfg, num_stages(cfg))
    stem = osp.splitext(osp.basename(args.config))[0]
    cfg.launcher = args.launcher
    cfg.load_from = args.checkpoint
    cfg.work_dir = args.work_dir or cfg.get(
        'work_dir', osp.join('work_dirs', stem)
    )
    if args.show or args.show_dir:
        cfg.default_hooks.visualization.update(
            enable=True,
            show=args.show,
            wait_time=args.wait_time if args.show else 0,
            out_dir=args.show_dir,
            interval=args.interval,
        )
    if args.dump:
        dump = dict(type='DumpResults', out_file_path=args.dump)
        cfg.test_evaluator = [*cfg.test_evaluator, dump]
    return cfg


def main() -> None:
    args = parse_args()
    cfg = load_config(args)
    out = args.out or osp.join(cfg.work_dir, 'results.json')
    picture = args.picture or f'{osp.splitext(out)[0]}_predictions.png'
    try:
        check_test_files(cfg)
        test_and_report(Runner.from_cfg(cfg), out, picture)
    except MissingFilesError as error:
        sys.exit(f'error: {error}')
    except (CheckpointMismatchError, RunMismatchError) as error:
        sys.exit(f'{type(error).__name__}: {error}')


if __name__ == '__main__':
    main()
