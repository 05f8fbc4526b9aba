"""``dfa predict``: the garments of photographs and their landmarks."""

import argparse
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import List

import cv2
import mmcv
from mmpose.registry import VISUALIZERS
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dfa_mm.apis import (
    InputError,
    describe_picture,
    find_pictures,
    read_picture,
)
from dfa_mm.apis.pictures import is_many, is_url, picture_name
from dfa_mm.files import write_json

from .arguments.predict import MANY_FOLDER
from .garments import GarmentFinder, finder_from
from .model import check_display, model_from
from .tables import write_table

PANEL_SIZE = 320
VISUALIZER = dict(type='FashionLandmarkVisualizer', name='demo')


def check_args(args: argparse.Namespace, sources: List[str]) -> None:
    """What can be told before a model is loaded.

    Raises:
        InputError: Says what does not go together.
    """
    if is_many(args.img):
        if args.out_file:
            raise InputError('--out-file is of one picture; give --out-dir')
        if args.boxes and len(sources) > 1:
            raise InputError(f'--box is of one picture, not {len(sources)}')
    elif args.out_file and args.out_dir:
        raise InputError('give --out-file or --out-dir, not both')
    elif not is_url(args.img) and not Path(args.img).is_file():
        raise InputError(f'{args.img} is not a file')
    if args.out_file and not cv2.haveImageWriter(args.out_file):
        raise InputError(
            f'{args.out_file} names no kind of picture; end it in .png or .jpg'
        )
    if args.out_file and Path(args.out_file).resolve() in {
        Path(source).resolve() for source in sources if not is_url(source)
    }:
        raise InputError(
            f'{args.out_file} is the photograph itself; give another name'
        )
    check_folders(args)
    if args.show:
        check_display()


def check_folders(args: argparse.Namespace) -> None:
    """Make the folders of the results before the work.

    Raises:
        InputError: If one cannot be made, or a result would be a folder.
    """
    files = [Path(p) for p in (args.out_file, args.json, args.csv) if p]
    for path in files:
        if path.is_dir():
            raise InputError(f'{path} is a folder; give the name of a file')
    folders = [path.parent for path in files]
    for folder in [*folders, *(Path(p) for p in (args.out_dir,) if p)]:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f'{folder} cannot be made: {error}') from error


def out_files(args: argparse.Namespace, sources: List[str]) -> List[Path]:
    """Where each picture's drawing goes, no two to the same file."""
    if args.out_file:
        return [Path(args.out_file)]
    folder = Path(args.out_dir or (MANY_FOLDER if is_many(args.img) else '.'))
    files = {}  # in order, and quick to look up
    for source in sources:
        stem = Path(picture_name(source)).stem
        names = chain([stem], (f'{stem}_{i}' for i in count(2)))
        paths = (folder / f'{name}_landmarks.png' for name in names)
        files[next(path for path in paths if path not in files)] = source
    return list(files)


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


def process(
    args: argparse.Namespace, find: GarmentFinder, source: str, out_file: Path
) -> dict:
    """One picture: its JSON; the drawing is written and perhaps shown."""
    image = read_picture(source)
    garments = find(image, picture_name(source))
    picture = find.draw(image, garments, args.stages, PANEL_SIZE)
    out_file.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(out_file), picture):
        raise InputError(f'{out_file} could not be written')
    if args.show:
        shown = mmcv.bgr2rgb(picture)
        VISUALIZERS.build(VISUALIZER).show(shown, win_name=source)
    return describe_picture(
        garments,
        find.meta,
        source,
        image.shape[1::-1],
        config=args.config,
        checkpoint=args.checkpoint,
    )


def report_one(
    found: dict, find: GarmentFinder, out_file: Path, console: Console
) -> None:
    name = picture_name(found['image'])
    for garment in found['garments']:
        title = [name, garment['type']]
        if find.detects:
            title.append(f'score {garment["score"]:.2f}')
        title = ', '.join(filter(None, title))
        console.print(landmark_table(garment['landmarks'], title))
        if garment['branch']:
            console.print(f'branch of the last stage: {garment["branch"]}')
    if not found['garments']:
        console.print(find.nothing_found(name), soft_wrap=True)
    console.print(f'picture: {out_file}', soft_wrap=True)


def process_many(
    process_one, find: GarmentFinder, sources, files, console: Console
) -> tuple:
    """What was found, and how many could not be read; those are named."""
    found, failed = [], 0
    jobs = list(zip(sources, files))
    for source, file in track(jobs, 'pictures', console=console):
        try:
            found.append(process_one(source, file))
        except InputError as error:
            console.print(f'left out: {error}', soft_wrap=True)
            failed += 1
            continue
        if not found[-1]['garments']:
            nothing = find.nothing_found(picture_name(source))
            console.print(nothing, soft_wrap=True)
    return found, failed


def write_found(
    args: argparse.Namespace, pictures: List[dict], console: Console
) -> None:
    if args.json:
        write_json(args.json, pictures if is_many(args.img) else pictures[0])
        console.print(f'garments: {args.json}', soft_wrap=True)
    if args.csv:
        garments = (
            ((picture['image'], number), garment)
            for picture in pictures
            for number, garment in enumerate(picture['garments'], start=1)
        )
        write_table(args.csv, ('image', 'garment'), garments)
        console.print(f'table: {args.csv}', soft_wrap=True)


def run(args: argparse.Namespace) -> int:
    sources = find_pictures(args.img)
    check_args(args, sources)
    files = out_files(args, sources)
    find = finder_from(args, model_from(args), args.closer_look)
    process_one = partial(process, args, find)
    # file names are no markup
    console = Console(markup=False)
    if is_many(args.img):
        found, failed = process_many(
            process_one, find, sources, files, console
        )
        garments = sum(len(picture['garments']) for picture in found)
        console.print(
            f'{len(found)} of {len(sources)} pictures, {garments} garments: '
            f'{files[0].parent}'
        )
    else:
        found, failed = process_one(sources[0], files[0]), 0
        report_one(found, find, files[0], console)
    write_found(args, found if is_many(args.img) else [found], console)
    return int(failed > 0)
