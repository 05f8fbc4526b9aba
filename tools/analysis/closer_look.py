#!/usr/bin/env python
"""What a second look at the garment is worth where no box is given.

    python tools/analysis/closer_look.py CONFIG CHECKPOINT --out OUT.json

Tests a model on the config's test set three times: with the whole picture in
place of the box, with a second look at the box round the landmarks that were
found there (`--closer-look` of the demos: the mean of both), and in the true
box.
"""

import argparse
import sys
from typing import Dict, Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import numpy as np
from measuring import evaluate, read_annotations, score_table
from mmengine.registry import init_default_scope
from mmpose.apis import inference_topdown
from mmpose.registry import DATASETS
from rich.console import Console
from rich.progress import track
from torch import nn

from dfa_mm.apis import choose_device, load_model, look_closer, read_picture
from dfa_mm.apis.landmarks import MARGIN
from dfa_mm.apis.outputs import check_output
from dfa_mm.apis.predictions import complete
from dfa_mm.evaluation import write_results

WHOLE, BOX = 'whole', 'box'


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='its checkpoint file')
    parser.add_argument('--out', required=True, help='JSON to write')
    parser.add_argument(
        '--split', default='test', help='of the data (default: test)'
    )
    parser.add_argument(
        '--margins',
        type=float,
        nargs='+',
        default=[MARGIN],
        help='round the landmarks, in sides of their box '
        '(default: %(default)s)',
    )
    parser.add_argument(
        '--device', help='(default: cuda:0 if there is one, or cpu)'
    )
    args = parser.parse_args(argv)
    check_output(parser, args.out, args.config, args.checkpoint)
    return args


def closer(margin: float) -> str:
    return f'closer, margin {margin:g}'


def look(
    model: nn.Module, info: dict, margins: Sequence[float]
) -> Dict[str, np.ndarray]:
    """View to landmarks (K, 2) of one garment, in pixels of its picture."""
    image = read_picture(info['img_path'])

    def ask(box=None):
        (sample,) = inference_topdown(model, image, box)
        return complete(sample.pred_instances)

    whole = ask()
    found = {WHOLE: whole, BOX: ask(info['bbox'])}
    for margin in margins:
        found[closer(margin)] = look_closer(model, image, whole, margin=margin)
    return {view: pred.keypoints[0] for view, pred in found.items()}


def main(argv: Optional[Sequence[str]] = None) -> None:
    args = parse_args(argv)
    model = load_model(
        args.config, args.checkpoint, choose_device(args.device)
    )
    init_default_scope(model.cfg.get('default_scope', 'mmpose'))
    described = dict(model.cfg.test_dataloader.dataset, split=args.split)
    try:
        dataset = DATASETS.build(described)
    except FileNotFoundError as error:
        sys.exit(str(error))
    views: Dict[str, list] = {}
    for i in track(range(len(dataset)), 'Looking'):
        found = look(model, dataset.get_data_info(i), args.margins)
        for view, landmarks in found.items():
            views.setdefault(view, []).append(landmarks)
    garments = read_annotations(dataset)
    reports = {
        view: evaluate(np.stack(landmarks), garments, dataset.metainfo)
        for view, landmarks in views.items()
    }
    write_results(
        args.out,
        reports,
        args.config,
        model.cfg.pretty_text,
        seed=None,
        extra=dict(garments=len(dataset)),
    )
    console = Console()
    console.print(score_table(reports, f'{args.split} split'))
    console.print(f'results: {args.out}', soft_wrap=True)


if __name__ == '__main__':
    main()
