"""What happens when a part of the page is used."""

import argparse
import os
from dataclasses import replace
from functools import partial

import gradio as gr

from dfa_mm.apis import InputError

from .guard import OwnFiles, visitor_of
from .layout import AUTOMATIC, Layout
from .visit import (
    Visit,
    click,
    close,
    find_garments,
    finder_of,
    open_photo,
    write_answer,
    write_choosing_picture,
)
from .words import EMPTY, HINTS, alert, summary, tables_of


class Events:
    """The page's answers; returns parts with what they show from then on.

    What belongs to one browser tab is a :class:`Visit` in Gradio's session
    state; nothing of it is held here.

    Args:
        parts (Layout): The page's.
        args (argparse.Namespace): ``config`` and ``checkpoint``, for the
            JSON.
        find (GarmentFinder): Of projects/commands/garments.py.
        files (OwnFiles): Who may read what.
    """

    def __init__(
        self,
        parts: Layout,
        args: argparse.Namespace,
        find,
        files: OwnFiles,
    ) -> None:
        self.parts = parts
        self.args = args
        self.find = find
        self.files = files
        self.visit = gr.State(delete_callback=close)
        self._connect()

    def _connect(self) -> None:
        parts = self.parts
        view = [parts.stage, parts.side_by_side]
        answer = {
            parts.picture,
            parts.found,
            parts.table,
            parts.get_picture,
            parts.get_json,
        }
        question = {
            self.visit,
            parts.photo,
            parts.hint,
            parts.no_box,
            parts.whole,
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
            [self.visit, parts.photo, parts.kind, parts.whole, *view],
            preprocess=False,  # gr.Image cannot say what ails a broken file
        )
        ask(
            parts.photo.select,
            self.click,
            [self.visit, *view],
            trigger_mode='multiple',
        )
        ask(parts.no_box.click, self.clear_box, [self.visit, *view])
        whole = [self.visit, parts.whole, *view]
        ask(parts.whole.input, self.choose_whole, whole)
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
        self,
        old,
        upload,
        kind,
        whole,
        stage,
        side_by_side,
        request: gr.Request,
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
        visit = replace(visit, whole=bool(whole))
        return self.choose_type(visit, kind, stage, side_by_side)

    def choose_type(self, visit, kind, stage, side_by_side) -> dict:
        if visit is None:
            return gr.skip()
        kind = None if kind == AUTOMATIC else kind
        visit = replace(visit, clothes_type=kind)
        return self._ask(visit, stage, side_by_side)

    def choose_whole(self, visit, whole, stage, side_by_side) -> dict:
        """One garment fills the picture, or not: a box goes."""
        if visit is None:
            return gr.skip()
        visit = replace(visit, whole=bool(whole), corners=())
        return self._ask(visit, stage, side_by_side)

    def click(self, visit, stage, side_by_side, place: gr.SelectData) -> dict:
        if visit is None:
            return gr.skip()
        visit = click(visit, place.index)
        if len(visit.corners) == 1:
            return self._question(visit)
        visit = replace(visit, whole=False)
        return self._ask(visit, stage, side_by_side)

    def clear_box(self, visit, stage, side_by_side) -> dict:
        if visit is None:
            return gr.skip()
        return self._ask(replace(visit, corners=()), stage, side_by_side)

    def answer(self, visit, stage, side_by_side) -> dict:
        """What is shown of a prediction; writes the files to download."""
        if visit is None:
            return self._no_answer()
        parts, find = self.parts, finder_of(self.find, visit)
        found, meta = visit.garments, find.meta
        png, json = write_answer(find, visit, self.args, stage, side_by_side)
        return {
            parts.picture: png,
            parts.found: summary(found, find.nothing_found(visit.name)),
            parts.table: tables_of(found, meta, stage, find.detects),
            parts.get_picture: gr.DownloadButton(value=png, interactive=True),
            parts.get_json: gr.DownloadButton(value=json, interactive=True),
        }

    def _ask(self, visit: Visit, stage: int, side_by_side: bool) -> dict:
        """Ask the model; a box that covers nothing is given up."""
        try:
            visit = find_garments(self.find, visit)
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
            self.parts.whole: visit.whole,
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
            self.parts.found: f'<p>{EMPTY}</p>',
            self.parts.table: '',
            self.parts.get_picture: nothing,
            self.parts.get_json: nothing,
        }
