"""A cascade small enough for unit tests: K = 4 landmarks, 16 x 16 crops."""

import cv2
import numpy as np
import pytest
import torch
from mmengine.model import BaseModule
from mmengine.structures import InstanceData
from mmpose.registry import MODELS
from mmpose.structures import PoseDataSample
from torch import nn

import dfa_mm  # noqa: F401  registers the components
from dfa_mm.structures import FLD_SETS

torch.set_num_threads(1)
cv2.setNumThreads(0)

LOWER = FLD_SETS['lower']
CROP = 16


@MODELS.register_module(force=True)
class TinyBackbone(BaseModule):
    """One strided convolution; remembers the size of each batch it saw."""

    def __init__(self, init_cfg=None):
        super().__init__(init_cfg)
        self.conv = nn.Conv2d(3, 4, 4, 4)
        self.norm = nn.BatchNorm2d(4)
        self.seen = []

    def forward(self, x):
        self.seen.append(len(x))
        return (torch.relu(self.norm(self.conv(x))),)


def cascade_config(num_stages=3, clusters=5, **overrides):
    """Arguments of a ``RoutingTopdownPoseEstimator``."""
    codec = dict(type='LandmarkLabel', input_size=(CROP, CROP))
    spaces = ('absolute', 'offset', 'contextual')
    stages = [
        dict(
            pseudo_label=dict(
                space=space, num_clusters=clusters, temperature='auto'
            )
        )
        for space in spaces
    ]
    stages[2]['branches'] = 2
    config = dict(
        type='RoutingTopdownPoseEstimator',
        backbone=dict(type='TinyBackbone'),
        head=dict(
            type='DFAHead',
            in_channels=4,
            num_landmarks=len(LOWER),
            pool_size=2,
            fc_channels=(16, 16),
            previous_channels=8,
            dropout=0.0,
            decoder=codec,
        ),
        stages=stages,
        num_stages=num_stages,
    )
    config.update(overrides)
    return config


def _model(num_stages=3, seed=0, prepared=True, **overrides):
    torch.manual_seed(seed)
    model = MODELS.build(cascade_config(num_stages, **overrides))
    # far larger than the initial weights, or every sample is alike
    for name, parameter in model.named_parameters():
        if 'head' in name and name.endswith('weight'):
            nn.init.normal_(parameter, std=0.3)
    return _prepare(model) if prepared else model


def _prepare(model):
    """Clusters of random data and a threshold that divides a batch."""
    generator = torch.Generator().manual_seed(1)
    for i, stage in enumerate(model.stages):
        if stage.pseudo_label is None:
            continue
        truth = torch.rand(64, len(LOWER), 2, generator=generator) - 0.5
        noise = torch.randn(truth.shape, generator=generator) * 0.1
        weights = torch.ones(truth.shape[:2])
        stage.pseudo_label.fit(truth + noise if i else None, truth, weights)
    if model.router is not None:
        training = model.training
        model.eval()
        inputs, _ = _batch(32)
        outputs = model.forward_finished(inputs)
        label = outputs[-1].pseudo_label
        errors = model.stages[1].pseudo_label.errors
        model.router.calibrate(label, errors)
        model.train(training)
    return model


def _batch(size, seed=0, states=None):
    """Random crops and their encoded samples, in 32 x 32 px boxes."""
    rng = np.random.default_rng(seed)
    samples = []
    for i in range(size):
        state = np.zeros(len(LOWER), int) if states is None else states[i]
        labels = InstanceData(
            keypoint_labels=torch.from_numpy(
                rng.uniform(-0.5, 0.5, (1, len(LOWER), 2))
            ).float(),
            keypoint_weights=torch.tensor(
                [[float(s in (0, 1)) for s in state]]
            ),
            landmark_visibility_labels=torch.tensor([list(map(int, state))]),
        )
        sample = PoseDataSample(
            metainfo=dict(
                input_size=(CROP, CROP),
                input_center=np.array([100.0, 60.0]),
                input_scale=np.array([32.0, 32.0]),
                flip_indices=LOWER.flip_indices,
            )
        )
        sample.gt_instance_labels = labels
        sample.gt_instances = InstanceData(
            bboxes=np.array([[84.0, 44.0, 116.0, 76.0]]),
            bbox_scores=np.ones(1),
        )
        samples.append(sample)
    pixels = rng.standard_normal((size, 3, CROP, CROP))
    return torch.from_numpy(pixels).float(), samples


@pytest.fixture
def make_config():
    return cascade_config


@pytest.fixture
def make_model():
    """Builds a cascade; ``prepared`` ones have clusters and a threshold."""
    return _model


@pytest.fixture
def prepare():
    return _prepare


@pytest.fixture
def make_batch():
    return _batch
