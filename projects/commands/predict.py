"""``dfa predict``: the garments of photographs and their landmarks."""

import argparse
from pathlib import Path
from typing import List

import mmcv
from mmpose.registry import VISUALIZERS
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dfa_mm import pictures
from dfa_mm.apis import InputError, describe_picture
from dfa_mm.apis.outputs import check_display, output_stems
from dfa_mm.apis.pictures import picture_name
from dfa_mm.files import write_json
from dfa_mm.names import as_text, shown
from dfa_mm.pictures import PictureError

from .arguments.predict import DRAWN, MANY_FOLDER
from .garments import GarmentFinder, finder_from
from .inputs import Inputs, Picture
from .model import model_from
from .results import JsonLines, check_results
from .tables import write_table

PANEL_SIZE = 320
VISUALIZER = dict(type='FashionLandmarkVisualizer', name='demo')


def check_args(args: argparse.Namespace, inputs: Inputs) -> None:
    """What can be told before a model is loaded.

    Raises:
        InputError: Says what does not go together.
    """
    if inputs.many:
        if args.out_file:
            raise InputError('--out-file is of one picture; give --out-dir')
        if args.boxes and len(inputs.pictures) > 1:
            raise InputError(
                f'--box is of one picture, not {len(inputs.pictures)}'
            )
    if args.out_file and not pictures.can_write(args.out_file):
        raise InputError(
            f'{shown(args.out_file)} names no kind of picture; end it in '
            '.png or .jpg'
        )
    if args.show:
        check_display()


def out_files(args: argparse.Namespace, inputs: Inputs) -> List[Path]:
    """Where each picture's drawing goes, no two to the same file."""
    if args.out_file:
        return [Path(args.out_file)]
    folder = Path(args.out_dir or (MANY_FOLDER if inputs.many else '.'))
    return [folder / f'{stem}{DRAWN}' for stem in output_stems(inputs.names)]


def landmark_table(rows: List[dict], title: str) -> Table:
    table = Table(title=title)
    for column in ('landmark', 'x', 'y', 'state', 'probability'):
        text = column in ('landmark', 'state')
        table.add_column(column, justify='left' if text else 'right')
    for row in rows:
        name, x, y, state, probability = row.values()
        table.add_row(
            name,
            *('-' if v is None else f'{v:.1f}' for v in (x, y)),
            state or '-',
            '-' if probability is None else f'{probability:.2f}',
        )
    return table


class Prediction:
    """The pictures of a command line, one after the other.

    What is said of them, and what is found, goes to ``console`` and
    ``found``.
    """

    def __init__(
        self,
        args: argparse.Namespace,
        find: GarmentFinder,
        console: Console,
        lines: JsonLines,
    ) -> None:
        self.args, self.find = args, find
        self.console, self.lines = console, lines
        self.found: List[dict] = []
        self.failed = 0
        self.animated: List[str] = []

    def say(self, text: str) -> None:
        self.console.print(text, soft_wrap=True)

    def process(self, picture: Picture, out_file: Path) -> dict:
        """One picture: its JSON; the drawing is written and perhaps shown."""
        image = picture.read()
        if picture.frames() > 1:
            self.animated.append(picture.name)
        garments = self.find(image, shown(picture_name(picture.name)))
        drawn = self.find.draw(image, garments, self.args.stages, PANEL_SIZE)
        pictures.write(out_file, drawn)
        if self.args.show:
            window = shown(picture.name)
            VISUALIZERS.build(VISUALIZER).show(
                mmcv.bgr2rgb(drawn), win_name=window
            )
        told = describe_picture(
            garments,
            self.find.meta,
            as_text(picture.name),
            image.shape[1::-1],
            config=as_text(self.args.config),
            checkpoint=as_text(self.args.checkpoint),
        )
        self.found.append(told)
        self.lines.add(told)
        return told

    def process_many(self, jobs: List[tuple]) -> None:
        """Those that cannot be read are named and counted."""
        for picture, file in track(jobs, 'pictures', console=self.console):
            try:
                told = self.process(picture, file)
            except PictureError as error:
                self.say(f'left out: {error}')
                self.failed += 1
                continue
            if not told['garments']:
                self.say_nothing_found(picture)

    def say_nothing_found(self, picture: Picture) -> None:
        name = shown(picture_name(picture.name))
        self.say(self.find.nothing_found(name))

    def report_one(self, picture: Picture, out_file: Path) -> None:
        name = shown(picture_name(picture.name))
        (told,) = self.found
        for garment in told['garments']:
            title = [name, garment['type']]
            if self.find.detects:
                title.append(f'score {garment["score"]:.2f}')
            title = ', '.join(filter(None, title))
            self.console.print(landmark_table(garment['landmarks'], title))
            if garment['branch']:
                self.say(f'branch of the last stage: {garment["branch"]}')
        if not told['garments']:
            self.say_nothing_found(picture)
        self.say(f'picture: {shown(out_file)}')

    def report_many(self, inputs: Inputs, folder: Path) -> None:
        count, skipped = len(inputs.pictures), inputs.told_skipped()
        garments = sum(len(told['garments']) for told in self.found)
        self.say(
            f'{len(self.found)} of {count} pictures'
            f'{f" (not taken: {skipped})" * bool(skipped)}, {garments} '
            f'garments: {shown(folder)}'
        )

    def report_animated(self) -> None:
        if self.animated:
            names = ', '.join(map(shown, self.animated))
            self.say(f'only the first frame or page was looked at: {names}')

    def write_found(self, many: bool) -> None:
        """The pictures so far, whatever has ended the work."""
        args = self.args
        if args.json and (many or self.found):
            write_json(args.json, self.found if many else self.found[0])
            self.say(f'garments: {shown(args.json)}')
        if args.jsonl:
            self.say(f'garments, a picture a line: {shown(args.jsonl)}')
        if args.csv:
            garments = (
                ((told['image'], number), garment)
                for told in self.found
                for number, garment in enumerate(told['garments'], start=1)
            )
            write_table(args.csv, ('image', 'garment'), garments)
            self.say(f'table: {shown(args.csv)}')


def run(args: argparse.Namespace) -> int:
    inputs = Inputs(args.images, args.lists, args.recursive)
    check_args(args, inputs)
    files = out_files(args, inputs)
    results = [*files, args.json, args.jsonl, args.csv]
    read = [args.config, args.checkpoint, *inputs.read_lists, *inputs.names]
    check_results(results, filter(None, read), args.overwrite)
    # file names are no markup
    console = Console(markup=False, highlight=False)
    if inputs.skipped and not inputs.many:
        console.print(f'not taken: {inputs.told_skipped()}', soft_wrap=True)
    if not inputs.many:
        inputs.pictures[0].check()
    find = finder_from(args, model_from(args), args.closer_look)
    with JsonLines(args.jsonl) as lines:
        prediction = Prediction(args, find, console, lines)
        if inputs.many:
            try:
                prediction.process_many(list(zip(inputs.pictures, files)))
            finally:
                prediction.write_found(many=True)
            prediction.report_animated()
            folder = Path(args.out_dir or MANY_FOLDER)
            prediction.report_many(inputs, folder)
        else:
            (picture,), (file,) = inputs.pictures, files
            prediction.process(picture, file)
            prediction.report_one(picture, file)
            prediction.report_animated()
            prediction.write_found(many=False)
    return int(prediction.failed > 0)
