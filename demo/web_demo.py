#!/usr/bin/env python
"""Find the garments of a photograph and their landmarks, in a browser.

    python demo/web_demo.py [CONFIG CHECKPOINT] --port 7860

opens a page on this machine, and on this machine only unless --host says
otherwise. Without CONFIG and CHECKPOINT the model that comes with the package
is used. Ctrl-C ends it.
"""

import argparse
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
from command_line import (
    add_network_arguments,
    exit_status,
    make_parser,
    model_from,
    parse,
)
from garments import GarmentFinder, add_garment_arguments, finder_from

from dfa_mm.apis import InputError

# the page is a project: those lie in the repository and are not installed
sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
from projects.web_demo.page import open_page  # noqa: E402


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = make_parser(__doc__)
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
    args = parse(parser, argv)
    if args.boxes:
        parser.error('--box is clicked on the page')
    return args


def check_address(host: str, port: Optional[int]) -> None:
    """Whether one can listen there, for Gradio's server would not say why.

    Raises:
        InputError: If not.
    """
    try:
        socket.create_server((host, port or 0)).close()
    except (OSError, OverflowError) as error:
        where = f'--host {host}' + (f' --port {port}' if port else '')
        raise InputError(f'cannot listen on {where}: {error}') from error


def serve(args: argparse.Namespace, find: GarmentFinder) -> None:
    """Show the page until Ctrl-C; its files go when it ends."""
    with tempfile.TemporaryDirectory(prefix='dfa_mm_web_') as root:  # noqa: SIM117
        with open_page(args, find, root) as (blocks, address):
            print(f'open {address} in a browser; Ctrl-C ends', flush=True)
            blocks.block_thread()


def finder(args: argparse.Namespace) -> GarmentFinder:
    """With its detector, also where the page begins without.

    Raises:
        InputError: As of :func:`finder_from`.
    """
    model = model_from(args)
    asked = argparse.Namespace(**{**vars(args), 'whole': False})
    return finder_from(asked, model, args.closer_look)


def run(args: argparse.Namespace) -> None:
    check_address(args.host, args.port)
    find = finder(args)
    # ends as Ctrl-C does, with its files removed
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(args, find)


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    return exit_status(lambda: run(args))


if __name__ == '__main__':
    sys.exit(main())
