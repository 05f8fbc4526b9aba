"""The repository's config files, and what holds for every one of them."""

import ast
import re
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import (
    DATASETS,
    HOOKS,
    METRICS,
    MODELS,
    TRANSFORMS,
    VISUALIZERS,
)

from dfa_mm.models import RoutingTopdownPoseEstimator

ROOT = Path(__file__).parents[2]
# in which other files are written down
FOLDERS = ('configs', 'projects/*/configs', 'projects/default_model')
VARIABLE = re.compile(r'\{\{\s*\$(\w+)')


def config_files(pattern):
    """Configs in a folder and below, without ``_base_``, from ROOT on."""
    return [
        str(path.relative_to(ROOT))
        for path in files(pattern)
        if '_base_' not in path.parts
    ]


def files(pattern):
    paths = sorted(ROOT.glob(f'{pattern}/**/*.py'))
    return [
        path
        for path in paths
        if 'tests' not in path.parts and path.name != 'conftest.py'
    ]


def load(name):
    init_default_scope('mmpose')
    return Config.fromfile(ROOT / name)


def bases(path):
    """The files that a config names as its bases."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == '_base_':
            named = ast.literal_eval(node.value)
            named = [named] if isinstance(named, str) else named
            return [path.parent / each for each in named]
    return []


def depth(path):
    """Steps of the longest chain of ``_base_``."""
    return max((1 + depth(each) for each in bases(path)), default=0)


def variables(path):
    """Environment variables that a config reads."""
    return set(VARIABLE.findall(path.read_text()))


def light(node):
    """The model without pretrained weights and with narrow layers."""
    if isinstance(node, (list, tuple)):
        return [light(value) for value in node]
    if not isinstance(node, dict):
        return node
    node = {key: light(value) for key, value in node.items()}
    if 'fc_channels' in node:
        node['fc_channels'] = (16, 16)
    init_cfg = node.get('init_cfg')
    if isinstance(init_cfg, dict) and init_cfg['type'] == 'Pretrained':
        node['init_cfg'] = None
    if 'pretrained' in node:  # of timm, which would download them
        node['pretrained'] = False
    return node


def parts(node, key):
    """Every value under ``key``, however deep."""
    if isinstance(node, dict):
        if key in node:
            yield node[key]
        for value in node.values():
            yield from parts(value, key)
    elif isinstance(node, (list, tuple)):
        for value in node:
            yield from parts(value, key)


def check_parts(cfg):
    """Everything that the config names is registered and can be made."""
    assert MODELS.get(cfg.model.type) is not None
    assert VISUALIZERS.get(cfg.visualizer.type) is not None
    for hook in filter(None, cfg.default_hooks.values()):
        assert HOOKS.get(hook['type']) is not None, hook['type']
    for hook in cfg.get('custom_hooks') or []:
        HOOKS.build(dict(hook))
    for dataset in parts(cfg.to_dict(), 'dataset'):
        assert DATASETS.get(dataset['type']) is not None, dataset['type']
    for pipeline in parts(cfg.to_dict(), 'pipeline'):
        for step in pipeline:
            TRANSFORMS.build(dict(step))
    for split in ('val', 'test'):
        for metric in cfg.get(f'{split}_evaluator') or []:
            METRICS.build(dict(metric))
    # MMPoseInferencer reads these
    assert cfg.data_mode == 'topdown'
    assert DATASETS.get(cfg.dataset_type) is not None
    assert cfg.test_dataloader.dataset.pipeline
    # the rate of the config is that for its own batch
    batch = cfg.train_dataloader.batch_size
    assert cfg.auto_scale_lr.base_batch_size == batch


def check_crop(cfg):
    """Network and data agree on its size and frame."""
    codecs = [*parts(cfg, 'encoder'), *parts(cfg, 'decoder')]
    sizes = {tuple(codec['input_size']) for codec in codecs}
    for pipeline in parts(cfg.to_dict(), 'pipeline'):
        sizes |= {
            tuple(step['input_size'])
            for step in pipeline
            if step['type'] == 'TopdownAffine'
        }
    assert len(sizes) == 1
    assert all(codec == codecs[0] for codec in codecs)


@torch.no_grad()
def check_model(cfg):
    """The model can be built and runs."""
    if cfg.model.backbone.type.endswith('TIMMBackbone'):
        pytest.importorskip('timm')
    model = MODELS.build(light(cfg.model.to_dict())).eval()
    # SimCC's layers are made for one size
    width, height = cfg.model.get('head', {}).get('input_size', (64, 64))
    inputs = torch.zeros(1, 3, height, width)
    if not isinstance(model, RoutingTopdownPoseEstimator):
        assert torch.is_tensor(model(inputs, None, mode='tensor')[0])
        return
    if model.router is not None:
        model.router.threshold.fill_(0.0)
    landmarks, visibility, _ = model(inputs, None, mode='tensor')
    head = cfg.model.head
    assert landmarks.shape == (1, head.num_landmarks, 2)
    states = {'AnyTypeMapDFAHead': 4}.get(head.type, 3)
    assert visibility.shape == (1, head.num_landmarks, states)
