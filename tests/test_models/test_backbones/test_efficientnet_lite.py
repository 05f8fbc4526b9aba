import pytest
import torch
from mmpose.registry import MODELS


@pytest.fixture(scope='module')
def backbone():
    pytest.importorskip('efficientnet_lite_pytorch')
    model = MODELS.build(dict(type='EfficientNetLite', arch='lite0'))
    model.eval()  # returns None in MMPose's backbones
    return model


@torch.no_grad()
def test_output_has_stride_32_and_320_channels(backbone):
    (features,) = backbone(torch.zeros(1, 3, 64, 96))
    assert features.shape == (1, 320, 2, 3)


def test_parameter_names_are_the_packages_own(backbone):
    from efficientnet_lite_pytorch import EfficientNet

    net = EfficientNet.from_name('efficientnet-lite0')
    head = ('_conv_head', '_bn1', '_fc')
    names = {n for n in net.state_dict() if not n.startswith(head)}
    assert set(backbone.state_dict()) == names


def test_missing_package_is_named(monkeypatch):
    from dfa_mm.models.backbones import efficientnet_lite

    monkeypatch.setattr(efficientnet_lite, 'EfficientNet', None)
    with pytest.raises(ImportError, match='pip install efficientnet-lite'):
        MODELS.build(dict(type='EfficientNetLite'))
