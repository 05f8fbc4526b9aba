"""``dfa browse``: pictures of what a network is trained on."""

import argparse
import os.path as osp
from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence

import cv2
import numpy as np
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.runner import set_random_seed
from mmpose.registry import DATASETS, TRANSFORMS
from rich.console import Console
from rich.progress import track

from dfa_mm.apis import InputError
from dfa_mm.engine.requirements import check_split
from dfa_mm.structures import Visibility
from dfa_mm.structures.frame import to_pixels
from dfa_mm.visualization import (
    contact_sheet,
    crop_round_box,
    draw_landmarks,
)
from dfa_mm.visualization.text import with_title

from .known_keys import check_config
from .settings import plain_config

PANEL_SIZE = 384
SHEET_SAMPLES = 24
SHEET_PANEL = 256
FRAME_COLOR = (255, 255, 0)
PICTURE_KEYS = (
    'img',
    'bbox_center',
    'bbox_scale',
    'bbox_rotation',
    'transformed_keypoints',
)
END_TITLE = 'what the network gets'


class View(NamedTuple):
    """A picture with its landmarks at one point of the pipeline."""

    image: np.ndarray  # (H, W, 3) uint8 RGB
    landmarks: np.ndarray  # (K, 2) in its pixels
    states: np.ndarray  # (K,) Visibility codes
    frame: Optional[np.ndarray]  # (4, 2) corners of the box, if it has one
    title: str  # where in the pipeline


def views(sample: dict, steps: Sequence, mode: str) -> List[View]:
    """What is shown of a data set's sample; the last step packs it."""
    shown, before = [], {}
    *changing, pack = steps
    for step in changing:
        sample = step(sample)
        if changes_picture(before, sample):
            shown.append(current_view(sample, type(step).__name__))
        before = {key: sample.get(key) for key in PICTURE_KEYS}
        if mode == 'original' and shown:
            return [shown[0]._replace(title='')]
    shown.append(final_view(pack(sample)))
    return shown if mode == 'pipeline' else [shown[-1]._replace(title='')]


def changes_picture(before: dict, after: dict) -> bool:
    """Whether a step's result looks different."""
    return 'img' in after and any(
        not np.array_equal(before.get(key), after.get(key))
        for key in PICTURE_KEYS
    )


def current_view(sample: dict, title: str) -> View:
    """In the middle of a pipeline."""
    landmarks = sample.get('transformed_keypoints', sample['keypoints'])
    cut_out = 'transformed_keypoints' in sample
    return View(
        as_rgb(sample['img']),
        landmarks[0],
        states_of(sample),
        None if cut_out else box_corners(sample),
        title,
    )


def states_of(sample: dict) -> np.ndarray:
    """MMPose's own data sets only tell whether there is a position."""
    if 'landmark_visibility' in sample:
        return np.asarray(sample['landmark_visibility'])[0]
    placed = np.asarray(sample['keypoints_visible'])[0] > 0
    return np.where(placed, int(Visibility.VISIBLE), int(Visibility.ABSENT))


def box_corners(sample: dict) -> np.ndarray:
    """Corners (4, 2) of the box, as far as it is turned and moved by now."""
    if 'bbox_center' not in sample:
        x1, y1, x2, y2 = sample['bbox'][0]
        return np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]])
    angle = float(np.ravel(sample.get('bbox_rotation', 0.0))[0])
    center, scale = sample['bbox_center'][0], sample['bbox_scale'][0]
    # RotatedRect turns clockwise, as the box is by TopdownAffine
    return cv2.boxPoints(
        (tuple(map(float, center)), tuple(map(float, scale)), angle)
    )


