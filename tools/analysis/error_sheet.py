#!/usr/bin/env python
"""Predictions from the best to the worst, or the worst, on one sheet.

    python tools/test.py CONFIG CHECKPOINT --dump predictions.pkl
    python tools/analysis/error_sheet.py predictions.pkl sheet.png [--worst]

Garments are sorted by their mean NE box of the visible landmarks and taken at
even ranks, the best and the worst among them; --worst takes the worst, these
first, and names each with its type, its error, and its worst landmark and
that one's error. Discs are landmarks predicted
visible, rings occluded ones; a thin line leads from each to a cross at its
true place. --no-photographs draws the true garment's lines in grey in place
of the picture, for data that may not be passed on.
"""

import argparse
import sys
from pathlib import Path
from typing import Dict, List, Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import cv2
import numpy as np

from dfa_mm.apis.outputs import check_output
from dfa_mm.evaluation.dumps import read_dump
from dfa_mm.evaluation.means import mean_known
from dfa_mm.evaluation.normalized_error import normalized_error
from dfa_mm.evaluation.protocols import box_size, is_visible
from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    LSP_SET,
    has_position,
)
from dfa_mm.visualization import (
    contact_sheet,
    crop_round_box,
    draw_errors,
    draw_landmarks,
)
from dfa_mm.visualization.marks import draw_line, mark_radius
from dfa_mm.visualization.text import with_lines, with_title

SIZE, COLUMNS = 240, 8  # pixels of a garment's long side, garments in a row
WORST_SIZE, WORST_COLUMNS = 320, 6
GREY, WHITE = (185, 185, 185), 255
SETS = {each.name: each for each in (*FLD_SETS.values(), LSP_SET)}


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('dump', type=Path, help='of tools/test.py --dump')
    parser.add_argument('out', type=Path, help='picture to write')
    parser.add_argument('--num', type=int, default=24)
    parser.add_argument('--worst', action='store_true', help='see above')
    parser.add_argument('--columns', type=int)
    parser.add_argument('--no-photographs', action='store_true')
    args = parser.parse_args(argv)
    check_output(parser, args.out, args.dump)
    if args.columns is None:
        args.columns = WORST_COLUMNS if args.worst else COLUMNS
    if args.num < 2 or args.columns < 1:
        parser.error('--num must be at least 2 and --columns at least 1')
    return args


def landmark_errors(samples: List[Dict]) -> np.ndarray:
    """(N, K) NE box of the visible landmarks, NaN of others."""

    def stacked(kind: str, name: str) -> np.ndarray:
        return np.stack([np.asarray(s[kind][name])[0] for s in samples])

    return normalized_error(
        stacked('pred_instances', 'keypoints'),
        stacked('gt_instances', 'keypoints'),
        is_visible(stacked('gt_instances', 'landmark_visibility')),
        box_size(stacked('gt_instances', 'bboxes')),
    )


def garment_errors(samples: List[Dict]) -> np.ndarray:
    """(N,) mean NE box of the visible landmarks; NaN without any."""
    return mean_known(landmark_errors(samples), axis=1)


def choose(errors: np.ndarray, count: int) -> np.ndarray:
    """Indices of at most ``count`` samples, the best first, ranks even."""
    order = np.argsort(errors)[: np.isfinite(errors).sum()]
    ranks = np.linspace(0, len(order) - 1, min(count, len(order)))
    return order[ranks.round().astype(int)]


def choose_worst(errors: np.ndarray, count: int) -> np.ndarray:
    """Indices of at most ``count`` samples, the worst first."""
    order = np.argsort(errors)[: np.isfinite(errors).sum()]
    return order[::-1][:count]


def panel(
    sample: Dict, error: float, photograph: bool, worst: bool = False
) -> np.ndarray:
    """One garment with truth and prediction, RGB."""
    meta = SETS[sample['dataset_name']].metainfo()
    truth, pred = sample['gt_instances'], sample['pred_instances']
    image = read(sample, photograph)
    size = WORST_SIZE if worst else SIZE
    ground, origin, scale = crop_round_box(image, truth['bboxes'][0], size)
    place = (np.asarray(truth['keypoints'][0], float) - origin) * scale
    known = has_position(np.asarray(truth['landmark_visibility'][0]))
    if not photograph:
        ground = drawn_garment(ground, place, known, meta)
    found = (np.asarray(pred['keypoints'][0], float) - origin) * scale
    states = np.asarray(pred['landmark_visibility'][0])
    ground = draw_errors(ground, found, place, known)
    drawn = draw_landmarks(ground, found, states, meta, note=False)
    if worst:
        return with_lines(drawn, lines_of(sample, error), size)
    return with_title(drawn, f'{error:.3f}')


def lines_of(sample: Dict, error: float) -> List[str]:
    """Name, type and error; the worst landmark and its error."""
    (errors,) = landmark_errors([sample])
    k = int(np.nanargmax(errors))
    landmark = SETS[sample['dataset_name']].landmarks[k]
    kind = CLOTHES_TYPES.get(sample.get('clothes_type'), '')
    return [
        Path(sample['img_path']).stem,
        f'{kind} {error:.3f}, {landmark} {errors[k]:.3f}'.strip(),
    ]


def read(sample: Dict, photograph: bool) -> np.ndarray:
    """The picture in RGB, or a white one of its size.

    Raises:
        FileNotFoundError: Names the picture that cannot be read.
    """
    if not photograph:
        return np.full((*sample['ori_shape'], 3), WHITE, np.uint8)
    image = cv2.imread(sample['img_path'])
    if image is None:
        raise FileNotFoundError(
            f'{sample["img_path"]} cannot be read: start this where '
            'tools/test.py was started'
        )
    return image[..., ::-1].copy()


def drawn_garment(
    ground: np.ndarray, landmarks: np.ndarray, known: np.ndarray, meta: Dict
) -> np.ndarray:
    canvas = np.ascontiguousarray(ground).copy()
    radius = 2 * mark_radius(canvas)
    for a, b in meta['skeleton_links']:
        if known[a] and known[b]:
            draw_line(canvas, landmarks[a], landmarks[b], radius, GREY)
    return canvas


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    try:
        samples = read_dump(args.dump)
    except (FileNotFoundError, ValueError) as error:
        sys.exit(f'error: {error}')
    errors = garment_errors(samples)
    chosen = (choose_worst if args.worst else choose)(errors, args.num)
    panels = [
        panel(samples[i], errors[i], not args.no_photographs, args.worst)
        for i in chosen
    ]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    sheet = contact_sheet(panels, args.columns)
    if not cv2.imwrite(str(args.out), sheet[..., ::-1]):
        raise OSError(f'{args.out} cannot be written')
    print(f'{len(panels)} of {len(samples)} garments: {args.out}')
    return 0


if __name__ == '__main__':
    sys.exit(main())
