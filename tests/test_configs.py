"""Every config loads, names registered parts, and its model runs."""

import re
from argparse import ArgumentParser

import pytest
import torch
from config_files import (
    FOLDERS,
    ROOT,
    check_crop,
    check_model,
    check_parts,
    config_files,
    depth,
    files,
    load,
    variables,
)
from mmengine.config import DictAction
from mmpose.registry import HOOKS

from dfa_mm.engine.stages import merge_options, stage_config
from dfa_mm.models.routers import ErrorRouter
from dfa_mm.structures import FLD_SETS

CONFIGS = config_files('configs')
EVERY_FILE = [path for folder in FOLDERS for path in files(folder)]
ROOTS = {
    *('FLD_ROOT', 'SYNTHFLD_ROOT', 'FLATLAY_ROOT', 'STREET_ROOT'),
    *('WORN_ROOT', 'SELF_FLAT_ROOT', 'SELF_STREET_ROOT', 'LSP_ROOT'),
    *('GARMENTS_ROOT', 'FLAT_ROOT', 'STREET_PHOTOS_ROOT'),
    *('LITE0_WEIGHTS', 'VGG16_WEIGHTS'),
}
# Of Table 2, what differs from the configs of the paper's stages.
ABLATIONS = [
    *('stage1_direct', 'stage1_no_visibility', 'stage1_hard'),
    *('stage2_direct', 'stage2_absolute'),
    *('stage3_direct', 'stage3_two_branch', 'stage3_routed'),
    'stage3_offset',
]


def of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize('path', EVERY_FILE, ids=of)
def test_environment_only_tells_where_data_and_weights_are(path):
    assert variables(path) <= ROOTS


@pytest.mark.parametrize('path', EVERY_FILE, ids=of)
def test_bases_are_few_steps_away(path):
    assert depth(path) <= 3


def test_there_are_few():
    assert 35 <= len(files('configs')) <= 45
    assert 'configs/dfa_fld_stage3.py' in CONFIGS


@pytest.mark.parametrize('name', CONFIGS)
def test_every_part_is_registered(name):
    cfg = load(name)
    check_parts(cfg)
    check_crop(cfg)


@pytest.mark.parametrize('name', CONFIGS)
def test_model_builds_and_runs(name):
    check_model(load(name))


def settings(cfg):
    """What it says, of the stages that it has."""
    content = cfg.to_dict()
    model = content['model']
    model['stages'] = model['stages'][: model['num_stages']]
    return content


@pytest.mark.parametrize('stage', [1, 2, 3])
@pytest.mark.parametrize('data', ['fld', 'lsp', 'synthfld'])
def test_config_of_a_stage_is_that_stage_of_the_last_ones(data, stage):
    cfg = load(f'configs/dfa_{data}_stage{stage}.py')
    assert cfg.model.num_stages == stage
    last = load(f'configs/dfa_{data}_stage3.py')
    # what `tools/train.py --stage` trains
    assert cfg.to_dict() == stage_config(last, stage).to_dict()


@pytest.mark.parametrize(
    'name', [name for name in CONFIGS if name.endswith('stage3.py')]
)
def test_stages_of_a_cascade_are_those_of_the_paper(name):
    stages = load(name).model.stages
    spaces = [stage.pseudo_label.space for stage in stages]
    assert spaces == ['absolute', 'offset', 'contextual']
    assert [stage.get('branches', 1) for stage in stages] == [1, 1, 2]
    assert all(s.pseudo_label.num_clusters == 20 for s in stages)


# -------------------------------------------------------------------- Table 2


def documented(name):
    """Stage and options by which a row is had of any cascade."""
    text = (ROOT / f'configs/ablations/{name}.py').read_text()
    lines = re.findall(r'^#   (.*)', text, re.MULTILINE)
    parser = ArgumentParser()
    parser.add_argument('--stage', type=int, default=3)
    parser.add_argument('--cfg-options', nargs='+', action=DictAction)
    return parser.parse_args(' '.join(lines).split())


def test_every_row_of_table_2_has_a_config():
    assert config_files('configs/ablations') == sorted(
        f'configs/ablations/{name}.py' for name in ABLATIONS
    )