def final_view(packed: dict) -> View:
    """The crop and, where there are some, the targets of the loss."""
    sample = packed['data_samples']
    image = as_rgb(packed['inputs'].permute(1, 2, 0).numpy())
    labels = sample.get('gt_instance_labels', {})
    if 'landmark_visibility_labels' in labels:
        size = np.array(image.shape[1::-1])
        landmarks = to_pixels(labels.keypoint_labels[0].numpy(), size)
        states = labels.landmark_visibility_labels[0].numpy()
        return View(image, landmarks, states, None, END_TITLE)
    truth = sample.gt_instances
    landmarks = truth.transformed_keypoints[0]
    return View(image, landmarks, states_of(truth), None, END_TITLE)


def as_rgb(image: np.ndarray) -> np.ndarray:
    """BGR, in whatever type augmentation left it, as RGB uint8."""
    image = np.clip(np.round(image), 0, 255).astype(np.uint8)
    return np.ascontiguousarray(image[..., ::-1])


def draw(view: View, meta: dict, size: int = PANEL_SIZE) -> np.ndarray:
    """A view in a panel whose long side is ``size`` pixels, RGB."""
    picture, _, scale = crop_round_box(view.image, None, size)
    if view.frame is not None:
        corners = (view.frame * scale).round().astype(np.int32)
        cv2.polylines(picture, [corners], True, FRAME_COLOR, 1, cv2.LINE_AA)
    drawn = draw_landmarks(picture, view.landmarks * scale, view.states, meta)
    return with_title(drawn, view.title) if view.title else drawn


def build(cfg: Config, split: str):
    """The data set without its pipeline, and the pipeline's steps.

    Raises:
        ValueError: If the config has no such split.
    """
    loader = cfg.get(f'{split}_dataloader')
    if not loader:
        raise ValueError(
            f'{cfg.filename} has no {split}_dataloader: choose another --split'
        )
    steps = [TRANSFORMS.build(step) for step in loader.dataset.pipeline]
    # for pipelines without targets, those of testing
    steps[-1].pack_transformed = True
    loader.dataset.pipeline = []
    return DATASETS.build(loader.dataset), steps


def write(path: Path, picture: np.ndarray) -> None:
    if not cv2.imwrite(str(path), picture[..., ::-1]):
        raise OSError(f'{path} could not be written')


def browse(dataset, steps, args, folder: Path) -> Path:
    """Write the pictures; returns the contact sheet."""
    folder.mkdir(parents=True, exist_ok=True)
    count = min(args.num, len(dataset))
    chosen = np.linspace(0, len(dataset) - 1, count).round().astype(int)
    small = []
    for index in track(chosen.tolist(), 'Drawing'):
        sample = dataset[index]
        name = f'{index:06d}_{Path(sample["img_path"]).stem}.png'
        shown = views(sample, steps, args.mode)
        row = [draw(view, dataset.metainfo) for view in shown]
        write(folder / name, contact_sheet(row, columns=len(row)))
        if len(small) < SHEET_SAMPLES:
            row = [draw(view, dataset.metainfo, SHEET_PANEL) for view in shown]
            small.append(contact_sheet(row, columns=len(row)))
    sheet = folder / 'contact_sheet.png'
    columns = 1 if args.mode == 'pipeline' else 6
    write(sheet, contact_sheet(small, min(columns, len(small))))
    return sheet


def run(args: argparse.Namespace) -> None:
    cfg = plain_config(args)
    check_config(cfg)
    check_split(cfg, args.split)
    init_default_scope(cfg.get('default_scope', 'mmpose'))
    set_random_seed(args.seed)
    try:
        dataset, steps = build(cfg, args.split)
    except (FileNotFoundError, ValueError) as error:
        raise InputError(str(error)) from error
    stem = osp.splitext(osp.basename(args.config))[0]
    work_dir = cfg.get('work_dir') or osp.join('work_dirs', stem)
    folder = args.output_dir or Path(
        work_dir, f'browse_{args.split}_{args.mode}'
    )
    sheet = browse(dataset, steps, args, folder)
    console = Console()
    console.print(f'{len(dataset)} samples in {args.split}')
    console.print(f'pictures: {folder}, the first of them: {sheet}')
