"""Find the garments of a photograph, or of many, and their landmarks.

    dfa predict photo.jpg [CONFIG CHECKPOINT]

IMG is a file, a folder, a quoted pattern such as 'shop/**/*.jpg', or an
address (https://...). Without CONFIG and CHECKPOINT the model that comes with
the package is used. For one picture it prints a table of every garment's
landmarks and writes photo_landmarks.png; for many it writes one picture each
to landmarks/. --box and --whole say where the garments are; a model of other
than clothes looks at the whole picture without.
"""

import argparse

from .common import (
    add_garment_arguments,
    add_network_arguments,
    check_network,
)

HELP = 'find the garments of photographs and their landmarks'
MANY_FOLDER = 'landmarks'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('img', help='file, folder, pattern or address')
    add_network_arguments(parser)
    add_garment_arguments(parser)
    parser.add_argument(
        '--closer-look',
        action=argparse.BooleanOptionalAction,
        default=True,
        help='with --whole, look again at where the garment was found: '
        'better, but half as fast (default: %(default)s)',
    )
    parser.add_argument(
        '--out-file',
        help='picture to write, of one (default: IMG_landmarks.png)',
    )
    parser.add_argument(
        '--out-dir',
        help=f'folder to write pictures to (default: {MANY_FOLDER}, for one '
        'the current one)',
    )
    parser.add_argument(
        '--stages', action='store_true', help='draw the stages side by side'
    )
    parser.add_argument(
        '--json',
        help='file to write the garments to; of many pictures a list',
    )
    parser.add_argument(
        '--csv',
        help='file to write the garments to, a line for every landmark',
    )
    parser.add_argument('--show', action='store_true', help='open a window')


check = check_network
