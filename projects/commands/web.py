"""``dfa web``: the garments of a photograph, in a browser."""

import argparse
import signal
import socket
import sys
import tempfile
import threading
from contextlib import suppress

from projects.web_demo.addresses import Addresses
from projects.web_demo.page import Page, open_page
from projects.web_demo.server import listen

from .garments import GarmentFinder, finder_from
from .model import model_from


def serve(
    args: argparse.Namespace,
    find: GarmentFinder,
    place: socket.socket,
    addresses: Addresses,
) -> None:
    """Show the page until Ctrl-C; its files go when it ends."""
    with tempfile.TemporaryDirectory(prefix='dfa_mm_web_') as root:
        page = Page(args, find, root)
        with open_page(page, place, addresses) as address:
            print(f'open {address} in a browser; Ctrl-C ends', flush=True)
            with suppress(KeyboardInterrupt):
                threading.Event().wait()


def finder(args: argparse.Namespace) -> GarmentFinder:
    """With its detector, also where the page begins without.

    Raises:
        InputError: As of :func:`finder_from`.
    """
    model = model_from(args)
    asked = argparse.Namespace(**{**vars(args), 'whole': False})
    return finder_from(asked, model, args.closer_look)


def run(args: argparse.Namespace) -> None:
    addresses = Addresses(args.allow_host)  # both before the work
    with listen(args.host, args.port) as place:
        find = finder(args)
        # ends as Ctrl-C does, with its files removed
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        serve(args, find, place, addresses)
