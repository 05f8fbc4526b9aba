"""Print a config with everything that it inherits.

    dfa config CONFIG [--cfg-options key=value ...]

What is printed is a config itself: it can be saved and used.
"""

import argparse

from .common import add_config_options, check_config_options

HELP = 'print a config with everything that it inherits'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('config', help='config file')
    add_config_options(parser)


check = check_config_options
