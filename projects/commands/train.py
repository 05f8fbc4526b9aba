"""``dfa train``: all stages of a cascade, or another model."""

import argparse
import os.path as osp
from shlex import quote
from typing import Optional

import torch
from mmengine.config import Config
from mmengine.logging import MMLogger

from dfa_mm.apis import InputError
from dfa_mm.apis.outputs import check_folder
from dfa_mm.engine import runs
from dfa_mm.engine.checkpoints import read_checkpoint
from dfa_mm.engine.evaluate import test_and_report
from dfa_mm.engine.identity import trained_on
from dfa_mm.engine.progress import TrainingProgress
from dfa_mm.engine.requirements import check_files
from dfa_mm.engine.stage_runner import QuietRunner, StageRunner
from dfa_mm.engine.stages import (
    num_stages,
    stage_config,
    stage_work_dir,
)
from dfa_mm.engine.stopping import StoppedError, stop_requests
from dfa_mm.engine.terminal import hush, terminal
from dfa_mm.engine.training import (
    DEFAULT_SEED,
    alone_in,
    set_aside_diverged,
    train_stage,
)

from .settings import merged_config

# what a shell makes of a process that a signal has ended
SIGNALLED = 128


def load_config(args: argparse.Namespace) -> Config:
    """The config with the command line merged in."""
    cfg = merged_config(args)
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
    give_seed(cfg)
    return cfg


def end_at_stage(cfg: Config, stage: int) -> None:
    last = num_stages(cfg)
    if not 1 <= stage <= last:
        raise InputError(f'--stage {stage}: the config has stages 1 to {last}')
    cfg.work_dir = stage_work_dir(cfg.work_dir, stage, last)
    if stage < last:
        cfg.model.num_stages = stage


def scale_rate(cfg: Config) -> None:
    if not (cfg.get('auto_scale_lr') or {}).get('base_batch_size'):
        raise InputError(
            '--auto-scale-lr: the config does not say for which batch its '
            'learning rate is meant; say it with --cfg-options '
            f'auto_scale_lr.base_batch_size={cfg.train_dataloader.batch_size}'
        )
    cfg.auto_scale_lr.enable = True


def give_seed(cfg: Config) -> None:
    """Two calls of one command give the same numbers, if none is asked for.

    MMEngine would draw a seed, by which an interrupted run could not go on.
    """
    randomness = dict(cfg.get('randomness') or {})
    if randomness.get('seed') is None:
        randomness['seed'] = DEFAULT_SEED
    cfg.randomness = randomness


def evaluate_stage(cfg: Config, stage: int, verbose: bool = True) -> None:
    """Test a finished stage and write results.json beside it."""
    cfg = stage_config(cfg, stage)
    cfg.load_from = runs.finished_checkpoint(cfg.work_dir)
    cfg.resume = False
    runner = (StageRunner if verbose else QuietRunner).from_cfg(cfg)
    with alone_in(cfg.work_dir):
        test_and_report(
            runner,
            osp.join(cfg.work_dir, 'results.json'),
            osp.join(cfg.work_dir, 'predictions.png'),
            details=verbose,
        )


def run(args: argparse.Namespace) -> int:
    if not args.verbose:
        hush(MMLogger.get_current_instance())
    cfg = load_config(args)
    try:
        with stop_requests():
            train(cfg, args.resume, args.verbose)
    except StoppedError as error:
        terminal().print(
            f'stopped {error}; the same command goes on from there',
            markup=False,
        )
        return SIGNALLED + error.signal
    if not args.verbose:
        tell_what_next(cfg)
    return 0


def train(cfg: Config, resume: Optional[str], verbose: bool = False) -> None:
    """Train what is missing up to the config's last stage, and test it."""
    check_files(cfg)
    last = num_stages(cfg)
    for stage in range(1, last + 1):
        set_aside_diverged(cfg, stage)
    todo = runs.stages_to_train(cfg)
    if resume is not None:
        # refused, if it is, before the earlier stages are trained
        runs.starting_point(cfg, last, resume)
    for stage in todo:
        check_folder(stage_config(cfg, stage).work_dir)
    if last not in todo:
        terminal().print(f'{cfg.work_dir} is finished; only testing it')
    if verbose:
        for stage in todo:
            train_stage(cfg, stage, resume if stage == last else None)
    else:
        with TrainingProgress(terminal(), cfg, todo) as shown:
            for stage in todo:
                own = resume if stage == last else None
                train_stage(cfg, stage, own, shown)
    if cfg.get('test_dataloader'):
        evaluate_stage(cfg, last, verbose)


def tell_what_next(cfg: Config) -> None:
    """What a finished checkpoint is for, as commands to copy.

    With the config that MMEngine writes beside it, in which the options of
    the command line are.
    """
    checkpoint = runs.finished_checkpoint(cfg.work_dir)
    config = osp.join(cfg.work_dir, osp.basename(cfg.filename))
    model = f'{quote(config)} {quote(checkpoint)}'
    lines = [
        f'trained: {checkpoint}',
        f'  test it:  dfa test {model}',
        f'  use it:   dfa predict PICTURE {model}',
    ]
    if trained_on(read_checkpoint(checkpoint)['meta']) == 'drawn':
        lines.append(
            '  It has seen drawn garments alone and is not for photographs. '
            'For these: dfa predict PICTURE'
        )
    terminal().print('\n'.join(lines), markup=False)
