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

import torch
from mmengine.config import Config, DictAction
from mmengine.dist import barrier, is_main_process
from mmengine.runner import Runner
from rich.console import Console
from rich.panel import Panel

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)
from dfa_mm.engine import cascade
from dfa_mm.engine.evaluate import test_and_report
from dfa_mm.engine.requirements import MissingFilesError, check_files


def parse_args() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', help='config of the last stage to train')
    parser.add_argument('--work-dir', help='folder for logs and checkpoints')
    parser.add_argument(
        '--resume',
        nargs='?',
        const='auto',
        help='resume the last stage from a checkpoint; without one, or '
        'without the option, from the latest in its folder if there is one',
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
        help='scale the learning rate by the batch size',
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
    cfg.merge_from_dict(args.cfg_options)
    for settings in cfg.get('stage_settings', {}).values():
        for key in args.cfg_options:
            settings.pop(key, None)
    cfg.launcher = args.launcher
    stem = osp.splitext(osp.basename(args.config))[0]
    cfg.work_dir = args.work_dir or cfg.get(
        'work_dir', osp.join('work_dirs', stem)
    )
    if args.no_validate:
        cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    if args.amp:
        cfg.optim_wrapper.type = (
            'AmpOptimWrapper'
            if torch.cuda.is_available()
            else 'BFloat16OptimWrapper'
        )
    if args.auto_scale_lr:
        cfg.auto_scale_lr = dict(
            enable=True, base_batch_size=cfg.train_dataloader.batch_size
        )
    return cfg


def train_stage(cfg: Config, resume: str = None) -> Runner:
    """Train one stage to its end and record that it is finished."""
    if resume not in (None, 'auto'):
        cfg.resume, cfg.load_from = True, resume
    elif osp.exists(osp.join(cfg.work_dir, 'last_checkpoint')):
        cfg.resume, cfg.load_from = True, None
    # one each, or all stages would log into the first one's folder
    if cfg.get('visualizer'):
        cfg.visualizer.name = f'visualizer_{cfg.work_dir}'
    runner = Runner.from_cfg(cfg)
    runner.train()
    if is_main_process():
        cascade.mark_finished(cfg)
    barrier()
    return runner


def evaluate_stage(cfg: Config) -> None:
    """Test the finished stage and write results.json beside it."""
    cfg.load_from = cascade.finished_checkpoint(cfg.work_dir)
    cfg.resume = False
    test_and_report(
        Runner.from_cfg(cfg),
        osp.join(cfg.work_dir, 'results.json'),
        osp.join(cfg.work_dir, 'predictions.png'),
    )


def main() -> None:
    args = parse_args()
    cfg = load_config(args)
    console = Console(stderr=True)
    try:
        check_files(cfg)
    except MissingFilesError as error:
        console.print(Panel(str(error), title='Files are missing'))
        sys.exit(1)
    last = cascade.num_stages(cfg)
    todo = cascade.stages_to_train(cfg)
    if last not in todo:
        console.print(f'{cfg.work_dir} is finished; only testing it')
    for stage in todo:
        console.rule(f'stage {stage} of {last}')
        stage_cfg = cascade.stage_config(cfg, stage)
        train_stage(stage_cfg, args.resume if stage == last else None)
    if cfg.get('test_dataloader'):
        evaluate_stage(cfg)


if __name__ == '__main__':
    main()
