#!/usr/bin/env python
"""The baseline "predict the mean shape": how far without any network?

    python tools/analysis/mean_shape.py configs/dfa_fld_stage3.py

The mean position of every landmark in the crop, over the training set, is
predicted for every garment of the test set: one shape for all, and one per
clothes type where the data set knows it. Reads annotations, no picture.
"""

import argparse
import os.path as osp
import sys
from typing import Dict, List, Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import numpy as np
from measuring import evaluate, read_annotations, score_table
from mmengine.config import Config, DictAction
from mmengine.registry import init_default_scope
from mmpose.registry import DATASETS
from rich.console import Console

from dfa_mm.apis.outputs import check_output
from dfa_mm.datasets import LandmarkDataset
from dfa_mm.engine.annotations import dataset_class, leaf_datasets
from dfa_mm.evaluation import write_results
from dfa_mm.evaluation.means import mean_known
from dfa_mm.evaluation.pdl import REFERENCE_SIZE, to_reference_frame
from dfa_mm.evaluation.protocols import box_long_side, box_size
from dfa_mm.structures import CLOTHES_TYPES, has_position

MMPOSE_PADDING = 1.25  # GetBBoxCenterScale's default
ONE_SHAPE = 'one shape for all'
SHAPE_PER_TYPE = 'one shape per clothes type'


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('config', help='config file')
    parser.add_argument(
        '--out', help="default: mean_shape.json in the config's work folder"
    )
    parser.add_argument(
        '--cfg-options', nargs='+', action=DictAction, default={}
    )
    args = parser.parse_args(argv)
    if args.out:
        check_output(parser, args.out, args.config)
    return args


def find_padding(pipeline: Sequence[dict]) -> float:
    for step in pipeline:
        if step['type'] == 'GetBBoxCenterScale':
            return step.get('padding', MMPOSE_PADDING)
    raise ValueError('the test pipeline has no GetBBoxCenterScale')


def stacked(garments: List[dict], key: str) -> np.ndarray:
    """(N, ...), of entries that are (1, ...)."""
    return np.concatenate([garment[key] for garment in garments])


def clothes_types(garments: List[dict]) -> np.ndarray:
    """(N,), 0 where unknown."""
    return np.array([garment.get('clothes_type', 0) for garment in garments])


def mean_shapes(train: List[dict], padding: float) -> Dict[int, np.ndarray]:
    """Clothes type to shape (K, 2) in the crop frame; 0 is all of them."""
    boxes = stacked(train, 'bbox')
    points = to_crop_frame(stacked(train, 'keypoints'), boxes, padding)
    mask = has_position(stacked(train, 'landmark_visibility'))
    shapes = {0: mean_shape(points, mask)}
    for code in CLOTHES_TYPES:
        chosen = clothes_types(train) == code
        if chosen.any():
            shapes[code] = mean_shape(points[chosen], mask[chosen])
    return shapes


def predict(
    shapes: Dict[int, np.ndarray], test: List[dict], padding: float
) -> Dict[str, np.ndarray]:
    """Row name to landmarks (N, K, 2) in image pixels."""
    boxes = stacked(test, 'bbox')
    rows = {ONE_SHAPE: from_crop_frame(shapes[0], boxes, padding)}
    if len(shapes) > 1:
        own = [shapes.get(code, shapes[0]) for code in clothes_types(test)]
        rows[SHAPE_PER_TYPE] = from_crop_frame(own, boxes, padding)
    return rows


def to_crop_frame(points, boxes, padding: float = 1.0) -> np.ndarray:
    """Image pixels to the crop frame of the codec.

    The crop is the square round the box's centre with ``padding`` times the
    box's long side; it spans [-0.5, 0.5]. Points (N, K, 2) and boxes (N, 4)
    are in image pixels; a box without width or height makes NaN.
    """
    share = to_reference_frame(points, boxes) / REFERENCE_SIZE
    return (share - 0.5) / padding


def from_crop_frame(points, boxes, padding: float = 1.0) -> np.ndarray:
    """Inverse of :func:`to_crop_frame`; points may be one shape (K, 2)."""
    boxes = np.asarray(boxes, dtype=np.float64)
    side = padding * box_long_side(boxes)
    centre = boxes[:, :2] + box_size(boxes) / 2
    return np.asarray(points) * side[:, None, None] + centre[:, None]


def mean_shape(points, mask) -> np.ndarray:
    """Mean position (K, 2) of every landmark; NaN where none takes part.

    Of points (N, K, 2) in any frame those take part that are finite and
    true in the mask (N, K).
    """
    points = np.asarray(points, dtype=np.float64)
    known = np.asarray(mask, bool) & np.isfinite(points).all(axis=-1)
    return mean_known(np.where(known[..., None], points, np.nan), axis=0)


def describe(shapes: Dict[int, np.ndarray], meta: dict) -> dict:
    """Name of the type to landmark to [x, y] in the crop frame."""
    names = meta['keypoint_id2name']
    return {
        CLOTHES_TYPES.get(code, 'all'): {
            names[k]: point for k, point in enumerate(shape)
        }
        for code, shape in shapes.items()
    }


def look_at_no_picture(dataset: dict) -> None:
    for leaf in leaf_datasets(dataset):
        if issubclass(dataset_class(leaf), LandmarkDataset):
            leaf['check_pictures'] = False


def main(argv: Optional[Sequence[str]] = None) -> None:
    args = parse_args(argv)
    cfg = Config.fromfile(args.config)
    cfg.merge_from_dict(args.cfg_options)
    init_default_scope(cfg.get('default_scope', 'mmpose'))
    for loader in (cfg.train_dataloader, cfg.test_dataloader):
        look_at_no_picture(loader.dataset)
    try:
        train = DATASETS.build(cfg.train_dataloader.dataset)
        test = DATASETS.build(cfg.test_dataloader.dataset)
    except FileNotFoundError as error:
        sys.exit(str(error))
    padding = find_padding(cfg.test_dataloader.dataset.pipeline)

    shapes = mean_shapes(read_annotations(train), padding)
    garments = read_annotations(test)
    reports = {
        name: evaluate(predicted, garments, test.metainfo)
        for name, predicted in predict(shapes, garments, padding).items()
    }
    stem = osp.splitext(osp.basename(args.config))[0]
    folder = cfg.get('work_dir') or osp.join('work_dirs', stem)
    out = args.out or osp.join(folder, 'mean_shape.json')
    write_results(
        out,
        reports,
        cfg.filename,
        cfg.pretty_text,
        seed=None,
        extra=dict(shapes=describe(shapes, test.metainfo), padding=padding),
    )
    console = Console()
    title = 'The mean shape of the training set, on the test set'
    console.print(score_table(reports, title))
    console.print(f'results: {out}', soft_wrap=True)


if __name__ == '__main__':
    main()
