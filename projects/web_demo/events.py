"""What happens when a part of the page is used."""

import argparse
import os
from dataclasses import replace
from functools import partial

import gradio as gr
from torch import nn

from dfa_mm.apis import InputError

from .guard import OwnFiles, visitor_of
from .layout import AUTOMATIC, Layout
from .stages import stage_rows
from .visit import (
    Visit,
    click,
    close,
    find_landmarks,
    open_photo,
    write_answer,
    write_choosing_picture,
)
from .words import EMPTY, HINTS, alert, branch_words, table_of


class Events:
    """The page's answers; returns parts with what they show from then on.

    What belongs to one browser tab is a :class:`Visit` in Gradio's session
    state; nothing of it is held here.

    Args:
        parts (Layout): The page's.
        args (argparse.Namespace): ``config`` and ``checkpoint``, for the
            JSON, and ``closer_look``.
        model (nn.Module): From :func:`dfa_mm.apis.load_model`.
        files (OwnFiles): Who may read what.
    """

    def __init__(
        self,
        parts: Layout,
        args: argparse.Namespace,
        model: nn.Module,
        files: OwnFiles,
    ) -> None:
        self.parts = parts
        self.args = args
        self.model = model
        self.files = files
        self.visit = gr.State(delete_callback=close)
        self._connect()

    def _connect(self) -> None:
        parts = self.parts
        view = [parts.stage, parts.side_by_side]
        answer = {
            parts.picture,
            parts.branch,
            parts.table,
            parts.get_picture,
            parts.get_json,
        }
        question = {
            self.visit,
            parts.photo,
            parts.hint,
            parts.no_box,
            parts.message,
        }
        on = partial(
            gr.on,
            show_progress='minimal',
            show_progress_on=parts.picture,
            api_visibility='private',
        )
        ask = partial(on, outputs=question | answer, concurrency_id='model')
        ask(
            parts.photo.input,
            self.take,
            [self.visit, parts.photo, parts.kind, *view],
            preprocess=False,  # gr.Image cannot say what ails a broken file
        )
        ask(
            parts.photo.select,
            self.click,
            [self.visit, *view],
            trigger_mode='multiple',
        )
        ask(parts.no_box.click, self.clear_box, [self.visit, *view])
        kind = [self.visit, parts.kind, *view]
        ask(parts.kind.input, self.choose_type, kind)
        on(
            [parts.stage.input, parts.side_by_side.input],
            self.answer,
            [self.visit, *view],
            answer,
            trigger_mode='always_last',
        )

    def take(
        self, old, upload, kind, stage, side_by_side, request: gr.Request
    ) -> dict:
        """A photo was uploaded, taken, pasted or removed."""
        close(old)
        if upload is None:
            return self._nothing()
        folder = self.files.new_folder(visitor_of(request.session_hash))
        try:
            visit = open_photo(upload['path'], folder)
        except InputError as error:
            os.rmdir(folder)
            return {**self._nothing(str(error)), self.parts.photo: None}
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
        parts, meta = self.parts, self.model.dataset_meta
        png, json = write_answer(visit, self.args, meta, stage, side_by_side)
        return {
            parts.picture: png,
            parts.branch: branch_words(visit.pred),
            parts.table: table_of(stage_rows(visit.pred, meta, stage)),
            parts.get_picture: gr.DownloadButton(value=png, interactive=True),
            parts.get_json: gr.DownloadButton(value=json, interactive=True),
        }

    def _ask(self, visit: Visit, stage: int, side_by_side: bool) -> dict:
        """Ask the model; a box that covers nothing is given up."""
        try:
            visit = find_landmarks(self.model, visit, self.args.closer_look)
        except InputError as error:
            visit = replace(visit, corners=())
            return self._question(visit, str(error))
        answer = self.answer(visit, stage, side_by_side)
        return {**self._question(visit), **answer}

    def _question(self, visit: Visit, error: str = '') -> dict:
        return {
            self.visit: visit,
            self.parts.photo: write_choosing_picture(visit),
            self.parts.hint: HINTS[len(visit.corners)],
            self.parts.no_box: gr.Button(interactive=bool(visit.corners)),
            self.parts.message: gr.HTML(alert(error), visible=bool(error)),
        }

    def _nothing(self, error: str = '') -> dict:
        return {
            self.visit: None,
            self.parts.hint: HINTS[0],
            self.parts.no_box: gr.Button(interactive=False),
            self.parts.message: gr.HTML(alert(error), visible=bool(error)),
            **self._no_answer(),
        }

    def _no_answer(self) -> dict:
        nothing = gr.DownloadButton(value=None, interactive=False)
        return {
            self.parts.picture: None,
            self.parts.branch: EMPTY,
            self.parts.table: '',
            self.parts.get_picture: nothing,
            self.parts.get_json: nothing,
        }
