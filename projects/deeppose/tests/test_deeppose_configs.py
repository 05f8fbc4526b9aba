"""DeepPose has the cascade's data, input, networks and schedule."""

import pytest
from config_files import check_crop, check_model, check_parts, load
from mmpose.registry import MODELS

FOLDER = 'projects/deeppose/configs'
LITE0 = f'{FOLDER}/deeppose_fld_efficientnet-lite0_stage3.py'
CASCADES = {
    f'{FOLDER}/deeppose_fld_stage3.py': 'configs/dfa_fld_stage3.py',
    LITE0: 'configs/backbones/dfa_fld_efficientnet-lite0_stage3.py',
}


@pytest.mark.parametrize('name', CASCADES)
def test_config_loads_and_its_model_runs(name):
    cfg = load(name)
    check_parts(cfg)
    check_crop(cfg)
    check_model(cfg)


@pytest.mark.parametrize(('name', 'cascade'), CASCADES.items())
def test_it_differs_from_the_cascade_only_in_its_model(name, cascade):
    cfg, cascade = load(name), load(cascade)
    ignored = {'model', 'patches', 'custom_imports'}
    assert {k: v for k, v in cfg.items() if k not in ignored} == {
        k: v for k, v in cascade.items() if k not in ignored
    }
    for key in ('data_preprocessor', 'backbone', 'head', 'test_cfg'):
        assert cfg.model[key] == cascade.model[key], key
    assert cfg.model.neck == cascade.model.get('neck')


@pytest.mark.parametrize('name', CASCADES)
def test_it_is_that_of_the_paper(name):
    cfg = load(name)
    assert cfg.model.stages[0] == {}
    # App. B.2, in the crop of 224 pixels
    for stage in cfg.model.stages[1:]:
        assert stage.share * 224 == pytest.approx(120)


@pytest.mark.parametrize('number', [8, 6, 4])
def test_it_has_one_network_per_landmark(number):
    model = load(LITE0).model
    model.backbone = dict(type='TinyBackbone')
    model.neck = None
    model.head.update(in_channels=4, pool_size=2, fc_channels=(8, 8))
    model.head.num_landmarks = number
    networks = [len(stage.branches) for stage in MODELS.build(model).stages]
    assert networks == [1, number, number]
