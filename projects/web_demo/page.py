#!/usr/bin/env python
"""Find the landmarks of the garment in a photograph, in a browser.

    python demo/web_demo.py [CONFIG CHECKPOINT] --port 7860

opens a page on this machine, and on this machine only unless --host says
otherwise. Without CONFIG and CHECKPOINT the model that comes with the package
is used. Ctrl-C ends it.
"""

import argparse
import html
import os
import signal
import socket
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Iterator, List, Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import mmcv
from mmengine.structures import InstanceData
from torch import nn

from dfa_mm.apis import InputError, branch_name, hidden_slots
from dfa_mm.apis.command_line import (
    add_model_arguments,
    describe,
    exit_status,
    model_from,
    parse,
    write_json,
)
from dfa_mm.apis.stages import stage_rows
from dfa_mm.structures import CLOTHES_TYPES
from projects.web_demo.visit import (
    Visit,
    choosing_picture,
    click,
    close,
    find_landmarks,
    open_photo,
    request_of,
    result_picture,
)

try:
    import gradio as gr
except ModuleNotFoundError as error:
    raise SystemExit(
        f'error: the web page needs Gradio ({error}): '
        'pip install -r requirements/web.txt'
    ) from error

AUTOMATIC = 'automatic'
MAX_UPLOAD = '100mb'
MAX_SESSIONS = 20  # of which each holds a picture in memory
CLEAN_EVERY, KEEP = 600, 3600  # seconds, of the files that were shown
COLUMNS = ('landmark', 'x', 'y', 'state', 'probability')
NUMBERS = ('x', 'y', 'probability')
NONE = '–'

INTRODUCTION = """
# Fashion landmarks

Drop a photo of a garment, paste one or take one. It stays on the machine
that runs this page.
"""
HINTS = (  # by the number of corners
    'Several garments? Click two opposite corners round one of them.',
    'Now click the opposite corner.',
    'The box is used; another click starts a new one.',
)
LEGEND = (
    '● visible, ○ occluded, cut off: named in the picture · blue: left, '
    'orange: right'
)
EMPTY = 'The landmarks appear here as soon as there is a photo.'
BRANCH_WORDS = {
    'easy': 'Stage {} took the branch for **easy** garments: the stage before '
    'expected a small error.',
    'hard': 'Stage {} took the branch for **hard** garments: the stage before '
    'expected a large error.',
    None: 'There was no branch to choose.',
}
CSS = """
.gradio-container {max-width: 1500px !important; margin: 0 auto !important}
#message p {color: var(--error-text-color); font-weight: 600; margin: 0}
#photo img {cursor: crosshair}
#table {overflow-x: auto; width: 0; min-width: 100% !important}
#table .html-container, #message .html-container {padding: 0}
#table :is(table, tr, th, td) {border: 0}
#table table {width: 100%; border-collapse: collapse; margin: 0}
#table :is(th, td) {padding: 5px 4px; text-align: left; font-size: 13px;
  white-space: nowrap; border-bottom: 1px solid var(--border-color-primary)}
#table :is(th, td).number {text-align: right}
"""


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
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


def table_of(rows: List[dict]) -> str:
    """The landmarks' rows as HTML."""
    lines = [tr('th', COLUMNS)]
    for name, x, y, state, probability in (row.values() for row in rows):
        place = number(x, 1), number(y, 1)
        cells = name, *place, state or NONE, number(probability, 2)
        lines.append(tr('td', cells))
    return f'<table>{"".join(lines)}</table>'


def number(value: Optional[float], places: int) -> str:
    return NONE if value is None else f'{value:.{places}f}'


def tr(tag: str, cells: Sequence[str]) -> str:
    kinds = ['number' if c in NUMBERS else 'text' for c in COLUMNS]
    row = ''.join(
        f'<{tag} class="{kind}">{html.escape(cell)}</{tag}>'
        for kind, cell in zip(kinds, cells)
    )
    return f'<tr>{row}</tr>'


def branch_words(pred: InstanceData) -> str:
    """The branch taken by the last stage as a sentence."""
    return BRANCH_WORDS[branch_name(pred)].format(
        pred.stage_keypoints.shape[1]
    )


def count_stages(model: nn.Module) -> int:
    return len(getattr(model, 'stages', [model]))


