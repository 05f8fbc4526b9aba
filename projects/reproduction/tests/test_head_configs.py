"""MMPose's heads have the cascade's data, input, backbone and budget."""

import pytest
from config_files import (
    check_crop,
    check_model,
    check_parts,
    config_files,
    load,
)

from dfa_mm.engine.stages import stage_config

FOLDER = 'projects/reproduction/configs'
CONFIGS = config_files(FOLDER)
LITE0, VGG16 = 'efficientnet-lite0', 'vgg16'
FLD = {
    f'fld_{head}_{backbone}': cascade
    for head in ('regression', 'rle', 'heatmap', 'simcc')
    for backbone, cascade in (
        (LITE0, f'configs/backbones/dfa_fld_{LITE0}_stage3'),
        (VGG16, 'configs/dfa_fld_stage3'),
    )
}
# Of LSP the cascades off maps, which have the heads' optimiser too.
LSP = {
    **{
        f'lsp_{head}_{backbone}': cascade
        for head in ('regression', 'rle', 'heatmap')
        for backbone, cascade in (
            (LITE0, f'configs/backbones/dfa_lsp_maps_{LITE0}_stage3'),
            (VGG16, f'{FOLDER}/dfa_lsp_maps_stage3'),
        )
    },
    'lsp_heatmap_vgg16-128': 'configs/backbones/dfa_lsp_maps_vgg16-128_stage3',
}


def head_and_cascade(name):
    cascade = {**FLD, **LSP}[name]
    return load(f'{FOLDER}/{name}.py'), load(f'{cascade}.py')


def length(cfg):
    """Of the training, in its own unit."""
    return cfg.train_cfg.get('max_epochs') or cfg.train_cfg.max_iters


def total_length(cascade):
    """Of the three stages together."""
    return sum(length(stage_config(cascade, stage)) for stage in (1, 2, 3))


def without_pipeline(loader):
    loader = loader.to_dict()
    return loader, loader['dataset'].pop('pipeline')


@pytest.mark.parametrize('name', CONFIGS)
def test_config_loads_and_its_model_runs(name):
    cfg = load(name)
    check_parts(cfg)
    check_crop(cfg)
    check_model(cfg)


def test_every_head_has_a_cascade_to_be_compared_with():
    heads = {name for name in CONFIGS if '/fld_' in name or '/lsp_' in name}
    assert heads == {f'{FOLDER}/{name}.py' for name in (*FLD, *LSP)}


@pytest.mark.parametrize('name', [*FLD, *LSP])
def test_head_has_the_images_of_the_cascade(name):
    cfg, cascade = head_and_cascade(name)
    found, pipeline = without_pipeline(cfg.train_dataloader)
    expected, steps = without_pipeline(cascade.train_dataloader)
    assert found == expected
    if pipeline[0]['type'] == 'RandomApply':
        assert pipeline[0]['prob'] == 1.0
        pipeline = [*pipeline[0]['transforms'], *pipeline[1:]]
    # all but the encoding of the targets
    assert pipeline[:-2] == steps[:-2]
    assert pipeline[-1] == steps[-1]
    assert pipeline[-2]['encoder'] == cfg.codec == cfg.model.head.decoder
    for key in ('val_dataloader', 'test_dataloader', 'test_evaluator'):
        assert cfg.get(key) == cascade.get(key), key
    for key in ('data_preprocessor', 'test_cfg.flip_test'):
        part, theirs = cfg.model, cascade.model
        for step in key.split('.'):
            part, theirs = part[step], theirs[step]
        assert part == theirs, key


@pytest.mark.parametrize('name', [*FLD, *LSP])
def test_head_has_the_backbone_and_the_budget_of_the_cascade(name):
    cfg, cascade = head_and_cascade(name)
    for key in ('type', 'init_cfg'):
        assert cfg.model.backbone[key] == cascade.model.backbone[key]
    total = total_length(cascade)
    assert length(cfg) == total
    assert cfg.param_scheduler[-1].T_max == total
    assert cfg.custom_hooks == []
    assert not cfg.get('stage_settings')


@pytest.mark.parametrize('name', LSP)
def test_head_on_people_has_the_optimiser_of_the_cascade(name):
    cfg, cascade = head_and_cascade(name)
    assert cfg.optim_wrapper == cascade.optim_wrapper
