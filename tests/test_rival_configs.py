"""The rivals have the cascade's data, input, networks and budget."""

from pathlib import Path

import pytest
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS

from dfa_mm.engine import cascade as cascade_stages

ROOT = Path(__file__).parents[1] / 'configs'
HEADS = ('regression', 'rle', 'heatmap', 'simcc')
VGG, LITE = 'fld_{}_vgg16', 'photos_{}_efficientnet-lite0'
OURS = {VGG: 'dfa_fld_stage3', LITE: 'dfa_photos_stage3'}
DEEPPOSE = {
    'deeppose_fld_stage3': 'dfa_fld_stage3',
    'deeppose_photos_efficientnet-lite0_stage3': 'dfa_photos_stage3',
}
ALL_HEADS = [(name.format(head), name) for name in OURS for head in HEADS]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ('DFA_CASCADE', 'FLD_SUBSET'):
        monkeypatch.delenv(name, raising=False)
    init_default_scope('mmpose')


def rival(name):
    return Config.fromfile(ROOT / 'baselines' / f'{name}.py')


def ours(name):
    cfg = Config.fromfile(ROOT / f'{name}.py')
    cfg.work_dir = 'unused'
    return cfg


def length(cfg):
    """Of the training, in its own unit."""
    return cfg.train_cfg.get('max_epochs') or cfg.train_cfg.max_iters


def length_of_stages(cfg):
    return [
        length(cascade_stages.stage_config(cfg, stage)) for stage in (1, 2, 3)
    ]


def without_pipeline(loader):
    loader = loader.to_dict()
    pipeline = loader['dataset'].pop('pipeline')
    return loader, pipeline


# ------------------------------------------------------------- MMPose's heads


@pytest.mark.parametrize(('name', 'kind'), ALL_HEADS)
def test_head_has_the_images_of_the_cascade(name, kind):
    cfg, cascade = rival(name), ours(OURS[kind])
    found, pipeline = without_pipeline(cfg.train_dataloader)
    expected, steps = without_pipeline(cascade.train_dataloader)
    assert found == expected
    # all but the encoding of the targets
    assert pipeline[:-2] == steps[:-2]
    assert pipeline[-1] == steps[-1]
    assert pipeline[-2]['encoder'] == cfg.codec == cfg.model.head.decoder
    for key in ('val_dataloader', 'test_dataloader', 'test_evaluator'):
        assert cfg[key] == cascade[key], key
    for key in ('data_preprocessor', 'test_cfg.flip_test'):
        part, theirs = cfg.model, cascade.model
        for step in key.split('.'):
            part, theirs = part[step], theirs[step]
        assert part == theirs, key


@pytest.mark.parametrize(('name', 'kind'), ALL_HEADS)
def test_head_has_the_backbone_and_the_budget_of_the_cascade(name, kind):
    cfg, cascade = rival(name), ours(OURS[kind])
    for key in ('type', 'init_cfg'):
        assert cfg.model.backbone[key] == cascade.model.backbone[key]
    total = sum(length_of_stages(cascade))
    assert length(cfg) == total
    assert cfg.param_scheduler[-1].T_max == total
    assert cfg.custom_hooks == []


# ----------------------------------------------------------------- DeepPose


@pytest.mark.parametrize(('name', 'cascade'), DEEPPOSE.items())
def test_deeppose_differs_from_the_cascade_only_in_its_model(name, cascade):
    cfg, cascade = rival(name), ours(cascade)
    ignored = {'model', 'patches', 'work_dir'}
    assert {k: v for k, v in cfg.items() if k not in ignored} == {
        k: v for k, v in cascade.items() if k not in ignored
    }
    for key in ('data_preprocessor', 'backbone', 'head', 'test_cfg'):
        assert cfg.model[key] == cascade.model[key], key
    assert cfg.model.neck == cascade.model.get('neck')


@pytest.mark.parametrize('name', DEEPPOSE)
def test_deeppose_is_that_of_the_paper(name):
    cfg = rival(name)
    assert cfg.model.stages[0] == {}
    # App. B.2, in the crop of 224 pixels
    for stage in cfg.model.stages[1:]:
        assert stage.share * 224 == pytest.approx(120)


@pytest.mark.parametrize(
    ('subset', 'number'), [('all', 8), ('upper', 6), ('lower', 4)]
)
def test_deeppose_has_one_network_per_landmark(monkeypatch, subset, number):
    monkeypatch.setenv('FLD_SUBSET', subset)
    model = rival('deeppose_photos_efficientnet-lite0_stage3').model
    model.backbone = dict(type='TinyBackbone')
    model.neck = None
    model.head.update(in_channels=4, pool_size=2, fc_channels=(8, 8))
    networks = [len(stage.branches) for stage in MODELS.build(model).stages]
    assert networks == [1, number, number]


@pytest.mark.parametrize('name', [*DEEPPOSE, 'photos_rle_efficientnet-lite0'])
def test_data_may_be_those_of_another_cascade(monkeypatch, name):
    monkeypatch.setenv('DFA_CASCADE', 'dfa_synthfld')
    cfg, cascade = rival(name), ours('dfa_synthfld_stage3')
    assert cfg.test_dataloader == cascade.test_dataloader
    budgets = {True: 1, False: 3}
    assert length(cfg) == budgets['deeppose' in name] * length(cascade)


# -------------------------------------------------------- direct regression


@pytest.mark.parametrize(
    ('name', 'cascade'),
    [
        ('fld_direct_3x_vgg16', 'dfa_fld'),
        ('photos_direct_3x_efficientnet-lite0', 'dfa_photos'),
    ],
)
def test_direct_regression_is_stage_one_without_pseudo_labels(
    monkeypatch, name, cascade
):
    thrice = rival(name)
    monkeypatch.setenv('DFA_CASCADE', cascade)
    once = rival('../ablations/stage1_direct')
    cascade = ours(f'{cascade}_stage3')
    for cfg in (once, thrice):
        assert cfg.model.num_stages == 1
        assert cfg.model.stages == [dict(pseudo_label=None)]
        assert cfg.model.head == cascade.model.head
        assert cfg.train_dataloader == cascade.train_dataloader
        assert cfg.optim_wrapper == cascade.optim_wrapper
    lengths = length_of_stages(cascade)
    assert length(once) == lengths[0]
    assert length(thrice) == sum(lengths)
