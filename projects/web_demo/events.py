"""What happens when a part of the page is used."""

import argparse
import shutil
import tempfile
from dataclasses import replace
from functools import partial, wraps
from pathlib import Path
from typing import Callable

import gradio as gr

from dfa_mm.apis import InputError

from .layout import AUTOMATIC, Layout
from .visit import (
    Visit,
    click,
    close,
    find_garments,
    finder_of,
    open_photo,
    pixels,
    write_answer,
    write_choosing_picture,
)
from .visitors import Visitors
from .words import EMPTY, HINTS, alert, summary, tables_of


def told(answer: Callable) -> Callable:
    """An event's function that tells whoever asks what is wrong."""

    @wraps(answer)
    def run(*args):
        try:
            return answer(*args)
        except InputError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return run


class Events:
    """The page's answers; returns parts with what they show from then on.

    What belongs to one browser tab is a :class:`Visit` in Gradio's session
    state; nothing of it is held here.

    Args:
        parts (Layout): The page's.
        args (argparse.Namespace): ``config`` and ``checkpoint``, for the
            JSON.
        find (GarmentFinder): Of projects/commands/garments.py.
        visitors (Visitors): Whose files are whose.
    """

    def __init__(
        self,
        parts: Layout,
        args: argparse.Namespace,
        find,
        visitors: Visitors,
    ) -> None:
        self.parts = parts
        self.args = args
        self.find = find
        self.visitors = visitors
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
            told(self.take),
            [self.visit, parts.photo, parts.kind, parts.whole, *view],
            preprocess=False,  # gr.Image cannot say what ails a broken file
        )
        ask(
            parts.photo.select,
            told(self.click),
            [self.visit, *view],
            trigger_mode='multiple',
        )
        ask(parts.no_box.click, told(self.clear_box), [self.visit, *view])
        whole = [self.visit, parts.whole, *view]
        ask(parts.whole.input, told(self.choose_whole), whole)
        kind = [self.visit, parts.kind, *view]
        ask(parts.kind.input, told(self.choose_type), kind)
        on(
            [parts.stage.input, parts.side_by_side.input],
            told(self.answer),
            [self.visit, *view],
            answer,
            trigger_mode='always_last',
            concurrency_id='model',  # pictures are read one at a time
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
        try:
            visit, image = self._open(request.session_hash, upload['path'])
        except InputError as error:
            return {**self._nothing(str(error)), self.parts.photo: None}
        kind = None if kind == AUTOMATIC else kind
        visit = replace(visit, whole=bool(whole), clothes_type=kind)
        return self._ask(visit, stage, side_by_side, image)

    def _open(self, session: str, upload: str):
        """:func:`open_photo` of an upload, which is removed."""
        visitor = self.visitors.of_session(session)
        folder = tempfile.mkdtemp(dir=visitor.folder)
        try:
            return open_photo(upload, folder)
        except BaseException:
            shutil.rmtree(folder)
            raise
        finally:
            visitor.used(Path(upload))

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
            return self._question(visit, pixels(visit))
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
        return self._answer(visit, stage, side_by_side, pixels(visit))

    def _answer(self, visit, stage, side_by_side, image) -> dict:
        parts, find = self.parts, finder_of(self.find, visit)
        found, meta = visit.garments, find.meta
        png, json = write_answer(
            find, visit, image, self.args, stage, side_by_side
        )
        return {
            parts.picture: png,
            parts.found: summary(found, find.nothing_found(visit.name)),
            parts.table: tables_of(found, meta, stage, find.detects),
            parts.get_picture: gr.DownloadButton(value=png, interactive=True),
            parts.get_json: gr.DownloadButton(value=json, interactive=True),
        }

    def _ask(self, visit: Visit, stage: int, side_by_side, image=None) -> dict:
        """Ask the model; a box that covers nothing is given up."""
        image = pixels(visit) if image is None else image
        try:
            visit = find_garments(self.find, visit, image)
        except InputError as error:
            visit = replace(visit, corners=())
            return self._question(visit, image, str(error))
        answer = self._answer(visit, stage, side_by_side, image)
        return {**self._question(visit, image), **answer}

    def _question(self, visit: Visit, image, error: str = '') -> dict:
        return {
            self.visit: visit,
            self.parts.photo: write_choosing_picture(visit, image),
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
