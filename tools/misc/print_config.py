#!/usr/bin/env python
"""Print a config with everything that it inherits.

    python tools/misc/print_config.py CONFIG [--cfg-options key=value ...]

What is printed is a config itself: it can be saved and used.
"""

import argparse
from typing import Optional, Sequence

from mmengine.config import Config, DictAction


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        default={},
        help='override settings, as key=value (lists as "[a,b]")',
    )
    return parser.parse_args(argv)


def main(argv: Optional[Sequence[str]] = None) -> None:
    args = parse_args(argv)
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options)
    print(cfg.pretty_text, end='')


if __name__ == '__main__':
    main()
