"""Labels photographs without landmarks by a model that agrees with itself.

    python projects/photos/self_label.py CONFIG CHECKPOINT PHOTOS OUT \\
        --contact-sheet sheet.png

PHOTOS holds folders named by class (clothing-dataset-small), or photos/,
masks/ and labels.txt (see street2fld.py --photos), whose masks give boxes and
clothes types. Every garment is shown in 12 views: mirrored or not, turned by
-8, 0 and 8 degrees, in a box of 1 and 1.2 times its size. It is kept where
the median distance of every visible landmark from its median is at most
--max-spread of the box (x over its width, y over its height) and two thirds
of the views agree on every landmark's state. OUT is in FLD's raw layout, all
of it for training; a worn garment is cut out of its photograph, which shows
others as well. Photographs that are labelled already, of whichever split,
are never used.
"""

import argparse
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import List, NamedTuple, Tuple

import cv2
import numpy as np

import dfa_mm  # noqa: F401

# isort: split
from rich.console import Console
from rich.progress import track

from dfa_mm.apis import InputError, choose_device
from dfa_mm.files import write_text
from dfa_mm.visualization import contact_sheet
from projects.photos.answers import answering_model
from projects.photos.self_labels import SelfLabel, label
from projects.photos.sources import LABELS, SOURCES
from projects.photos.unlabelled import (
    UnlabelledGarment,
    find_garments,
    labelled_sources,
)
from projects.synthfld import fld_files
from projects.synthfld.contact_sheet import CELL, draw_sample
from projects.synthfld.framing import NORMAL, variation
from projects.synthfld.owned_folder import (
    ForeignFilesError,
    check_folder,
    claim_folder,
    seal_folder,
)
from projects.synthfld.sample import LabelledPicture

TOOL = 'self_label.py'
SHEET, COLUMNS = 96, 12
AROUND = 0.25  # of the box, shown round it


