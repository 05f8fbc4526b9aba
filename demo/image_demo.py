#!/usr/bin/env python
"""Find the landmarks of the garment in a photograph.

    python demo/image_demo.py photo.jpg CONFIG CHECKPOINT

Prints a table of the landmarks and writes photo_landmarks.png.
"""

import argparse
import io
import json
import os
import sys
import zipfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import cv2
import mmcv
import numpy as np
import torch
from mmengine.structures import InstanceData
from mmpose.apis import inference_topdown, init_model
from mmpose.registry import VISUALIZERS
from mmpose.structures import PoseDataSample
from rich.console import Console
from rich.table import Table

from dfa_mm.engine.checkpoints import CheckpointMismatchError, check_fits
from dfa_mm.evaluation import to_plain
from dfa_mm.evaluation.metrics.records import BRANCHES
from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    Visibility,
    has_position,
)
from dfa_mm.visualization import stages_side_by_side

# Smaller photographs are drawn enlarged: marks and text have a least size.
MIN_LONG_SIDE = 384
BOX_WIDTH_SHARE = 0.003  # of the picture's long side
VISUALIZER = dict(type='FashionLandmarkVisualizer', name='demo')


class DemoError(ValueError):
    """Something about the command line that the user can put right."""


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('img', help='photograph')
    parser.add_argument('config', help='config file')
    parser.add_argument('checkpoint', help='checkpoint file')
    parser.add_argument(
        '--out-file', help='picture to write (default: IMG_landmarks.png)'
    )
    parser.add_argument(
        '--box',
        type=float,
        nargs=4,
        metavar=('X1', 'Y1', 'X2', 'Y2'),
        help='the garment, in pixels (default: the whole picture)',
    )
    parser.add_argument(
        '--clothes-type',
        choices=list(CLOTHES_TYPES.values()),
        help='hide the landmarks that such a garment does not have',
    )
    parser.add_argument(
        '--stages', action='store_true', help='draw the stages side by side'
    )
    parser.add_argument('--json', help='file to write the landmarks to')
    parser.add_argument('--show', action='store_true', help='open a window')
    parser.add_argument(
        '--device', help='default: cuda:0 if there is one, else cpu'
    )
    return parser.parse_args(argv)


def load_image(path: str) -> np.ndarray:
    """BGR uint8, upright, as the models' own pipelines load it."""
    if not Path(path).is_file():
        raise DemoError(f'{path} is not a file')
    try:
        image = mmcv.imread(path)
    except cv2.error as error:
        raise DemoError(f'{path} cannot be read: {error}') from error
    if image is None:
        raise DemoError(
            f'{path} cannot be read as a picture; expected a whole file in '
            'a format that OpenCV knows, such as JPEG, PNG or WebP'
        )
    return image


def clip_box(box: Optional[Sequence[float]], image: np.ndarray) -> np.ndarray:
    """The part (4,) of a box within the picture; by default all of it."""
    height, width = image.shape[:2]
    if box is None:
        return np.array([0, 0, width, height], dtype=np.float32)
    box = np.array(box, dtype=np.float32)
    clipped = box.reshape(2, 2).clip(0, (width, height)).reshape(4)
    if not (clipped[2:] > clipped[:2]).all():  # also if a number is NaN
        raise DemoError(
            f'the box {box.tolist()} covers nothing of the picture, which is '
            f'{width} x {height}; expected x1 y1 x2 y2 with x1 < x2, y1 < y2'
        )
    return clipped


def choose_device(name: Optional[str]) -> str:
    available = torch.cuda.is_available()
    if name is None:
        return 'cuda:0' if available else 'cpu'
    try:
        kind = torch.device(name).type
    except RuntimeError as error:
        raise DemoError(f'--device {name}: {error}') from error
    if kind == 'cuda' and not available:
        raise DemoError(f'no GPU for --device {name}; try --device cpu')
    return name


def check_display() -> None:
    """Without one, the window's library would end the whole process."""
    names = ('DISPLAY', 'WAYLAND_DISPLAY')
    if sys.platform.startswith('linux') and not any(map(os.getenv, names)):
        raise DemoError('there is no display for --show; open the file')


