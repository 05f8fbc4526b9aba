"""``dfa test``: tables on the screen, results.json, predictions.png."""

import argparse
import os.path as osp

from mmengine.config import Config

from dfa_mm.apis import InputError
from dfa_mm.apis.outputs import check_file, check_folder
from dfa_mm.engine.evaluate import test_and_report
from dfa_mm.engine.requirements import check_test_files
from dfa_mm.engine.stage_runner import StageRunner
from dfa_mm.engine.stages import num_stages, stage_config
from dfa_mm.pictures.writer import can_write

from .settings import merged_config


def load_config(args: argparse.Namespace) -> Config:
    """The config with the command line merged in."""
    cfg = merged_config(args)
    cfg = stage_config(cfg, num_stages(cfg))
    stem = osp.splitext(osp.basename(args.config))[0]
    cfg.launcher = args.launcher
    cfg.load_from = args.checkpoint
    cfg.work_dir = args.work_dir or cfg.get(
        'work_dir', osp.join('work_dirs', stem)
    )
    if args.show or args.show_dir:
        if 'visualization' not in (cfg.get('default_hooks') or {}):
            raise InputError(
                f'{args.config} has no default_hooks.visualization to show '
                'samples with: --cfg-options +default_hooks.visualization.type'
                '=PoseVisualizationHook sets one'
            )
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


def check_results(args: argparse.Namespace, out: str, picture: str) -> None:
    """Whether the results can be written, before they are computed.

    Raises:
        InputError: If not.
    """
    for path in filter(None, (out, picture, args.dump)):
        check_file(path)
    if not can_write(picture):
        raise InputError(f'--picture {picture}: expected a name in .png')
    if args.show_dir:
        check_folder(args.show_dir)


def run(args: argparse.Namespace) -> None:
    cfg = load_config(args)
    out = args.out or osp.join(cfg.work_dir, 'results.json')
    picture = args.picture or f'{osp.splitext(out)[0]}_predictions.png'
    check_test_files(cfg)
    check_results(args, out, picture)
    test_and_report(StageRunner.from_cfg(cfg), out, picture)
