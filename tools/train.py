#!/usr/bin/env python
"""Train a cascade, all of its stages, or any other MMPose model.

Earlier stages are trained first where they are missing; a stage that was
interrupted resumes, a finished one is reused. Ends with a table, results.json
and a picture of the predictions on the test set.
"""

import argparse
import os
import os.path as osp
import sys
from typing import Optional

import torch
from mmengine.config import Config, DictAction
from mmengine.runner import Runner
from rich.console import Console
from rich.panel import Panel

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)
from dfa_mm.engine import runs
from dfa_mm.engine.checkpoints import CheckpointMismatchError
from dfa_mm.engine.evaluate import test_and_report
from dfa_mm.engine.hooks import DivergedError
from dfa_mm.engine.identity import RunMismatchError
from dfa_mm.engine.requirements import MissingFilesError, check_files
from dfa_mm.engine.stages import (
    merge_options,
    num_stages,
    stage_config,
    stage_work_dir,
)
from dfa_mm.engine.training import train_stage
from dfa_mm.models.pose_estimators.pairing import PairingError

REFUSALS = (
    CheckpointMismatchError,
    DivergedError,
    FileNotFoundError,
    PairingError,
    RunMismatchError,
)


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', help='config of the cascade')
    parser.add_argument(
        '--stage',
        type=int,
        help='last stage to train (default: the last of the config)',
    )
    parser.add_argument(
        '--work-dir',
        help="folder for the cascade's logs and checkpoints; earlier stages "
        'lie beside it if it is called ...stageN, in it otherwise',
    )
    parser.add_argument(
        '--resume',
        nargs='?',
        metavar='CHECKPOINT',
        const=None,
        help='resume the last stage from this checkpoint of the same run; '
        'without one, or without the option, from the latest in its folder '
        'if there is one',
    )
    parser.add_argument(
        '--amp',
        action='store_true',
        help='train in mixed precision, without CUDA in bfloat16',
    )
    parser.add_argument(
        '--no-validate',
        action='store_true',
        help='do not evaluate during training',
    )
    parser.add_argument(
        '--auto-scale-lr',
        action='store_true',
        help='scale the learning rate by the batch size on all devices over '
        "the config's auto_scale_lr.base_batch_size",
    )
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        default={},
        help='override settings, for every stage trained by this call, as '
        'key=value (lists as "[a,b]")',
    )
    parser.add_argument(
        '--launcher',
        choices=['none', 'pytorch', 'slurm', 'mpi'],
        default='none',
    )
    parser.add_argument('--local_rank', '--local-rank', type=int, default=0)
    args = parser.parse_args()
    os.environ.setdefault('LOCAL_RANK', str(args.local_rank))
    return args


def load_config(args: argparse.Namespace) -> Config:
    """The config with the command line merged in."""
    cfg = Config.fromfile(args.config)
    merge_options(cfg, args.cfg_options)
    cfg.launcher = args.launcher
    stem = osp.splitext(osp.basename(args.config))[0]
    cfg.work_dir = args.work_dir or cfg.get(
        'work_dir', osp.join('work_dirs', stem)
    )
    if args.stage is not None:
        end_at_stage(cfg, args.stage)
    if args.no_validate:
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    if args.amp:
        cfg.optim_wrapper.type = (
            'AmpOptimWrapper'
            if torch.cuda.is_available()
            else 'BFloat16OptimWrapper'
        )
    if args.auto_scale_lr:
        scale_rate(cfg)
    return cfg


def end_at_stage(cfg: Config, stage: int) -> None:
    last = num_stages(cfg)
    if not 1 <= stage <= last:
        sys.exit(f'--stage {stage}: the config has stages 1 to {last}')
    cfg.work_dir = stage_work_dir(cfg.work_dir, stage, last)
    if stage < last:
        cfg.model.num_stages = stage


def scale_rate(cfg: Config) -> None:
    if not (cfg.get('auto_scale_lr') or {}).get('base_batch_size'):
        sys.exit(
            '--auto-scale-lr: the config does not say for which batch its '
            'learning rate is meant; say it with --cfg-options '
            f'auto_scale_lr.base_batch_size={cfg.train_dataloader.batch_size}'
        )
    cfg.auto_scale_lr.enable = True


def evaluate_stage(cfg: Config, stage: int) -> None:
    """Test a finished stage and write results.json beside it."""
    cfg = stage_config(cfg, stage)
    cfg.load_from = runs.finished_checkpoint(cfg.work_dir)
    cfg.resume = False
    test_and_report(
        Runner.from_cfg(cfg),
        osp.join(cfg.work_dir, 'results.json'),
        osp.join(cfg.work_dir, 'predictions.png'),
    )


def run(cfg: Config, resume: Optional[str], console: Console) -> None:
    """Train what is missing up to the config's last stage, and test it."""
    check_files(cfg)
    last = num_stages(cfg)
    todo = runs.stages_to_train(cfg)
    if resume is not None:
        # refused, if it is, before the earlier stages are trained
        runs.starting_point(cfg, last, resume)
    if last not in todo:
        console.print(f'{cfg.work_dir} is finished; only testing it')
    for stage in todo:
        console.rule(f'stage {stage} of {last}')
        train_stage(cfg, stage, resume if stage == last else None)
    if cfg.get('test_dataloader'):
        evaluate_stage(cfg, last)


def main() -> None:
    args = parse_args()
    console = Console(stderr=True)
    try:
        run(load_config(args), args.resume, console)
    except MissingFilesError as error:
        console.print(Panel(str(error), title='Files are missing'))
        sys.exit(1)
    except REFUSALS as error:
        sys.exit(f'{type(error).__name__}: {error}')


if __name__ == '__main__':
    main()
