#!/usr/bin/env python
"""Whole photographs, without any box: garments found, and their landmarks.

    python tools/analysis/whole_photographs.py CONFIG CHECKPOINT \\
        data/street_photos/annotations/test.json --out whole.json

The garment detector finds the garments, the model their landmarks in the
boxes and of the types that it tells. The labels are COCO's as fld2coco.py
writes them, or with landmark_states (0 visible, 1 occluded, 2 cut off, -1 the
garment has none) at every garment. What is found and not labelled is counted
in photographs all of whose garments are labelled: those whose image says that
it is complete or, where none says so, without a garment whose source is among
--incomplete. --turned shows the photographs as somebody at the garment's side
would have taken them.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import numpy as np
from end_to_end import Garment, Photograph, describe_photograph, score
from mmengine.registry import DefaultScope
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dfa_mm.apis import (
    InputError,
    choose_device,
    find_landmarks_in_boxes,
    load_model,
    read_picture,
)
from dfa_mm.apis.outputs import check_output
from dfa_mm.engine.checkpoints import CheckpointMismatchError
from dfa_mm.evaluation import to_plain
from dfa_mm.files import write_json
from dfa_mm.structures import CLOTHES_TYPES, TYPE_SLOTS, Visibility
from dfa_mm.structures.visibility import from_coco


class Where(NamedTuple):
    """A garment before its landmarks are looked for."""

    box: np.ndarray  # (4,) x1 y1 x2 y2 in pixels
    type: str
    score: float = 1.0


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', help="the landmark model's config file")
    parser.add_argument('checkpoint', help='its checkpoint file')
    parser.add_argument('annotations', type=Path, help='JSON, as above')
    parser.add_argument(
        '--out', type=Path, required=True, help='JSON to write'
    )
    parser.add_argument(
        '--images',
        type=Path,
        help='folder (default: img, or else all, beside that of the '
        'annotations)',
    )
    parser.add_argument(
        '--turned',
        action='store_true',
        help='turn photographs and labels by 90 degrees, anticlockwise',
    )
    parser.add_argument(
        '--detector',
        nargs=2,
        metavar=('CONFIG', 'CHECKPOINT'),
        default=(),
        help='(default: the one of projects/garment_detector)',
    )
    parser.add_argument(
        '--given',
        action='store_true',
        help='take labelled boxes and types in place of the detector: what '
        'its errors cost the landmarks',
    )
    parser.add_argument(
        '--incomplete',
        nargs='*',
        default=['first'],
        metavar='SOURCE',
        help='of labels that may lack a garment (default: first)',
    )
    parser.add_argument(
        '--device', help='(default: cuda:0 if there is one, or cpu)'
    )
    args = parser.parse_args(argv)
    check_output(
        parser, args.out, args.config, args.checkpoint, args.annotations
    )
    if not args.annotations.is_file():
        parser.error(f'there is no file {args.annotations}')
    if args.images is None:
        root = args.annotations.resolve().parents[1]
        args.images = root / 'img' if (root / 'img').is_dir() else root
    return args


def read_labels(
    annotations: Path, incomplete: Sequence[str]
) -> Iterator[Tuple[str, List[Garment], bool]]:
    """Name, garments and whether these are all, of every photograph."""
    content = json.loads(annotations.read_text())
    of_image = {image['id']: [] for image in content['images']}
    for each in content['annotations']:
        of_image[each['image_id']].append(each)
    for image in content['images']:
        each = of_image[image['id']]
        sources = {one.get('source') for one in each}
        complete = image.get('complete', sources.isdisjoint(incomplete))
        yield image['file_name'], [as_garment(one) for one in each], complete


def as_garment(annotation: dict) -> Garment:
    x, y, width, height = annotation['bbox']
    landmarks = np.reshape(annotation['keypoints'], (-1, 3))
    kind = annotation['clothes_type']
    states = annotation.get('landmark_states')
    if states is None:  # FLD's code of the type, COCO's flags
        states = np.full(len(landmarks), Visibility.ABSENT)
        slots = list(TYPE_SLOTS[kind])
        states[slots] = from_coco(landmarks[slots, 2])
        kind = CLOTHES_TYPES[kind]
    return Garment(
        kind,
        np.array([x, y, x + width, y + height]),
        landmarks[:, :2].astype(float),
        np.array(states),
    )


def turned(garment: Garment, width: int) -> Garment:
    """In the picture turned by 90 degrees, anticlockwise: (y, width - 1 - x).

    Args:
        garment (Garment): In pixels of the upright picture.
        width (int): Of that.
    """
    corners = np.reshape(garment.box, (2, 2))
    (left, bottom), (right, top) = turned_points(corners, width)
    return garment._replace(
        box=np.array([left, top, right, bottom]),
        landmarks=turned_points(garment.landmarks, width),
    )


def turned_points(points: np.ndarray, width: int) -> np.ndarray:
    """(N, 2) in pixels."""
    return np.stack([points[:, 1], width - 1 - points[:, 0]], 1)


def detect(image: np.ndarray, detector) -> List[Where]:
    """What the detector finds in a picture (H, W, 3), BGR."""
    # when asked for help, this needs no detector
    from projects.garment_detector.find import find_garments

    # of whose transforms it builds its pipeline
    with DefaultScope.overwrite_default_scope('mmdet'):
        return [Where(*each) for each in zip(*find_garments(image, detector))]


def look(image: np.ndarray, where: Sequence[Where], model) -> List[Garment]:
    """The landmarks of a picture's garments."""
    if not where:
        return []
    boxes, types, _ = zip(*where)
    preds = find_landmarks_in_boxes(model, image, boxes, types)
    return [
        Garment(
            one.type,
            np.asarray(one.box, float),
            np.asarray(pred.keypoints[0], float),
            np.asarray(pred.landmark_visibility[0]),
            float(one.score),
        )
        for one, pred in zip(where, preds)
    ]


