"""``dfa web``: the garments of a photograph, in a browser."""

import argparse
import signal
import socket
import sys
import tempfile
from typing import Optional

from dfa_mm.apis import InputError
from projects.web_demo.page import open_page

from .garments import GarmentFinder, finder_from
from .model import model_from


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
