"""The default model's configs, also as setup.py packs them."""

import os
import subprocess
import sys

import pytest
from config_files import (
    ROOT,
    check_crop,
    check_model,
    check_parts,
    config_files,
    load,
)
from mmengine.config import Config

FOLDER = 'projects/default_model'
CONFIGS = config_files(FOLDER)
VIEWS = {
    'test_on_fld_layout': ('GetBBoxCenterScale', 1.15),
    'test_on_fld_layout_whole': ('RandomContext', 1.15),
}


@pytest.mark.parametrize('name', CONFIGS)
def test_config_loads_and_its_model_runs(name):
    cfg = load(name)
    check_parts(cfg)
    check_crop(cfg)
    check_model(cfg)


def test_trainings_differ_only_in_data_and_schedule():
    real, *others = (
        load(f'{FOLDER}/dfa_garments_{kind}stage3.py')
        for kind in ('real_', '', 'self_')
    )
    sets = [real.train_dataloader.dataset.datasets]
    for cfg in others:
        for key in ('model', 'test_dataloader', 'custom_hooks', 'codec'):
            assert cfg[key] == real[key], key
        sets.append(cfg.train_dataloader.dataset.datasets)
    # each has those before it, in their order: the factors go by it
    assert [len(each) for each in sets] == [2, 3, 5]
    assert sets[1][:2] == sets[0]
    assert sets[2][:3] == sets[1]
    for cfg, each in zip((real, *others), sets):
        factors = cfg.train_dataloader.dataset.sample_ratio_factor
        assert len(factors) == len(each)


@pytest.mark.parametrize('name', VIEWS)
def test_tests_take_one_set_in_the_layout_of_fld(name, monkeypatch):
    monkeypatch.setenv('FLD_ROOT', '/somewhere/fld')
    cfg = load(f'{FOLDER}/{name}.py')
    dataset = cfg.test_dataloader.dataset
    assert (dataset.data_root, dataset.subset) == ('/somewhere/fld', 'all')
    default = load(f'{FOLDER}/dfa_mm_default.py')
    assert cfg.model == default.model
    # all but what is taken for the box
    view = dataset.pipeline.pop(1)
    assert (view.type, view.padding) == VIEWS[name]
    expected = default.test_pipeline
    assert dataset.pipeline == [expected[0], *expected[2:]]


@pytest.mark.parametrize('name', VIEWS)
def test_split_is_an_option(name):
    cfg = load(f'{FOLDER}/{name}.py')
    assert cfg.test_dataloader.dataset.split == 'test'
    cfg.merge_from_dict({'test_dataloader.dataset.split': 'val'})
    assert cfg.test_dataloader.dataset.split == 'val'


@pytest.fixture(scope='module')
def packed(tmp_path_factory):
    """Folder of the package as a wheel has it."""
    folder = tmp_path_factory.mktemp('wheel')
    subprocess.run(
        [
            *(sys.executable, 'setup.py', '-q', 'build'),
            *('--build-base', str(folder / 'build')),
            *('--build-lib', str(folder)),
        ],
        cwd=ROOT,
        env=dict(os.environ, PYTHONDONTWRITEBYTECODE='1'),
        check=True,
        capture_output=True,
    )
    return folder / 'dfa_mm'


@pytest.mark.parametrize(
    'name', [f'{FOLDER}/dfa_mm_default.py', 'configs/dfa_fld_stage1.py']
)
def test_config_loads_from_an_installed_package(packed, name):
    found = Config.fromfile(packed / '.mim' / name)
    assert found.to_dict() == load(name).to_dict()


def test_all_that_the_index_names_is_packed_but_no_tests(packed):
    mim = packed / '.mim'
    names = {str(path.relative_to(mim)) for path in mim.rglob('*.*')}
    index = (mim / 'model-index.yml').read_text().split('\n- ')[1:]
    assert {name.strip() for name in index} <= names
    assert any(name.endswith('.pth') for name in names)
    assert not [n for n in names if 'test' in n and 'on_fld_layout' not in n]
