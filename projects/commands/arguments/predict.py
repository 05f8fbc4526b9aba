"""Find the garments of photographs and their landmarks.

    dfa predict photo.jpg
    dfa predict shop 'more/**/*.jpg' https://example.org/a.jpg @list.txt
    dfa predict IMG... CONFIG CHECKPOINT

IMG is a file, a folder, a pattern (quoted or not; ** goes through folders),
an address, @LIST, a file that names one a line, or -, standard input: a
picture's bytes or such a list. Hidden files and drawings of this program are
left out of folders and patterns, and what is left out is counted. Without
CONFIG and CHECKPOINT, which end in .py and .pth, the model that comes with
the package is used.

For one picture it prints a table of every garment's landmarks and writes
photo_landmarks.png; for several it writes one picture each to landmarks/,
below the folders that tell them apart. --box and --whole say where the
garments are; a model of other than clothes looks at the whole picture
without. Nothing that exists is replaced without --overwrite, and never an
input.
"""

import argparse

from .common import (
    add_device_arguments,
    add_garment_arguments,
    add_overwrite,
    check_garments,
)

HELP = 'find the garments of photographs and their landmarks'
MANY_FOLDER = 'landmarks'
DRAWN = '_landmarks.png'
STDIN, LIST_SIGN = '-', '@'
CONFIG_SUFFIX = '.py'
CHECKPOINT_SUFFIXES = ('.pth', '.pt', '.ckpt')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        'images',
        nargs='*',
        metavar='IMG',
        help='files, folders, patterns, addresses, @LIST or -; last, perhaps, '
        'CONFIG CHECKPOINT',
    )
    parser.add_argument(
        '--list',
        action='append',
        dest='lists',
        default=[],
        metavar='LIST',
        help='the same as @LIST: a file that names an IMG a line',
    )
    parser.add_argument(
        '--recursive', action='store_true', help='take folders in folders too'
    )
    add_device_arguments(parser)
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
        'picture the current one)',
    )
    parser.add_argument(
        '--stages', action='store_true', help='draw the stages side by side'
    )
    parser.add_argument(
        '--json',
        help='file to write the garments to; of many pictures a list',
    )
    parser.add_argument(
        '--jsonl',
        help='file to write the garments to, a line for every picture as '
        'soon as it is done',
    )
    parser.add_argument(
        '--csv',
        help='file to write the garments to, a line for every landmark',
    )
    add_overwrite(parser)
    parser.add_argument('--show', action='store_true', help='open a window')


def check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Sets ``config`` and ``checkpoint``, which end the pictures."""
    check_garments(args, parser)
    args.images, args.config, args.checkpoint = split_model(args.images)
    others = (CONFIG_SUFFIX, *CHECKPOINT_SUFFIXES)
    for name in args.images:
        if name.lower().endswith(others):
            parser.error(
                f'{name} is no picture, and CONFIG CHECKPOINT come last, in '
                'this order'
            )
    if (args.config is None) != (args.checkpoint is None):
        parser.error('give both CONFIG and CHECKPOINT, or neither')
    if not args.images and not args.lists:
        parser.error('give a picture')
    if args.images.count(STDIN) > 1:
        parser.error('standard input can be read once')
    if args.out_file and args.out_dir:
        parser.error('give --out-file or --out-dir, not both')


def split_model(names: list) -> tuple:
    """The pictures, the config and the checkpoint, or ``None`` for each.

    A config is known by its suffix; what follows it is its checkpoint.
    """
    if names[-2:-1] and names[-2].lower().endswith(CONFIG_SUFFIX):
        return names[:-2], names[-2], names[-1]
    if names and names[-1].lower().endswith(CONFIG_SUFFIX):
        return names[:-1], names[-1], None
    if names and names[-1].lower().endswith(CHECKPOINT_SUFFIXES):
        return names[:-1], None, names[-1]
    return names, None, None