def known_types(meta: dict) -> List[str]:
    """The clothes types whose landmarks the model knows."""
    known = []
    for kind in CLOTHES_TYPES.values():
        try:
            hidden_slots(meta, kind)
        except InputError:
            continue
        known.append(kind)
    return known


class Page:
    """The page's parts, and what happens when one of them is used.

    What belongs to one browser tab is a :class:`Visit` in Gradio's session
    state; the page itself holds nothing of it.

    Args:
        args (argparse.Namespace): From :func:`parse_args`.
        model (nn.Module): From :func:`model_from`.
        root (str): Folder for the visits' files.
    """

    def __init__(
        self, args: argparse.Namespace, model: nn.Module, root: str
    ) -> None:
        self.args = args
        self.model = model
        self.meta = model.dataset_meta
        self.root = root
        with gr.Blocks(
            title='Fashion landmarks',
            analytics_enabled=False,
            delete_cache=(CLEAN_EVERY, KEEP),
        ) as self.blocks:
            self.visit = gr.State(delete_callback=close)
            gr.Markdown(INTRODUCTION)
            with gr.Row():
                with gr.Column(scale=4, min_width=320):
                    self._add_question()
                with gr.Column(scale=6, min_width=320):
                    self._add_picture(count_stages(model))
                with gr.Column(scale=5, min_width=320):
                    self._add_numbers()
            self._connect()

    def _add_question(self) -> None:
        self.photo = gr.Image(
            label='Your photo',
            show_label=False,
            sources=['upload', 'webcam', 'clipboard'],
            format='jpeg',
            height=380,
            buttons=[],
            elem_id='photo',
        )
        self.message = gr.HTML(visible=False, elem_id='message', padding=False)
        self.hint = gr.Markdown(HINTS[0], elem_id='hint')
        self.no_box = gr.Button(
            'Clear the box', size='sm', interactive=False, elem_id='no-box'
        )
        known = known_types(self.meta)
        self.kind = gr.Radio(
            [AUTOMATIC, *known],
            value=self.args.clothes_type or AUTOMATIC,
            label='Clothes type',
            info='automatic: the landmarks that the model finds',
            visible=bool(known),
            elem_id='clothes-type',
        )

    def _add_picture(self, stages: int) -> None:
        self.picture = gr.Image(
            label='Landmarks',
            show_label=False,
            alt_text='the photo with its landmarks',
            format='png',
            height=520,
            interactive=False,
            buttons=['fullscreen'],
            elem_id='picture',
        )
        gr.Markdown(LEGEND)
        with gr.Row(visible=stages > 1):
            self.stage = gr.Slider(
                1,
                stages,
                stages,
                step=1,
                label='Stage',
                scale=2,
                elem_id='stage',
            )
            self.side_by_side = gr.Checkbox(
                label='all side by side', min_width=160, elem_id='side-by-side'
            )

    def _add_numbers(self) -> None:
        self.branch = gr.Markdown(EMPTY, elem_id='branch')
        self.table = gr.HTML(elem_id='table', padding=False)
        self.get_picture = gr.DownloadButton(
            'Picture (PNG)', interactive=False, elem_id='get-picture'
        )
        self.get_json = gr.DownloadButton(
            'Landmarks (JSON)', interactive=False, elem_id='get-json'
        )

    def _connect(self) -> None:
        view = [self.stage, self.side_by_side]
        answer = {
            self.picture,
            self.branch,
            self.table,
            self.get_picture,
            self.get_json,
        }
        question = {
            self.visit,
            self.photo,
            self.hint,
            self.no_box,
            self.message,
        }
        on = partial(
            gr.on,
            show_progress='minimal',
            show_progress_on=self.picture,
            api_visibility='private',
        )
        ask = partial(on, outputs=question | answer, concurrency_id='model')
        ask(
            self.photo.input,
            self.take,
            [self.visit, self.photo, self.kind, *view],
            preprocess=False,  # gr.Image cannot say what ails a broken file
        )
        ask(
            self.photo.select,
            self.click,
            [self.visit, *view],
            trigger_mode='multiple',
        )
        ask(self.no_box.click, self.clear_box, [self.visit, *view])
        ask(self.kind.input, self.choose_type, [self.visit, self.kind, *view])
        on(
            [self.stage.input, self.side_by_side.input],
            self.answer,
            [self.visit, *view],
            answer,
            trigger_mode='always_last',
        )

    def take(self, old, upload, kind, stage, side_by_side) -> dict:
        """A photo was uploaded, taken, pasted or removed."""
        close(old)
        if upload is None:
            return self._nothing()
        try:
            visit = open_photo(upload['path'], self.root)
        except InputError as error:
            return {**self._nothing(str(error)), self.photo: None}
        return self.choose_type(visit, kind, stage, side_by_side)

    def choose_type(self, visit, kind, stage, side_by_side) -> dict:
        if visit is None:
            return gr.skip()
        kind = None if kind == AUTOMATIC else kind
        visit = replace(visit, clothes_type=kind)
        return self._ask(visit, stage, side_by_side)

    def click(self, visit, stage, side_by_side, place: gr.SelectData) -> dict:
        if visit is None:
            return gr.skip()
        visit = click(visit, place.index)
        if len(visit.corners) == 1:
            return self._question(visit)
        return self._ask(visit, stage, side_by_side)

    def clear_box(self, visit, stage, side_by_side) -> dict:
        if visit is None:
            return gr.skip()
        return self._ask(replace(visit, corners=()), stage, side_by_side)

    def answer(self, visit, stage, side_by_side) -> dict:
        """What is shown of a prediction; writes the files to download."""
        if visit is None:
            return self._no_answer()
        picture = result_picture(visit, self.meta, stage, side_by_side)
        stem = f'{Path(visit.name).stem}_landmarks'
        png, json = (
            f'{visit.folder}/{stem}{end}' for end in ('.png', '.json')
        )
        mmcv.imwrite(mmcv.rgb2bgr(picture), png)
        request = request_of(self.args, visit)
        write_json(json, describe(request, visit.name, visit.pred, self.meta))
        return {
            self.picture: png,
            self.branch: branch_words(visit.pred),
            self.table: table_of(stage_rows(visit.pred, self.meta, stage)),
            self.get_picture: gr.DownloadButton(value=png, interactive=True),
            self.get_json: gr.DownloadButton(value=json, interactive=True),
        }

    def _ask(self, visit: Visit, stage: int, side_by_side: bool) -> dict:
        """Ask the model; a box that covers nothing is given up."""
        try:
            visit = find_landmarks(self.args, self.model, visit)
        except InputError as error:
            visit = replace(visit, corners=())
            return self._question(visit, str(error))
        answer = self.answer(visit, stage, side_by_side)
        return {**self._question(visit), **answer}

    def _question(self, visit: Visit, error: str = '') -> dict:
        return {
            self.visit: visit,
            self.photo: choosing_picture(visit),
            self.hint: HINTS[len(visit.corners)],
            self.no_box: gr.Button(interactive=bool(visit.corners)),
            self.message: gr.HTML(alert(error), visible=bool(error)),
        }

    def _nothing(self, error: str = '') -> dict:
        return {
            self.visit: None,
            self.hint: HINTS[0],
            self.no_box: gr.Button(interactive=False),
            self.message: gr.HTML(alert(error), visible=bool(error)),
            **self._no_answer(),
        }

    def _no_answer(self) -> dict:
        nothing = gr.DownloadButton(value=None, interactive=False)
        return {
            self.picture: None,
            self.branch: EMPTY,
            self.table: '',
            self.get_picture: nothing,
            self.get_json: nothing,
        }


def alert(text: str) -> str:
    return f'<p role="alert">{html.escape(text)}</p>'


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


@contextmanager
def open_page(args, model: nn.Module, root: str) -> Iterator[tuple]:
    """The page while it is open, and its address.

    Args:
        args (argparse.Namespace): From :func:`parse_args`.
        model (nn.Module): From :func:`model_from`.
        root (str): An empty folder for the files of those who visit.
    """
    os.environ['GRADIO_ANALYTICS_ENABLED'] = 'False'
    os.environ['GRADIO_TEMP_DIR'] = str(Path(root, 'gradio'))
    blocks = Page(args, model, root).blocks
    _, address, _ = blocks.launch(
        server_name=args.host,
        server_port=args.port,
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
        yield blocks, address
    finally:
        blocks.close()


def serve(args: argparse.Namespace, model: nn.Module) -> None:
    """Show the page until Ctrl-C; its files go when it ends."""
    with (
        tempfile.TemporaryDirectory(prefix='dfa_mm_web_') as root,
        open_page(args, model, root) as (blocks, address),
    ):
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
