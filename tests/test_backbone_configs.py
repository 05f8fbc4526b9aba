"""Backbones by config alone: each builds, trains two steps and predicts."""

import importlib.util
from pathlib import Path

import mmpose
import mmpretrain
import numpy as np
import pytest
import torch
from drawn_fld import write_drawn_fld
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope
from mmengine.runner import Runner
from mmengine.runner.checkpoint import (
    get_mmcls_models,
    get_torchvision_models,
)
from mmpose.registry import MODELS

from dfa_mm.datasets.fld_coco import convert

FOLDER = Path(__file__).parents[1] / 'configs' / 'backbones'
NAMES = [path.name[8:-10] for path in FOLDER.glob('dfa_fld_*_stage3.py')]
SIZE = 64
HAS_TIMM = importlib.util.find_spec('timm') is not None
TIMM = 'timm-convnext-nano'
needs_timm = pytest.mark.skipif(not HAS_TIMM, reason='timm is not installed')
# share of the base rate at which pretrained layers are trained
GENTLY = {'swin-tiny': 0.2, 'vit-small': 0.1, TIMM: 0.2}


def configs(names=NAMES):
    return [
        pytest.param(name, marks=needs_timm if name == TIMM else ())
        for name in sorted(names)
    ]


def load(name):
    init_default_scope('mmpose')
    return Config.fromfile(FOLDER / f'dfa_fld_{name}_stage3.py')


def resize(node, size):
    """Every crop of a config in another size."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == 'input_size':
                node[key] = (size, size)
            else:
                resize(value, size)
    elif isinstance(node, (list, tuple)):
        for value in node:
            resize(value, size)


def small(name, root, work_dir):
    """Two steps of four garments for stage 1, without ImageNet's weights."""
    cfg = load(name)
    content = cfg.to_dict()
    resize(content, SIZE)
    cfg = Config(content)
    cfg.merge_from_dict(
        {
            'work_dir': str(work_dir),
            'model.num_stages': 1,
            'model.backbone.init_cfg': None,
            'model.head.fc_channels': (32, 32),
            'default_hooks.checkpoint': None,
            'train_cfg': dict(by_epoch=True, max_epochs=1),
            'param_scheduler': None,
            'log_level': 'WARNING',
            'train_dataloader.batch_size': 4,
            'train_dataloader.dataset.indices': 8,
            **{
                f'model.stages.{i}.pseudo_label.num_clusters': 2
                for i in range(3)
            },
        },
        allow_list_keys=True,
    )
    if name == TIMM:
        cfg.model.backbone.pretrained = False
    for split in ('train', 'val', 'test'):
        loader = cfg[f'{split}_dataloader']
        loader.update(num_workers=0, persistent_workers=False)
        loader.dataset.data_root = str(root)
    cfg.val_cfg = cfg.val_dataloader = cfg.val_evaluator = None
    return cfg


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp('fld')
    write_drawn_fld(root, 24, size=96)
    convert(root, root / 'annotations')
    return root


def test_the_backbones_of_the_readme_are_there():
    assert set(NAMES) == {
        'efficientnet-lite0',
        'hrnet-w32',
        'maps_efficientnet-lite0',
        'mobilenetv2',
        'resnet18',
        'resnet50',
        'swin-tiny',
        TIMM,
        'vit-small',
    }


@pytest.mark.parametrize('name', configs())
def test_trains_two_steps_and_predicts(name, root, tmp_path):
    cfg = small(name, root, tmp_path)
    runner = Runner.from_cfg(cfg)
    model = runner.model
    before = {k: v.clone() for k, v in model.state_dict().items()}
    runner.train()
    assert runner.iter == 2

    # pretrained layers of transformers are trained gently
    base = cfg.optim_wrapper.optimizer.lr
    rates = {group['lr'] / base for group in runner.optim_wrapper.param_groups}
    assert rates == {1.0, GENTLY.get(name, 1.0)}

    parameters = [k for k, _ in model.named_parameters()]
    state = model.state_dict()
    assert all(torch.isfinite(state[k]).all() for k in parameters)
    changed = [k for k in parameters if not torch.equal(state[k], before[k])]
    assert len(changed) > 0.9 * len(parameters)

    sample = runner.build_dataloader(cfg.test_dataloader).dataset[0]
    model.eval()
    (predicted,) = model.test_step(pseudo_collate([sample]))
    found = predicted.pred_instances
    assert found.stage_keypoints.shape == (1, 1, 8, 2)
    assert np.isfinite(found.keypoints).all()
    assert found.visibility_scores.sum(-1) == pytest.approx(np.ones((1, 8)))


@pytest.mark.parametrize('name', configs(set(NAMES) - {TIMM}))
def test_weights_are_those_of_a_model_zoo(name):
    init_cfg = load(name).model.backbone.init_cfg
    scheme, _, rest = init_cfg.checkpoint.partition('://')
    if scheme == 'torchvision':
        assert rest in get_torchvision_models()
    elif scheme == 'mmcls':
        assert rest in get_mmcls_models()
    elif scheme == 'https':
        zoo = Path((mmpretrain if 'prefix' in init_cfg else mmpose).__file__)
        texts = (
            path.read_text()
            for pattern in ('*.py', '*.yml')
            for path in (zoo.parent / '.mim' / 'configs').rglob(pattern)
        )
        # configs break long addresses into several strings
        file = rest.rpartition('/')[2]
        assert any(file in text for text in texts)
    else:
        assert init_cfg.checkpoint.endswith('.pth')


@pytest.mark.skipif(HAS_TIMM, reason='timm is installed')
def test_missing_timm_is_told_with_the_remedy():
    cfg = load(TIMM)
    with pytest.raises(ImportError, match='pip install "timm"'):
        MODELS.build(cfg.model)
