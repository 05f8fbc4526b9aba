"""Train the garment detector; resumes what was interrupted.

    GARMENTS_ROOT=data/garments python projects/garment_detector/train.py \\
        projects/garment_detector/configs/centernet_efficientnet-lite0_garments.py

MMEngine's Runner, with MMDetection's scope.
"""

import argparse
import sys
from pathlib import Path

from mmengine.config import Config, DictAction
from mmengine.runner import Runner

import projects.garment_detector  # noqa: F401  registers the model's parts
from dfa_mm.engine.checkpoints import (
    CheckpointMismatchError,
    identity_of,
    read_checkpoint,
)
from dfa_mm.engine.identity import check_same, identity
from dfa_mm.engine.runs import interrupted_checkpoint
from dfa_mm.engine.training import IdentityHook


def main(argv=None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config')
    parser.add_argument('--work-dir', help='default: work_dirs/CONFIG')
    parser.add_argument(
        '--cfg-options', nargs='+', action=DictAction, default={}
    )
    args = parser.parse_args(argv)
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options)
    cfg.work_dir = args.work_dir or f'work_dirs/{Path(args.config).stem}'
    try:
        train(cfg)
    except CheckpointMismatchError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    return 0


def train(cfg: Config) -> None:
    """From the start, or from the latest checkpoint in its folder.

    Raises:
        RunMismatchError: If that is of another run.
    """
    run, latest = identity(cfg), interrupted_checkpoint(cfg.work_dir)
    if latest:
        check_same(identity_of(read_checkpoint(latest)), run, latest)
        cfg.resume, cfg.load_from = True, latest
    runner = Runner.from_cfg(cfg)
    runner.register_hook(IdentityHook(run))
    runner.train()


if __name__ == '__main__':
    sys.exit(main())