def table_of(scored: dict) -> Table:
    table = Table(title='Whole photographs')
    for heading in ('', 'all', *list(scored['garments'])[1:]):
        table.add_column(heading, justify='right' if heading else 'left')
    for name in ('garments', 'found', 'found_any_type'):
        cells = [
            f'{value}' if isinstance(value, int) else f'{value:.3f}'
            for value in scored[name].values()
        ]
        table.add_row(name.replace('_', ' '), *cells)
    return table


def lines_of(scored: dict) -> Iterator[str]:
    for name in ('landmarks', 'landmarks_any_type'):
        one = scored[name]
        if not one['garments']:
            continue
        tail = one['tail']
        yield (
            f'{name.replace("_", " ")}: {one["garments"]} garments, NE box '
            f'{one["NE_box"]:.4f} (median {tail["median"]:.4f}, 90 % '
            f'{tail["p90"]:.4f}, gross {tail["gross"]:.4f}), '
            f'{one["missed"]:.3f} missed, {one["per_garment"]:.2f} told and '
            f'{one["labelled_per_garment"]:.2f} labelled per garment'
        )
    yield (
        f'visible landmarks right: {scored["landmarks_right"]:.3f} of all; '
        f'false garments: {scored["false_per_photograph"]:.2f} per '
        f'photograph in {scored["complete_photographs"]}; nothing found in '
        f'{scored["without_any"]} of {scored["photographs"]}'
    )


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    from projects.garment_detector.find import load_detector

    device = choose_device(args.device)
    try:
        detector = None
        if not args.given:
            detector = load_detector(*args.detector, device=device)
        # last, so that MMPose's scope is in force
        model = load_model(args.config, args.checkpoint, device)
        photographs = []
        labels = list(read_labels(args.annotations, args.incomplete))
        for name, labelled, complete in track(labels, 'Looking'):
            image = read_picture(str(args.images / name))
            if args.turned:
                labelled = [turned(g, image.shape[1]) for g in labelled]
                image = np.ascontiguousarray(np.rot90(image))
            if args.given:
                where = [Where(one.box, one.type) for one in labelled]
            else:
                where = detect(image, detector)
            found = look(image, where, model)
            photographs.append(Photograph(name, labelled, found, complete))
    except (InputError, CheckpointMismatchError, FileNotFoundError) as error:
        sys.exit(f'error: {error}')
    scored = score(photographs)
    content = dict(
        config=args.config,
        checkpoint=Path(args.checkpoint).name,
        annotations=str(args.annotations),
        given=args.given,
        turned=args.turned,
        **scored,
        each=[describe_photograph(photograph) for photograph in photographs],
    )
    write_json(args.out, to_plain(content))
    console = Console()
    console.print(table_of(scored))
    for line in lines_of(scored):
        console.print(line)
    console.print(f'{args.out}', soft_wrap=True)
    return 0


if __name__ == '__main__':
    sys.exit(main())
