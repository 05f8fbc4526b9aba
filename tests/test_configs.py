"""Every config loads, names registered parts, and its model runs."""

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

from dfa_mm.engine import cascade as cascade_stages
from dfa_mm.models import RoutingTopdownPoseEstimator
from dfa_mm.structures import FLD_SETS

ROOT = Path(__file__).parents[1] / 'configs'
CONFIGS = sorted(
    str(path.relative_to(ROOT))
    for path in ROOT.rglob('*.py')
    if '_base_' not in path.parts
)


def load(name):
    init_default_scope('mmpose')
    return Config.fromfile(ROOT / name)


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


def test_there_are_configs():
    assert 'dfa_fld_stage3.py' in CONFIGS


@pytest.mark.parametrize('name', CONFIGS)
def test_every_part_is_registered(name):
    cfg = load(name)
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


@pytest.mark.parametrize('name', CONFIGS)
@torch.no_grad()
def test_model_builds_and_runs(name):
    cfg = load(name)
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
    number = head.num_landmarks
    states = 4 if head.type == 'AnyTypeMapDFAHead' else 3
    assert landmarks.shape == (1, number, 2)
    assert visibility.shape == (1, number, states)


def cascades(stage):
    return [name for name in CONFIGS if name.endswith(f'stage{stage}.py')]


@pytest.mark.parametrize('name', cascades(3))
def test_stages_of_a_cascade_are_those_of_the_paper(name):
    model = load(name).model
    if model.type != 'RoutingTopdownPoseEstimator':
        pytest.skip(f'{model.type} has no pseudo-labels')
    stages = model.stages
    spaces = [stage.pseudo_label.space for stage in stages]
    assert spaces == ['absolute', 'offset', 'contextual']
    assert [stage.get('branches', 1) for stage in stages] == [1, 1, 2]
    assert all(s.pseudo_label.num_clusters == 20 for s in stages)


@pytest.mark.parametrize('stage', [1, 2, 3])
def test_configs_of_one_cascade_differ_only_in_the_number(stage):
    for name in cascades(stage):
        cfg, last = load(name), load(name.replace(f'stage{stage}', 'stage3'))
        assert cfg.model.num_stages == stage
        cfg.model.num_stages = 3
        assert cfg.to_dict() == last.to_dict()


def equal_terms():
    for head in ('regression', 'rle', 'heatmap'):
        for backbone, ours in (
            ('efficientnet-lite0', 'backbones/dfa_lsp_{}efficientnet-lite0'),
            ('vgg16', 'dfa_lsp_{}'),
        ):
            yield f'baselines/lsp_{head}_{backbone}.py', ours


@pytest.mark.parametrize(('baseline', 'ours'), equal_terms())
def test_baselines_have_the_images_and_the_budget_of_the_cascade(
    baseline, ours
):
    baseline = load(baseline)
    cascade = load(f'{ours.format("maps_")}_stage3.py'.replace('__', '_'))
    cascade.work_dir = 'unused'
    passes = [
        cascade_stages.stage_config(cascade, stage).train_cfg.max_epochs
        for stage in (1, 2, 3)
    ]
    assert baseline.train_cfg.max_epochs == sum(passes)
    assert baseline.optim_wrapper == cascade.optim_wrapper
    loaders = [c.train_dataloader.to_dict() for c in (baseline, cascade)]
    pipelines = [loader['dataset'].pop('pipeline') for loader in loaders]
    assert loaders[0] == loaders[1]
    # everything up to the encoding of the targets
    assert pipelines[0][0]['transforms'] == pipelines[1][:-2]
    assert baseline.test_dataloader == cascade.test_dataloader
    assert baseline.test_evaluator == cascade.test_evaluator


@pytest.mark.parametrize('subset', FLD_SETS)
def test_kind_of_garment_comes_from_the_environment(monkeypatch, subset):
    monkeypatch.setenv('FLD_SUBSET', subset)
    monkeypatch.setenv('FLD_ROOT', '/somewhere/fld')
    cfg = load('dfa_fld_stage1.py')
    assert cfg.model.head.num_landmarks == len(FLD_SETS[subset])
    for split in ('train', 'val', 'test'):
        dataset = cfg[f'{split}_dataloader'].dataset
        assert (dataset.subset, dataset.split) == (subset, split)
        assert dataset.data_root == '/somewhere/fld'
        assert dataset.get('test_mode', False) == (split != 'train')


@pytest.mark.parametrize('name', CONFIGS)
def test_network_and_data_agree_on_the_crop(name):
    cfg = load(name)
    sizes = {tuple(codec['input_size']) for codec in parts(cfg, 'encoder')}
    sizes |= {tuple(codec['input_size']) for codec in parts(cfg, 'decoder')}
    for pipeline in parts(cfg.to_dict(), 'pipeline'):
        sizes |= {
            tuple(step['input_size'])
            for step in pipeline
            if step['type'] == 'TopdownAffine'
        }
    assert len(sizes) == 1


def test_pixels_are_normalised_as_in_the_paper():
    preprocessor = load('dfa_fld_stage3.py').model.data_preprocessor
    # B, G, R, as OpenCV reads them; not divided
    assert preprocessor.mean == [102.98, 115.95, 122.77]
    assert preprocessor.std == [1, 1, 1]
    assert preprocessor.bgr_to_rgb is False