def parse_args(argv=None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config')
    parser.add_argument('checkpoint')
    parser.add_argument('photos', type=Path, metavar='PHOTOS')
    parser.add_argument('out', type=Path, metavar='OUT')
    parser.add_argument(
        '--labels', type=Path, action='append',
        help='folder whose SOURCES.tsv names photographs that must not be '
        'used; may be repeated (default: all sets of the project)',
    )  # fmt: skip
    parser.add_argument(
        '--max-spread', type=float, default=0.04,
        help='of the box (default: %(default)s)',
    )  # fmt: skip
    parser.add_argument('--num', type=int, help='look at the first NUM only')
    parser.add_argument(
        '--device', help='(default: cuda:0 if there is one, or cpu)'
    )
    parser.add_argument('--contact-sheet', type=Path, metavar='PNG')
    parser.add_argument(
        '--overwrite', action='store_true',
        help='replace what an earlier run wrote to OUT, and nothing else',
    )  # fmt: skip
    return parser.parse_args(argv)


class Result(NamedTuple):
    """A labelled picture; ``name`` is where it came from."""

    name: str
    sample: LabelledPicture
    spread: float


def labelled(
    image: np.ndarray, kind: int, found: SelfLabel
) -> LabelledPicture:
    return LabelledPicture(
        image,
        kind,
        variation(kind, NORMAL, found.visibility),
        found.landmarks,
        found.visibility,
        found.bbox,
    )


def label_all(
    model,
    garments: List[UnlabelledGarment],
    most_spread: float,
    console: Console,
) -> Tuple[List[Result], Counter]:
    """The trusted labels, and why the others are not."""
    results, faults = [], Counter()
    for garment in track(garments, 'Labelling', console=console):
        image = cv2.imread(str(garment.photo))
        found = label(model, image, garment.clothes_type, garment.box)
        fault = found.fault(most_spread)
        if fault is not None:
            faults[fault] += 1
            continue
        sample = labelled(image, garment.clothes_type, found)
        if garment.box is not None:
            # the whole photograph would be a view of several garments
            sample = close_up(sample)
        name = garment.photo.as_posix()
        results.append(Result(name, sample, found.most_spread))
    return results, faults


def write(out: Path, results: List[Result], overwrite: bool) -> None:
    """FLD's raw layout, and which picture is which."""
    names = fld_files.image_names(len(results))
    names = [*names, SOURCES, *fld_files.LISTS]
    claim_folder(out, TOOL, names, overwrite)
    (out / 'img').mkdir(exist_ok=True)
    rows = ['image\tsource\tspread']
    for index, result in enumerate(results, start=1):
        name = fld_files.image_name(index)
        options = [cv2.IMWRITE_JPEG_QUALITY, 95]
        cv2.imwrite(str(out / name), result.sample.image, options)
        rows.append(f'{name}\t{result.name}\t{result.spread:.4f}')
    write_text(out / SOURCES, '\n'.join(rows) + '\n')
    samples = [result.sample for result in results]
    fld_files.write_lists(out, samples, ['train'] * len(samples))
    seal_folder(out, TOOL)


def sheet(results: List[Result]) -> np.ndarray:
    """Evenly drawn from the surest to the least sure, in this order."""
    ranked = sorted(results, key=lambda result: result.spread)
    step = max(1, len(ranked) / SHEET)
    chosen = [ranked[int(i * step)] for i in range(min(SHEET, len(ranked)))]
    return contact_sheet([cell(result) for result in chosen], COLUMNS)


def cell(result: Result) -> np.ndarray:
    """A labelled picture with its spread below."""
    picture = draw_sample(close_up(result.sample))
    picture[CELL:] = 255
    text = f'{result.name.split("/")[-1][:20]} {result.spread:.4f}'
    place = (3, CELL + 12)
    return cv2.putText(
        picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.42, (0, 0, 0)
    )


def close_up(sample: LabelledPicture) -> LabelledPicture:
    """The garment's surroundings only, with every landmark."""
    low, high = sample.bbox.reshape(2, 2)
    margin = np.ceil(AROUND * (high - low)).astype(int)
    size = np.array(sample.image.shape[1::-1])
    low = np.fmin(low - margin, np.nanmin(sample.landmarks, 0))
    high = np.fmax(high + margin, np.nanmax(sample.landmarks, 0) + 1)
    low = np.maximum(np.floor(low).astype(int), 0)
    high = np.minimum(np.ceil(high).astype(int), size)
    return replace(
        sample,
        image=np.ascontiguousarray(
            sample.image[low[1] : high[1], low[0] : high[0]]
        ),
        landmarks=sample.landmarks - low,
        bbox=sample.bbox - np.tile(low, 2),
    )


def main(argv=None) -> int:
    args = parse_args(argv)
    folders = args.labels or [p.parent for p in LABELS.glob(f'*/{SOURCES}')]
    try:
        check_folder(args.out, TOOL, overwrite=args.overwrite)
        garments, skipped = find_garments(
            args.photos, labelled_sources(folders)
        )
        model = answering_model(
            args.config, args.checkpoint, choose_device(args.device)
        )
    except ForeignFilesError as error:
        print(f'error: {error}', file=sys.stderr)
        return 2
    except (OSError, InputError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    garments = garments[: args.num]
    print(f'{len(garments)} garments; {skipped} photographs labelled already')
    console = Console(stderr=True)
    results, faults = label_all(model, garments, args.max_spread, console)
    print(f'kept {len(results)} of {len(garments)}')
    for fault, count in faults.most_common():
        print(f'left out, {fault}: {count}')
    if not results:
        print(
            'error: nothing to write; raise --max-spread or train the model '
            'longer',
            file=sys.stderr,
        )
        return 1
    write(args.out, results, args.overwrite)
    if args.contact_sheet:
        cv2.imwrite(str(args.contact_sheet), sheet(results))
    return 0


if __name__ == '__main__':
    sys.exit(main())
