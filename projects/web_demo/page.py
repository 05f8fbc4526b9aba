"""The web page as a server: its parts, its events, and the guard before it."""

import argparse
import os
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
from starlette.middleware import Middleware

from .events import Events
from .guard import Guard, OwnFiles
from .layout import CSS, Layout

MAX_UPLOAD = '100mb'
MAX_SESSIONS = 20  # of which each holds a picture in memory
CLEAN_EVERY, KEEP = 600, 3600  # seconds, of the files that were shown


class Page:
    """The page before anybody can see it.

    Args:
        args (argparse.Namespace): ``clothes_type`` and ``whole`` at first,
            and what :class:`Events` needs.
        find (GarmentFinder): Of projects/commands/garments.py.
        root (str): Folder for all that is written.
    """

    def __init__(self, args: argparse.Namespace, find, root: str) -> None:
        # read whenever Gradio writes: files that lie there are not copied
        os.environ['GRADIO_TEMP_DIR'] = str(Path(root, 'gradio'))
        self.files = OwnFiles(str(Path(root, 'gradio', 'results')))
        with gr.Blocks(
            title='Fashion landmarks',
            analytics_enabled=False,
            delete_cache=(CLEAN_EVERY, KEEP),
        ) as self.blocks:
            stages = len(getattr(find.model, 'stages', [find.model]))
            self.parts = Layout(
                known_types(find.meta),
                args.clothes_type,
                find.detector is not None,
                args.whole,
                stages,
            )
            self.events = Events(self.parts, args, find, self.files)


@contextmanager
def open_page(args: argparse.Namespace, find, root: str) -> Iterator[tuple]:
    """Gradio's blocks while they are served, and their address.

    Args:
        args (argparse.Namespace): As of :class:`Page`, with ``host`` and
            ``port``.
        find (GarmentFinder), root (str): As there.
    """
    os.environ['GRADIO_ANALYTICS_ENABLED'] = 'False'
    page = Page(args, find, root)
    guard = Middleware(Guard, files=page.files)
    _, address, _ = page.blocks.launch(
        server_name=args.host,
        server_port=args.port,
        app_kwargs=dict(middleware=[guard]),
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        ssr_mode=False,
        pwa=False,
        max_file_size=MAX_UPLOAD,
        state_session_capacity=MAX_SESSIONS,
        theme=gr.themes.Soft(
            font=['system-ui', 'sans-serif'],
            font_mono=['ui-monospace', 'monospace'],
        ),
        css=CSS,
    )
    try:
        yield page.blocks, address
    finally:
        page.blocks.close(verbose=False)
