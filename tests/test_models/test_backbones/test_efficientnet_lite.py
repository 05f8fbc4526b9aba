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


@torch.no_grad()
@pytest.mark.parametrize(
    ('stride', 'channels'), [(4, 24), (8, 40), (16, 112), (32, 320)]
)
def test_map_of_another_stride(backbone, stride, channels):
    model = MODELS.build(dict(type='EfficientNetLite', out_stride=stride))
    model.eval()
    (features,) = model(torch.zeros(1, 3, 64, 64))
    assert features.shape == (1, channels, 64 // stride, 64 // stride)
    # what is left of the network still has the package's names
    assert set(model.state_dict()) <= set(backbone.state_dict())


@torch.no_grad()
def test_maps_of_several_strides_are_those_of_each(backbone):
    config = dict(type='EfficientNetLite', out_stride=(8, 16))
    both = MODELS.build(config)
    both.load_state_dict(backbone.state_dict(), strict=False)
    both.eval()
    x = torch.randn(1, 3, 64, 64)
    for stride, found in zip((8, 16), both(x)):
        one = MODELS.build(dict(config, out_stride=stride))
        one.load_state_dict(backbone.state_dict(), strict=False)
        one.eval()
        torch.testing.assert_close(found, one(x)[0])


def test_impossible_stride_is_named(backbone):
    with pytest.raises(ValueError, match='out_stride is 64'):
        MODELS.build(dict(type='EfficientNetLite', out_stride=64))


def test_kept_statistics_do_not_move(backbone):
    model = MODELS.build(
        dict(type='EfficientNetLite', out_stride=8, norm_eval=True)
    )
    model.train()
    before = model._bn0.running_mean.clone()
    model(torch.rand(2, 3, 32, 32))
    assert torch.equal(model._bn0.running_mean, before)


@torch.no_grad()
def test_where_the_channels_lie_in_memory_changes_no_number(backbone):
    config = dict(type='EfficientNetLite', out_stride=16)
    inputs = torch.randn(2, 3, 64, 64)
    found = {}
    for last in (True, False):
        model = MODELS.build(dict(config, channels_last=last))
        model.load_state_dict(backbone.state_dict(), strict=False)
        model.eval()
        (found[last],) = model(inputs)
        layout = torch.channels_last if last else torch.contiguous_format
        assert found[last].is_contiguous(memory_format=layout)
    torch.testing.assert_close(found[True], found[False])


def test_frozen_blocks_do_not_learn():
    pytest.importorskip('efficientnet_lite_pytorch')
    net = MODELS.build(dict(type='EfficientNetLite', frozen_blocks=3))
    parameters = dict(net.named_parameters())
    frozen = {n for n, p in parameters.items() if not p.requires_grad}
    starts = ('_conv_stem.', '_bn0.', *(f'_blocks.{i}.' for i in range(3)))
    expected = {n for n in parameters if n.startswith(starts)}
    assert frozen == expected


@pytest.mark.parametrize('stride', [16, 32])
def test_a_whole_network_s_weights_load_without_a_warning(
    stride, tmp_path, monkeypatch
):
    from efficientnet_lite_pytorch import EfficientNet
    from mmengine.runner import checkpoint

    said = []
    monkeypatch.setattr(
        checkpoint, 'print_log', lambda text, *_, **__: said.append(text)
    )
    net = EfficientNet.from_name('efficientnet-lite0')
    file = str(tmp_path / 'net.pth')
    torch.save(net.state_dict(), file)
    cfg = dict(type='EfficientNetLite', out_stride=stride)
    cfg['init_cfg'] = dict(type='Pretrained', checkpoint=file)
    model = MODELS.build(cfg)
    model.init_weights()
    assert not [text for text in said if 'match' in text]
    own = net.state_dict()
    assert all(torch.equal(v, own[k]) for k, v in model.state_dict().items())
    # what else does not fit is told
    torch.save(dict(net.state_dict(), _bn9=torch.ones(1)), file)
    MODELS.build(cfg).init_weights()
    assert [text for text in said if '_bn9' in text and '_fc' not in text]
