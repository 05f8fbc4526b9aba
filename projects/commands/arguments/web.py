"""Find the garments of a photograph and their landmarks, in a browser.

    dfa web [CONFIG CHECKPOINT] --port 7860

opens a page on this machine, and on this machine only unless --host says
otherwise. Without CONFIG and CHECKPOINT the model that comes with the package
is used. Ctrl-C ends it.
"""

import argparse

from .common import (
    add_garment_arguments,
    add_network_arguments,
    check_garments,
    check_network,
)

HELP = 'find them on a page in the browser'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_network_arguments(parser)
    add_garment_arguments(parser)
    parser.add_argument(
        '--closer-look',
        action=argparse.BooleanOptionalAction,
        default=True,
        help='where one garment fills the picture, look again at where it was '
        'found: better, but half as fast (default: %(default)s)',
    )
    parser.add_argument(
        '--host',
        default='127.0.0.1',
        help='address to listen on; 0.0.0.0 lets everybody in the network '
        'use the page, without a password (default: this machine only)',
    )
    parser.add_argument(
        '--port', type=int, help='(default: the first free one from 7860)'
    )
    parser.add_argument(
        '--allow-host',
        action='append',
        default=[],
        metavar='NAME',
        help='a further name under which browsers reach this machine; may be '
        'given several times (default: localhost, the name of the machine, '
        'and the address that a connection is made to)',
    )


def check(args: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    check_network(args, parser)
    check_garments(args, parser)
    if args.boxes:
        parser.error('--box is clicked on the page')