def load_model(config: str, checkpoint: str, device: str) -> torch.nn.Module:
    """A model all of whose weights come from the checkpoint.

    MMPose only logs what does not fit and then predicts at random.
    """
    if not Path(config).is_file():
        raise DemoError(f'there is no config {config}')
    content = read_checkpoint(checkpoint)
    # what does not fit is told in one sentence, not tensor by tensor
    with redirect_stdout(io.StringIO()):
        model = init_model(config, checkpoint, device=device)
    check_fits(model, content.get('state_dict', content), checkpoint)
    dataset = model.cfg.test_dataloader.dataset
    named = 'dataset_meta' in content.get('meta', {})
    if dataset.type == 'FLDDataset' and not named:
        # MMPose's fallback is the class's meta, whatever the subset
        model.dataset_meta = FLD_SETS[dataset.get('subset', 'all')].metainfo()
    return model


def read_checkpoint(path: str) -> dict:
    """A checkpoint whose weights stay on the disk until they are used."""
    if not Path(path).is_file():
        raise DemoError(f'there is no checkpoint {path}')
    try:
        return torch.load(
            path,
            map_location='cpu',
            weights_only=True,
            mmap=zipfile.is_zipfile(path),
        )
    except Exception as error:  # any: the bytes decide what goes wrong
        raise DemoError(f'{path} is no checkpoint: {error}') from error


def hidden_slots(meta: dict, clothes_type: Optional[str]) -> np.ndarray:
    """(K,) bool: the landmarks that such a garment does not have."""
    count = meta['num_keypoints']
    if clothes_type is None:
        return np.zeros(count, dtype=bool)
    names = set(FLD_SETS[clothes_type].landmarks)
    known = [meta['keypoint_id2name'][k] for k in range(count)]
    if not names <= set(known):
        raise DemoError(
            f'the model does not know the landmarks of {clothes_type} '
            f'clothes, only {", ".join(known)}'
        )
    return np.array([name not in names for name in known])


def complete(pred: InstanceData, hidden: np.ndarray) -> InstanceData:
    """Fill in what a model without states or stages does not predict."""
    if 'landmark_visibility' not in pred:
        shape = pred.keypoints.shape[:2]
        pred.landmark_visibility = np.full(shape, int(Visibility.VISIBLE))
    if 'stage_keypoints' not in pred:
        pred.stage_keypoints = pred.keypoints[:, None]
        pred.stage_visibility = pred.landmark_visibility[:, None]
    for key in ('landmark_visibility', 'stage_visibility'):
        pred[key] = np.where(hidden, int(Visibility.ABSENT), pred[key])
    return pred


def branch_name(pred: InstanceData) -> Optional[str]:
    branch = pred.get('branch')
    return None if branch is None else BRANCHES.get(int(branch[0]))


def landmark_rows(pred: InstanceData, meta: dict) -> List[dict]:
    """Name, x, y, state and the state's probability, hidden slots left out.

    A truncated landmark has no position. Without predicted states the
    probability is the landmark's score.
    """
    states = pred.landmark_visibility[0]
    scores = pred.get('visibility_scores')
    rows = []
    for k in np.flatnonzero(states != Visibility.ABSENT):
        x, y = pred.keypoints[0, k] if has_position(states[k]) else (None,) * 2
        state, probability = None, pred.keypoint_scores[0, k]
        if scores is not None:
            state = Visibility(states[k]).name.lower()
            probability = scores[0, k, states[k]]
        name = meta['keypoint_id2name'][int(k)]
        rows.append(
            dict(name=name, x=x, y=y, state=state, probability=probability)
        )
    return to_plain(rows)


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


def enlarge(
    image: np.ndarray, pred: InstanceData
) -> Tuple[np.ndarray, InstanceData]:
    """A small picture made larger, and the landmarks and box in it."""
    factor = max(1, MIN_LONG_SIDE / max(image.shape[:2]))
    if factor > 1:
        size = [max(1, round(side * factor)) for side in image.shape[1::-1]]
        image = cv2.resize(image, size, interpolation=cv2.INTER_CUBIC)
    scaled = InstanceData(
        keypoints=pred.keypoints * factor,
        keypoint_scores=pred.keypoint_scores,
        landmark_visibility=pred.landmark_visibility,
        bboxes=pred.bboxes * factor,
    )
    return image, scaled


