"""``dfa train``: all stages of a cascade, or another model."""

import argparse
import os.path as osp
from typing import Optional

import torch
from mmengine.config import Config
from mmengine.runner import Runner
from rich.console import Console

from dfa_mm.apis import InputError
from dfa_mm.engine import runs
from dfa_mm.engine.evaluate import test_and_report
from dfa_mm.engine.requirements import check_files
from dfa_mm.engine.stages import (
    num_stages,
    stage_config,
    stage_work_dir,
)
from dfa_mm.engine.training import train_stage

from .settings import merged_config


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


def run(args: argparse.Namespace) -> None:
    train(load_config(args), args.resume, Console(stderr=True))


def train(cfg: Config, resume: Optional[str], console: Console) -> None:
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
