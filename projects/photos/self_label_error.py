#!/usr/bin/env python
"""How far self-made labels are off, by how well a model agrees with itself.

    python projects/photos/self_label_error.py CONFIG CHECKPOINT FLD_ROOT \\
        --out OUT.json

Labels garments whose landmarks are known as self_label.py labels unknown ones,
in their true boxes and of their true clothes type, and shows for several
thresholds of the spread how many are kept and how good they are.

Choose --max-spread by it, on the validation split.
"""

import argparse
import math
import sys
from typing import List, Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import numpy as np
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS
from rich.console import Console
from rich.progress import track
from rich.table import Table

from dfa_mm.apis import InputError, choose_device, read_picture
from dfa_mm.evaluation import write_results
from dfa_mm.evaluation.normalized_error import (
    mean_normalized_error,
    normalized_error,
)
from dfa_mm.evaluation.protocols import box_size, is_visible
from dfa_mm.evaluation.visibility import visibility_accuracy
from dfa_mm.structures import TYPE_SLOTS, Visibility
from projects.photos.answers import answering_model
from projects.photos.self_labels import SelfLabel, label

THRESHOLDS = (0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15)


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='its checkpoint file')
    parser.add_argument('root', metavar='FLD_ROOT', help='in FLD layout')
    parser.add_argument('--split', default='val', help='(default: val)')
    parser.add_argument('--out', required=True, help='JSON to write')
    parser.add_argument(
        '--thresholds',
        type=float,
        nargs='+',
        default=THRESHOLDS,
        help='of the spread, in sides of the box (default: %(default)s)',
    )
    parser.add_argument(
        '--device', help='(default: cuda:0 if there is one, or cpu)'
    )
    return parser.parse_args(argv)


def in_slots(found: SelfLabel, clothes_type: int, count: int):
    """Landmarks (count, 2) and states (count,) in the data set's slots."""
    slots = list(TYPE_SLOTS[clothes_type])
    landmarks = np.full((count, 2), np.nan)
    states = np.full(count, int(Visibility.ABSENT))
    landmarks[slots], states[slots] = found.landmarks, found.visibility
    return landmarks, states


def quality(found: List[SelfLabel], infos: List[dict]) -> dict:
    """How good these labels are.

    A landmark that the label calls cut off is in no error.
    """
    if not found:
        return dict(NE=None, visibility=None)
    truth = np.concatenate([info['keypoints'] for info in infos])
    states = np.concatenate([info['landmark_visibility'] for info in infos])
    boxes = np.concatenate([info['bbox'] for info in infos])
    told = [
        in_slots(each, info['clothes_type'], truth.shape[1])
        for each, info in zip(found, infos)
    ]
    landmarks, told_states = map(np.stack, zip(*told))
    counted = is_visible(states) & np.isfinite(landmarks).all(-1)
    errors = normalized_error(landmarks, truth, counted, box_size(boxes))
    return dict(
        NE=float(mean_normalized_error(errors)[1]),
        visibility=visibility_accuracy(told_states, states),
    )


def rows(
    found: List[SelfLabel], infos: List[dict], thresholds: Sequence[float]
) -> List[dict]:
    """What each threshold keeps; the last keeps everything."""
    table = []
    for threshold in thresholds:
        kept = [
            i for i, each in enumerate(found) if each.fault(threshold) is None
        ]
        pick = [found[i] for i in kept], [infos[i] for i in kept]
        table.append(
            dict(max_spread=threshold, kept=len(kept), **quality(*pick))
        )
    return [
        *table,
        dict(max_spread=None, kept=len(found), **quality(found, infos)),
    ]


def show(table: List[dict], console: Console) -> None:
    shown = Table('max. spread', 'kept', 'NE box', 'visibility')
    for row in table:
        bound = row['max_spread']
        values = row['NE'], row['visibility']
        shown.add_row(
            'all' if bound is None else f'{bound:g}',
            str(row['kept']),
            *('-' if value is None else f'{value:.4f}' for value in values),
        )
    console.print(shown)


def main(argv: Optional[Sequence[str]] = None) -> None:
    args = parse_args(argv)
    if any(not 0 < each < math.inf for each in args.thresholds):
        sys.exit(f'--thresholds must be above 0, but are {args.thresholds}')
    init_default_scope('mmpose')
    data = dict(type='FLDDataset', data_root=args.root, subset='all')
    try:
        dataset = DATASETS.build(dict(data, split=args.split, test_mode=True))
        model = answering_model(
            args.config, args.checkpoint, choose_device(args.device)
        )
    except (OSError, InputError) as error:
        sys.exit(f'error: {error}')
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    found = [
        label(
            model,
            read_picture(info['img_path']),
            info['clothes_type'],
            info['bbox'][0],
        )
        for info in track(infos, 'Labelling')
    ]
    table = rows(found, infos, args.thresholds)
    write_results(
        args.out,
        dict(by_max_spread=table),
        args.config,
        Config.fromfile(args.config).pretty_text,
        seed=None,
        extra=dict(garments=len(dataset), split=args.split),
    )
    show(table, Console())


if __name__ == '__main__':
    main()