def draw_landmarks(
    image: np.ndarray, pred: InstanceData, meta: dict, draw_box: bool
) -> np.ndarray:
    """The landmarks on a BGR picture, which comes back as RGB."""
    image, pred = enlarge(image, pred)
    if draw_box:
        image = draw_frame(image, pred.bboxes[0])
    visualizer = VISUALIZERS.build(VISUALIZER)
    visualizer.set_dataset_meta(meta)
    sample = PoseDataSample()
    sample.pred_instances = pred
    return visualizer.add_datasample(
        'demo', mmcv.bgr2rgb(image), data_sample=sample, draw_gt=False
    )


def draw_frame(image: np.ndarray, box: np.ndarray) -> np.ndarray:
    """A copy with a thin box, drawn first so that it hides no landmark."""
    width = max(1, round(BOX_WIDTH_SHARE * max(image.shape[:2])))
    corners = box.round().astype(int).reshape(2, 2).tolist()
    return cv2.rectangle(image.copy(), *corners, (255, 255, 255), width)


def draw_stages(
    image: np.ndarray, pred: InstanceData, meta: dict, box: np.ndarray
) -> np.ndarray:
    stages = pred.stage_keypoints[0]
    titles = [f'stage {i + 1}' for i in range(len(stages))]
    if branch_name(pred):
        titles[-1] += f' ({branch_name(pred)})'
    return stages_side_by_side(
        mmcv.bgr2rgb(image),
        stages,
        pred.stage_visibility[0],
        meta,
        bbox=box,
        titles=titles,
    )


def write_picture(path: str, picture: np.ndarray) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(path, mmcv.rgb2bgr(picture)):
        raise DemoError(f'{path} could not be written')


def write_json(args, pred: InstanceData, rows: List[dict]) -> None:
    content = dict(
        image=args.img,
        config=args.config,
        checkpoint=args.checkpoint,
        box=pred.bboxes[0],
        clothes_type=args.clothes_type,
        branch=branch_name(pred),
        landmarks=rows,
    )
    text = json.dumps(to_plain(content), indent=2, allow_nan=False)
    Path(args.json).parent.mkdir(parents=True, exist_ok=True)
    Path(args.json).write_text(text + '\n', encoding='utf-8')


def run(args: argparse.Namespace) -> None:
    out_file = args.out_file or f'{Path(args.img).stem}_landmarks.png'
    if not cv2.haveImageWriter(out_file):
        raise DemoError(
            f'{out_file} names no kind of picture; end it in .png or .jpg'
        )
    if args.show:
        check_display()
    image = load_image(args.img)
    box = clip_box(args.box, image)
    device = choose_device(args.device)
    model = load_model(args.config, args.checkpoint, device)
    meta = model.dataset_meta
    hidden = hidden_slots(meta, args.clothes_type)
    # not the file's name: MMPose would measure a turned photo unturned
    (sample,) = inference_topdown(model, image, box[None])
    pred = complete(sample.pred_instances, hidden)

    rows = landmark_rows(pred, meta)
    console = Console()
    console.print(landmark_table(rows, Path(args.img).name))
    if branch_name(pred):
        console.print(f'branch of the last stage: {branch_name(pred)}')
    if args.stages:
        picture = draw_stages(
            image, pred, meta, None if args.box is None else box
        )
    else:
        picture = draw_landmarks(image, pred, meta, args.box is not None)
    write_picture(out_file, picture)
    console.print(f'picture: {out_file}', soft_wrap=True)
    if args.json:
        write_json(args, pred, rows)
        console.print(f'landmarks: {args.json}', soft_wrap=True)
    if args.show:
        VISUALIZERS.build(VISUALIZER).show(picture, win_name=args.img)


def main(argv: Optional[Sequence[str]] = None) -> int:
    try:
        run(parse_args(argv))
    except (DemoError, CheckpointMismatchError) as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
