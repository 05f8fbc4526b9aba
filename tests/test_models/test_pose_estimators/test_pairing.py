"""A wrong pairing of backbone, neck and head fails before it is used."""

import pytest
import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from torch import nn

from dfa_mm.models.pose_estimators.pairing import (
    PairingError,
    check_pairings,
)

FORMS = {
    'map': lambda x: x,
    'tuple': lambda x: (x, x),
    'two widths': lambda x: (torch.cat([x, x], 1), x),
    'tokens': lambda x: x.flatten(2).transpose(1, 2),
    'vector': lambda x: (x.mean((2, 3)),),
    'channels last': lambda x: (x.permute(0, 2, 3, 1),),
    'map and token': lambda x: ([x, x.mean((2, 3))],),
    'nothing': lambda x: None,
}


@MODELS.register_module(force=True)
class FormBackbone(BaseModule):
    """Four channels of 8 x 8 cells at 16 x 16, in one form or another."""

    def __init__(self, form='map', size=16):
        super().__init__()
        self.form, self.size = form, size
        self.conv = nn.Conv2d(3, 4, 2, 2)
        self.norm = nn.BatchNorm2d(4)
        self.dropout = nn.Dropout()

    def forward(self, x):
        assert x.shape[-1] == self.size, f'input is {x.shape[-1]} wide'
        return FORMS[self.form](self.dropout(self.norm(self.conv(x))))


@pytest.fixture
def build(make_config):
    def build(form='map', head=None, **overrides):
        backbone = dict(type='FormBackbone', form=form)
        config = make_config(**{'backbone': backbone, **overrides})
        config['head'].update(head or {})
        model = MODELS.build(config)
        check_pairings(model)
        return model

    return build


@pytest.mark.parametrize('form', ['map', 'tuple', 'two widths'])
def test_fitting_ones_are_built(build, form):
    # fc6 reads the last of several maps
    assert len(build(form).stages) == 3


def test_wrong_channels_are_told_with_the_remedy(build):
    with pytest.raises(PairingError) as error:
        build(head=dict(in_channels=5))
    assert str(error.value) == (
        'stage 1: the backbone FormBackbone gives (1, 4, 8, 8), the head '
        'reads maps of 5 channels: set model.head.in_channels=4, or add a '
        'neck that makes 5 of them'
    )


@pytest.mark.parametrize(
    ('form', 'shapes', 'remedy'),
    [
        ('tokens', r'\(1, 64, 4\)', "out_type='featmap'.*features_only"),
        ('vector', r'\(1, 4\)', "out_type='featmap'.*pool_size=1"),
        ('channels last', r'\(1, 8, 8, 4\)', 'permute'),
        ('map and token', 'list', 'no class tokens'),
        ('nothing', 'NoneType', r'a map \(B, C, H, W\)'),
    ],
)
def test_what_is_no_map_is_told_with_the_remedy(build, form, shapes, remedy):
    with pytest.raises(PairingError, match=f'gives {shapes}.*{remedy}'):
        build(form)


def test_vector_is_read_where_it_is_meant(build):
    build('vector', head=dict(pool_size=1))
    with pytest.raises(PairingError, match=r'gives \(1, 4\)'):
        build('vector', head=dict(pool_size=1, in_channels=5))


@pytest.mark.parametrize(
    ('type', 'option'), [('LocalDFAHead', 'sampler'), ('MapDFAHead', 'maps')]
)
def test_first_map_counts_where_it_is_read(build, type, option):
    head = {'type': type, option: dict(channels=4)}
    build('tuple', head=head)
    with pytest.raises(PairingError, match=r'FPN with in_channels=\[8, 4\]'):
        build('two widths', head=head)


def mapper(channels):
    return dict(
        type='ChannelMapper',
        in_channels=channels,
        out_channels=6,
        kernel_size=1,
    )


@pytest.mark.parametrize(
    ('form', 'channels', 'right'),
    [('map', [7], [4]), ('map', [4, 4], [4]), ('tuple', [4], [4, 4])],
)
def test_wrong_neck_is_told_with_the_remedy(build, form, channels, right):
    with pytest.raises(PairingError) as error:
        build(form, neck=mapper(channels))
    message = str(error.value)
    shapes = ', '.join(['(1, 4, 8, 8)'] * len(right))
    assert (
        f'the neck ChannelMapper cannot read {shapes} of the backbone '
        'FormBackbone (' in message
    )
    assert f': set model.neck.in_channels={right}, or the maps' in message
    assert '()' not in message


def test_neck_that_reads_another_layout_is_told_so(build):
    with pytest.raises(PairingError, match='permute'):
        build('channels last', neck=mapper([4]))


def test_head_behind_a_neck(build):
    build(neck=mapper([4]), head=dict(in_channels=6))
    with pytest.raises(PairingError, match='the neck ChannelMapper gives'):
        build(neck=mapper([4]))


def test_backbone_of_another_size_is_told_so(build):
    backbone = dict(type='FormBackbone', size=32)
    with pytest.raises(
        PairingError,
        match=r'cannot read crops of 16 x 16 \(input is 16 wide\).*img_size',
    ):
        build(backbone=backbone)


def test_stage_with_a_backbone_of_its_own_is_checked(build):
    stages = [{}, dict(backbone=dict(type='FormBackbone', form='tokens'))]
    with pytest.raises(PairingError, match=r'^stage 2: .*\(1, 64, 4\)'):
        build(stages=stages, num_stages=2)


def test_nothing_is_run_in_the_constructor(make_config):
    model = MODELS.build(make_config())
    networks = [b for stage in model.stages for b in stage.branches]
    assert [network.backbone.seen for network in networks] == [[]] * 4
    check_pairings(model)
    # one blank crop per stage; both branches of stage 3 are alike
    assert [network.backbone.seen for network in networks] == [[1]] * 3 + [[]]


def test_nothing_is_left_behind(make_config):
    model = MODELS.build(make_config(backbone=dict(type='FormBackbone')))
    model.train()
    before = {name: x.clone() for name, x in model.state_dict().items()}
    modes = [module.training for module in model.modules()]
    state = torch.get_rng_state()
    check_pairings(model)
    assert torch.equal(state, torch.get_rng_state())
    assert [module.training for module in model.modules()] == modes
    for name, value in model.state_dict().items():
        # the router's threshold is not known yet: NaN
        torch.testing.assert_close(
            value, before[name], rtol=0, atol=0, equal_nan=True
        )
    assert all(p.grad is None for p in model.parameters())


def test_without_a_decoder_the_size_of_the_crops_is_not_known(build):
    build(head=dict(decoder=None, in_channels=5))


@pytest.mark.parametrize(
    ('out_type', 'shapes'),
    [('cls_token', r'\(1, 24\)'), ('raw', r'\(1, 5, 24\)')],
)
def test_class_tokens_of_mmpretrain(build, out_type, shapes):
    vit = dict(
        type='mmpretrain.VisionTransformer',
        arch=dict(
            embed_dims=24, num_layers=1, num_heads=2, feedforward_channels=24
        ),
        img_size=16,
        patch_size=8,
    )
    head = dict(in_channels=24)
    build(backbone=dict(vit, out_type='featmap'), head=head)
    with pytest.raises(PairingError, match=f'{shapes}.*featmap'):
        build(backbone=dict(vit, out_type=out_type), head=head)
