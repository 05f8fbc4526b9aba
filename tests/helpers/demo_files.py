"""A three-stage cascade with random weights, videos, scripts as modules."""

import importlib.util
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
import torch
from drawn_fld import write_drawn_fld
from head_inputs import said
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope
from mmengine.runner import save_checkpoint
from mmpose.registry import DATASETS, MODELS
from torch import nn

from dfa_mm.datasets.fld_coco import convert
from dfa_mm.structures import FLD_SETS, LSP_SET

REPOSITORY = Path(__file__).parents[2]
SMALL = {
    'model.head.fc_channels': (16, 16),
    'model.head.previous_channels': 8,
    'train_dataloader.num_workers': 0,
    'train_dataloader.persistent_workers': False,
    'val_dataloader.num_workers': 0,
    'val_dataloader.persistent_workers': False,
    'test_dataloader.num_workers': 0,
}


def load_script(path):
    """A script of the repository as a module; what lies beside it is found."""
    path = REPOSITORY / path
    if str(path.parent) not in sys.path:
        sys.path.append(str(path.parent))
    spec = importlib.util.spec_from_file_location(f'{path.stem}_cli', path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def environment(**variables):
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def random_model(cfg):
    """Random weights; clusters, errors and threshold as after training."""
    model = random_weights(cfg)
    calibrate(model, cfg.test_dataloader.dataset)
    return model


def random_weights(cfg):
    """All but the threshold."""
    torch.manual_seed(0)
    init_default_scope('mmpose')
    model = MODELS.build(cfg.model)
    count = cfg.model.head.num_landmarks
    truth = torch.rand(64, count, 2) - 0.5
    previous = truth + torch.randn(64, count, 2) * 0.1
    for stage in model.stages:
        stage.pseudo_label.fit(previous, truth, torch.ones(64, count))
        for branch in stage.branches:
            states = branch.head.fc_visibility.bias.data.view(count, 3)
            # a visible, an occluded and a truncated one; the rest by chance
            states.normal_()[range(3), range(3)] = 9.0
            branch.head.fc_pseudo_label.bias.data.fill_(0.5)
            # most landmarks within the picture
            branch.head.fc_landmarks.weight.data.mul_(0.1)
    return model.eval()


@torch.no_grad()
def calibrate(model, dataset):
    """One of the three test garments to the easy branch."""
    dataset = DATASETS.build(dataset)
    batch = pseudo_collate([dataset[i] for i in range(len(dataset))])
    inputs = model.data_preprocessor(batch)['inputs']
    wake(model, inputs)
    outputs, _ = model.forward_stages(model.stages[:2], inputs)
    errors = model.stages[1].pseudo_label.errors
    # a quarter of the way is between the first and the second of three
    model.router.easy_share = 0.25
    model.router.calibrate(outputs[-1].pseudo_label, errors)


def wake(model, inputs):
    """Batch statistics, without which random weights see no difference."""
    norms = [m for m in model.modules() if isinstance(m, nn.BatchNorm2d)]
    for norm in norms:
        norm.momentum = 1.0
        norm.train()
    for stage in model.stages:
        for branch in stage.branches:
            count = branch.head.num_landmarks
            branch(inputs, said(torch.zeros(len(inputs), count, 2)))
    model.eval()


def of_subset(subset):
    options = {
        f'{split}_dataloader.dataset.subset': subset
        for split in ('train', 'val', 'test')
    }
    return {**options, 'model.head.num_landmarks': len(FLD_SETS[subset])}


def make_model(folder, root, subset='all', named=True):
    """A config file and a checkpoint, with or without the data's meta."""
    with environment(SYNTHFLD_ROOT=str(root)):
        cfg = Config.fromfile(REPOSITORY / 'configs/dfa_synthfld_stage3.py')
    cfg.merge_from_dict({**SMALL, **of_subset(subset)})
    model = random_model(cfg)
    config, checkpoint = folder / 'config.py', folder / 'model.pth'
    cfg.dump(config)
    meta = dict(dataset_meta=FLD_SETS[subset].metainfo()) if named else {}
    save_checkpoint(
        dict(meta=meta, state_dict=model.state_dict()), str(checkpoint)
    )
    return SimpleNamespace(config=str(config), checkpoint=str(checkpoint))


@pytest.fixture(scope='session')
def fld_root(tmp_path_factory):
    root = tmp_path_factory.mktemp('fld') / 'synthfld'
    write_drawn_fld(root, 30, size=128)
    convert(root, root / 'annotations')
    return root


@pytest.fixture(scope='session')
def cascade(tmp_path_factory, fld_root):
    return make_model(tmp_path_factory.mktemp('all'), fld_root)


@pytest.fixture(scope='session')
def upper_cascade(tmp_path_factory, fld_root):
    folder = tmp_path_factory.mktemp('upper')
    return make_model(folder, fld_root, subset='upper')


@pytest.fixture(scope='session')
def nameless_cascade(tmp_path_factory, fld_root):
    folder = tmp_path_factory.mktemp('nameless')
    return make_model(folder, fld_root, subset='upper', named=False)


@pytest.fixture(scope='session')
def lsp_cascade(tmp_path_factory):
    """Of people, whatever they wear."""
    file = 'configs/backbones/dfa_lsp_efficientnet-lite0_stage3.py'
    cfg = Config.fromfile(REPOSITORY / file)
    cfg.merge_from_dict({k: v for k, v in SMALL.items() if 'head' in k})
    model = random_weights(cfg)
    model.router.threshold.fill_(0.0)
    folder = tmp_path_factory.mktemp('lsp')
    config, checkpoint = folder / 'config.py', folder / 'model.pth'
    cfg.dump(config)
    content = dict(
        meta=dict(dataset_meta=LSP_SET.metainfo()),
        state_dict=model.state_dict(),
    )
    save_checkpoint(content, str(checkpoint))
    return SimpleNamespace(config=str(config), checkpoint=str(checkpoint))


def write_video(path, count, size=(96, 128), fps=25.0):
    """Frames of (W, H) with a white bar that moves 2 pixels a frame."""
    code = cv2.VideoWriter_fourcc(*'mp4v')
    writer = cv2.VideoWriter(str(path), code, fps, size)
    for i in range(count):
        frame = np.zeros((*size[::-1], 3), np.uint8)
        left = 2 * i % size[0]
        frame[:, left : left + 2] = 255
        writer.write(frame)
    writer.release()


def frame_number(image):
    """Which of the first frames of :func:`write_video` it is."""
    columns = np.maximum(image.mean(axis=(0, 2)) - 64, 0)
    centre = columns @ np.arange(len(columns)) / columns.sum()
    return round((centre - 0.5) / 2)


def read_video(path):
    """Frames, and frames per second."""
    video = cv2.VideoCapture(str(path))
    fps, frames = video.get(cv2.CAP_PROP_FPS), []
    while True:
        whole, frame = video.read()
        if not whole:
            return frames, fps
        frames.append(frame)
