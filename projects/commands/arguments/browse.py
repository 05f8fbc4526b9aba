"""Pictures of what a network is trained on: are the annotations right?

    dfa browse CONFIG --output-dir browse

--mode transformed   the crop and the targets that the network gets, after
                     all augmentation (default)
--mode original      the picture, its box and its landmarks as annotated
--mode pipeline      one panel for every step between the two that changes
                     the picture or the box

Writes one PNG per sample and contact_sheet.png. Visible landmarks are filled,
occluded ones hollow, truncated ones listed; left is blue, right orange.
"""

import argparse
from pathlib import Path

from .common import add_config_options, check_config_options

HELP = 'draw what a network is trained on'
MODES = ('transformed', 'original', 'pipeline')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--split', choices=['train', 'val', 'test'], default='train'
    )
    parser.add_argument('--mode', choices=MODES, default=MODES[0])
    parser.add_argument(
        '--output-dir',
        type=Path,
        help="default: browse_SPLIT_MODE in the config's work folder",
    )
    parser.add_argument(
        '--num', type=int, default=24, help='samples, evenly chosen'
    )
    parser.add_argument('--seed', type=int, default=0, help='of augmentation')
    add_config_options(parser)


def check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    check_config_options(args, parser)
    if args.num < 1:
        parser.error(f'--num is {args.num}, expected 1 or more')
    if not 0 <= args.seed < 2**32:
        parser.error(f'--seed is {args.seed}, expected 0 to {2**32 - 1}')