@pytest.mark.parametrize('name', ABLATIONS)
def test_row_of_table_2_is_the_cascade_with_the_options_it_names(name):
    cfg, arguments = load('configs/dfa_fld_stage3.py'), documented(name)
    merge_options(cfg, arguments.cfg_options)
    cfg.model.num_stages = arguments.stage
    assert int(name[len('stage')]) == arguments.stage
    found = load(f'configs/ablations/{name}.py')
    assert settings(found) == settings(cfg)
    # and is another than the cascade's own
    paper = load(f'configs/dfa_fld_stage{arguments.stage}.py')
    assert settings(found) != settings(paper)


@pytest.mark.parametrize('name', ABLATIONS)
def test_options_of_a_row_fit_other_cascades(name):
    """Every key is there already: none is misspelt, none added."""
    cfg, arguments = (
        load('configs/backbones/dfa_lsp_maps_efficientnet-lite0_stage3.py'),
        documented(name),
    )
    for option in arguments.cfg_options:
        node = cfg
        for key in option.split('.'):
            node = node[int(key) if key.isdigit() else key]
    merge_options(cfg, arguments.cfg_options)
    cfg.model.num_stages = arguments.stage
    check_model(cfg)


# ------------------------------------------------------------------ variants


@pytest.mark.parametrize('subset', ['upper', 'lower', 'full'])
def test_one_kind_of_garment_differs_only_in_the_data(subset):
    cfg, everything = (
        load(f'configs/dfa_fld_{subset}_stage3.py'),
        load('configs/dfa_fld_stage3.py'),
    )
    number = len(FLD_SETS[subset])
    assert cfg.num_landmarks == cfg.model.head.num_landmarks == number
    for split in ('train', 'val', 'test'):
        dataset = cfg[f'{split}_dataloader'].dataset
        assert (dataset.subset, dataset.split) == (subset, split)
        dataset.subset = 'all'
    cfg.num_landmarks = cfg.model.head.num_landmarks = 8
    assert cfg.to_dict() == everything.to_dict()


def test_equations_as_printed_differ_in_routing_and_weights_alone():
    cfg = load('configs/dfa_fld_as_printed.py')
    # G = 0.1 x 0.1 + 0.4 x 0.6 = 0.25: easy, but normalised 0.25 / 0.7: hard;
    # G = 0.1 x 0.7 + 0.4 x 0.6 = 0.31: hard, but normalised 0.31 / 1.3: easy
    router = ErrorRouter(**cfg.model.router)
    memberships = torch.tensor([[0.1, 0.6], [0.7, 0.6]])
    assert router(memberships, torch.tensor([0.1, 0.4])).tolist() == [0, 1]
    # a quarter of the way from t1 to t2, where the continuous fall has 0.75
    weights = HOOKS.build(dict(cfg.custom_hooks[1]))
    found = [weights.weight(t) for t in (1999, 2000, 2500, 4000)]
    assert found == [1.0, 0.0, 0.25, 0.0]
    paper = load('configs/dfa_fld_stage3.py')
    cfg.model.router, cfg.custom_hooks = paper.model.router, paper.custom_hooks
    assert cfg.to_dict() == paper.to_dict()


def test_person_centric_lsp_differs_only_in_the_convention():
    cfg = load('configs/dfa_lsp_pc_stage3.py')
    for split in ('train', 'test'):
        dataset = cfg[f'{split}_dataloader'].dataset
        assert dataset.convention == 'pc'
        dataset.convention = 'oc'
    assert cfg.to_dict() == load('configs/dfa_lsp_stage3.py').to_dict()


def test_data_come_from_where_the_environment_says(monkeypatch):
    monkeypatch.setenv('FLD_ROOT', '/somewhere/fld')
    cfg = load('configs/dfa_fld_upper_stage3.py')
    for split in ('train', 'val', 'test'):
        dataset = cfg[f'{split}_dataloader'].dataset
        assert dataset.data_root == '/somewhere/fld'
        assert dataset.get('test_mode', False) == (split != 'train')


def test_pixels_are_normalised_as_in_the_paper():
    preprocessor = load('configs/dfa_fld_stage3.py').model.data_preprocessor
    # B, G, R, as OpenCV reads them; not divided
    assert preprocessor.mean == [102.98, 115.95, 122.77]
    assert preprocessor.std == [1, 1, 1]
    assert preprocessor.bgr_to_rgb is False
