"""Hold annotation files against a schema, the pictures and themselves.

    dfa convert check data/fld/annotations/fld_all_test.json

Every problem is a line with its file and id. The exit status is 1 if there
are any.
"""

import argparse
from pathlib import Path

HELP = 'check annotation files'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('files', type=Path, nargs='+', metavar='FILE')
