#!/usr/bin/env python
"""Find the landmarks of the garment in a photograph, in a browser.

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
    add_model_arguments,
    exit_status,
    make_parser,
    model_from,
    parse,
)
from torch import nn

from dfa_mm.apis import InputError, hidden_slots

# the page is a project: those lie in the repository and are not installed
sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
from projects.web_demo.page import open_page  # noqa: E402


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = make_parser(__doc__)
    add_model_arguments(parser)
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
    if args.box is not None:
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


def serve(args: argparse.Namespace, model: nn.Module) -> None:
    """Show the page until Ctrl-C; its files go when it ends."""
    with tempfile.TemporaryDirectory(prefix='dfa_mm_web_') as root:  # noqa: SIM117
        with open_page(args, model, root) as (blocks, address):
            print(f'open {address} in a browser; Ctrl-C ends', flush=True)
            blocks.block_thread()


def run(args: argparse.Namespace) -> None:
    check_address(args.host, args.port)
    model = model_from(args)
    hidden_slots(model.dataset_meta, args.clothes_type)  # for its error
    # ends as Ctrl-C does, with its files removed
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(args, model)


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    return exit_status(lambda: run(args))


if __name__ == '__main__':
    sys.exit(main())
