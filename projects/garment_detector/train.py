"""Train the garment detector; resumes what was interrupted.

    GARMENTS_ROOT=data/garments python projects/garment_detector/train.py \\
        projects/garment_detector/configs/centernet_efficientnet-lite0_garments.py

MMEngine's Runner, with MMDetection's scope.
"""

import argparse
import sys
from pathlib import Path

from mmengine.config import Config, DictAction
from mmengine.runner import Runner, find_latest_checkpoint


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
    if find_latest_checkpoint(cfg.work_dir):
        cfg.resume, cfg.load_from = True, None
    Runner.from_cfg(cfg).train()
    return 0


if __name__ == '__main__':
    sys.exit(main())
