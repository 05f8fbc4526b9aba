"""The parts of the page and where they stand."""

import gradio as gr

from .words import EMPTY, HINTS, INTRODUCTION, legend

AUTOMATIC = 'automatic'
CSS = """
.gradio-container {max-width: 1500px !important; margin: 0 auto !important}
#message p {color: var(--error-text-color); font-weight: 600; margin: 0}
#photo img {cursor: crosshair}
#table {overflow-x: auto; width: 0; min-width: 100% !important}
:is(#table, #message, #found, #legend) .html-container {padding: 0}
#table :is(table, tr, th, td) {border: 0}
#table table {width: 100%; border-collapse: collapse; margin: 0 0 14px}
#table caption {text-align: left; font-size: 13px; padding: 0 4px 2px}
.swatch {display: inline-block; width: 10px; height: 10px;
  border: 1px solid #444}
#table :is(th, td) {padding: 5px 4px; text-align: left; font-size: 13px;
  white-space: nowrap; border-bottom: 1px solid var(--border-color-primary)}
#table :is(th, td).number {text-align: right}
"""


class Layout:
    """The parts, made within a ``gr.Blocks``.

    Args:
        clothes_types (list[str]): Those that can be chosen.
        chosen (str, optional): The one that is at first.
        detects (bool): Whether garments are looked for in a photo.
        whole (bool): Whether, at first, one garment fills the picture.
        stages (int): How many the model has.
    """

    def __init__(
        self, clothes_types, chosen, detects: bool, whole: bool, stages: int
    ) -> None:
        gr.Markdown(INTRODUCTION)
        with gr.Row():
            with gr.Column(scale=4, min_width=320):
                self._add_photo()
                self._add_question(clothes_types, chosen, detects, whole)
            with gr.Column(scale=6, min_width=320):
                self._add_picture(stages)
            with gr.Column(scale=5, min_width=320):
                self._add_numbers()

    def _add_photo(self) -> None:
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

    def _add_question(
        self, clothes_types, chosen, detects: bool, whole: bool
    ) -> None:
        self.whole = gr.Checkbox(
            label='one garment fills the picture',
            value=whole,
            visible=detects,
            elem_id='whole',
        )
        self.kind = gr.Radio(
            [AUTOMATIC, *clothes_types],
            value=chosen or AUTOMATIC,
            label='Clothes type',
            info='of a box or of the whole picture; otherwise only such '
            'garments are shown',
            visible=bool(clothes_types),
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
        gr.HTML(legend(), elem_id='legend', padding=False)
        with gr.Row(visible=stages > 1):
            self.stage = gr.Slider(
                1,
                max(stages, 2),  # of one stage there is no row to see
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
        self.found = gr.HTML(f'<p>{EMPTY}</p>', elem_id='found', padding=False)
        self.table = gr.HTML(elem_id='table', padding=False)
        self.get_picture = gr.DownloadButton(
            'Picture (PNG)', interactive=False, elem_id='get-picture'
        )
        self.get_json = gr.DownloadButton(
            'Garments (JSON)', interactive=False, elem_id='get-json'
        )
