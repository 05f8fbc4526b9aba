"""Hold annotation files against a schema, the pictures and themselves.

    dfa convert check data/fld/annotations/fld_all_test.json

FILE is a COCO keypoint file, or FLD's folder or one of its lists. Every
problem is a line with its file and id, at most 20 of a kind are shown. The
exit status is 1 if there are any.
"""

import argparse
from pathlib import Path

HELP = 'check annotation files'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('files', type=Path, nargs='+', metavar='FILE')
    parser.add_argument(
        '--images',
        type=Path,
        metavar='DIR',
        help='the pictures of COCO files (default: looked for near the file)',
    )
    parser.add_argument(
        '--skip-image-check', action='store_true', help='open no image'
    )
    parser.add_argument(
        '--allow-outside',
        action='store_true',
        help='also take pictures that names or links outside the folder of '
        'pictures lead to',
    )
    parser.add_argument(
        '--all', action='store_true', help='show every problem'
    )
