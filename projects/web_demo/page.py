"""The web page as a server: its parts, its events, and the guard before it."""

import argparse
import os
import socket
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from dfa_mm.apis import known_types

try:
    import gradio as gr
except ModuleNotFoundError as error:
    raise SystemExit(
        f'error: the web page needs Gradio ({error}): '
        'pip install -r requirements/web.txt'
    ) from error
from fastapi import FastAPI

from .addresses import Addresses
from .events import Events
from .guard import Guard
from .layout import CSS, Layout
from .leftovers import Leftovers
from .questions import events_of
from .server import address_of, serving
from .visitors import MAX_TABS, MAX_VISITORS, Visitors

MAX_QUEUE = 40  # events of all visitors that wait for the model
# settings of Gradio's that are not taken from whoever starts the page
SETTINGS = {
    'GRADIO_ANALYTICS_ENABLED': 'False',
    'GRADIO_ANALYTICS_MAX_EVENTS': '100',  # kept in memory
    'GRADIO_RUN_HISTORY': 'False',
    'GRADIO_SHARE': 'False',
    'HF_HUB_DISABLE_TELEMETRY': '1',
}


class Page:
    """The page before anybody can see it.

    Args:
        args (argparse.Namespace): ``clothes_type`` and ``whole`` at first,
            and what :class:`Events` needs.
        find (GarmentFinder): Of projects/commands/garments.py.
        root (str): Folder for all that is written.
    """

    def __init__(self, args: argparse.Namespace, find, root: str) -> None:
        os.environ.update(SETTINGS)
        # read whenever Gradio writes: files that lie there are not copied
        os.environ['GRADIO_TEMP_DIR'] = str(Path(root, 'gradio').resolve())
        self.visitors = Visitors(os.environ['GRADIO_TEMP_DIR'])
        with gr.Blocks(
            title='Fashion landmarks', analytics_enabled=False
        ) as self.blocks:
            stages = len(getattr(find.model, 'stages', [find.model]))
            self.parts = Layout(
                known_types(find.meta),
                args.clothes_type,
                find.detector is not None,
                args.whole,
                stages,
            )
            self.events = Events(self.parts, args, find, self.visitors)

    def application(self) -> FastAPI:
        """Gradio's, and in it nothing that the page does not need."""
        blocks = self.blocks.queue(
            max_size=MAX_QUEUE, api_open=False, default_concurrency_limit=1
        )
        blocks.state_session_capacity = MAX_VISITORS * MAX_TABS
        app = gr.mount_gradio_app(
            FastAPI(openapi_url=None, docs_url=None, redoc_url=None),
            blocks,
            '/',
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            show_error=False,
            mcp_server=False,
            ssr_mode=False,
            pwa=False,
            theme=gr.themes.Soft(
                font=['system-ui', 'sans-serif'],
                font_mono=['ui-monospace', 'monospace'],
            ),
            css=CSS,
        )
        blocks.has_launched = True  # or it would not check where files lie
        return app

    def guarded(self, addresses: Addresses) -> Guard:
        app = self.application()
        leftovers = Leftovers(app.routes[-1].app, self.blocks)
        self.visitors.forget = leftovers.forget
        events = events_of(self.blocks)
        return Guard(app, self.visitors, events, addresses, leftovers.waiting)


@contextmanager
def open_page(
    page: Page, place: socket.socket, addresses: Addresses
) -> Iterator[str]:
    """The address of a page while it is served.

    Args:
        page (Page): What is served.
        place (socket.socket): Of :func:`~projects.web_demo.server.listen`.
        addresses (Addresses): Under which it answers.
    """
    with serving(page.guarded(addresses), place):
        yield address_of(place)
