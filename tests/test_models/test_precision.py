"""Positions do not suffer from features in 16 bits."""

import pytest
import torch
from head_inputs import K, build_head, said, targets

from dfa_mm.models.heads.landmark_map_layers import LandmarkMapLayers
from dfa_mm.models.heads.local_dfa_head import LandmarkSampler
from dfa_mm.models.landmark_maps import decode_maps, draw_gaussians
from dfa_mm.models.losses import LandmarkMapLoss
from dfa_mm.models.precision import in_float32
from dfa_mm.models.pseudo_labels import PseudoLabel
from dfa_mm.models.stage_data import StageOutput

# 1e-4 px of a crop of 224
CLOSE = dict(atol=1e-4 / 224, rtol=0)


def in_bfloat16(function, *args):
    with torch.autocast('cpu', dtype=torch.bfloat16):
        return function(*args)


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def test_autocast_is_off_and_values_are_wide():
    @in_float32
    def product(a, b):
        return a @ b

    a, b = torch.randn(2, 3), torch.randn(3, 2).bfloat16()
    assert torch.equal(in_bfloat16(product, a, b), a @ b.float())
    # double stays double
    assert product(a.double(), b.double()).dtype == torch.float64


def test_decoded_maps():
    landmarks = torch.rand(8, K, 2) * 0.8 - 0.4
    logits = draw_gaussians(landmarks, 40, 40, 1.0).clamp(min=1e-9).log()
    found = in_bfloat16(decode_maps, logits)
    torch.testing.assert_close(found, decode_maps(logits), **CLOSE)


@torch.no_grad()
def test_last_layer_of_the_maps():
    layers = LandmarkMapLayers(4, K, channels=6)
    torch.nn.init.normal_(layers.logits.weight)
    layers.upsample = torch.nn.Identity()
    # exact in bfloat16
    x = torch.randn(2, 6, 8, 8).bfloat16().float()
    assert torch.equal(in_bfloat16(layers, x), layers(x))


@torch.no_grad()
@pytest.mark.parametrize('refine', [False, True])
def test_landmarks_behind_fc7(refine):
    head = build_head('DFAHead', refine=refine, fc_channels=(8, 64))
    torch.nn.init.normal_(head.fc_landmarks.weight)
    x, previous = torch.randn(5, 64).bfloat16(), said(torch.rand(5, K, 2))
    found = in_bfloat16(head._landmarks, x, previous)
    expected = head._landmarks(x.float(), previous)
    torch.testing.assert_close(found, expected, **CLOSE)


@torch.no_grad()
def test_previous_landmarks_are_told_apart_by_a_hundredth_of_a_pixel():
    head = build_head('DFAHead', refine=True).eval()
    seen = []
    head.fc_previous.register_forward_hook(
        lambda module, inputs, output: seen.append(output)
    )
    feats = (torch.randn(1, 3, 4, 4),)
    for x in (0.4, 0.4 + 0.01 / 224):
        in_bfloat16(head, feats, said(torch.full((1, K, 2), x)))
    assert not torch.equal(*seen)


@torch.no_grad()
def test_sampled_features():
    sampler = LandmarkSampler(1, K, channels=1)
    seen = []
    sampler.fc.register_forward_pre_hook(
        lambda module, inputs: seen.append(inputs[0])
    )
    # a ramp: what is sampled is the position itself
    ramp = torch.linspace(-0.5, 0.5, 65)[None, None, None].expand(1, 1, 8, 65)
    landmarks = torch.rand(1, K, 2) * 0.8 - 0.4
    in_bfloat16(sampler, ramp, landmarks)
    sampler(ramp, landmarks)
    torch.testing.assert_close(*seen, **CLOSE)


@pytest.mark.parametrize('loss', ['EuclideanLoss', 'mmpose.L1Loss'])
def test_position_loss(loss):
    head = build_head('DFAHead', loss_landmark=dict(type=loss))
    truth = targets([0, 1, 2, -1])
    output = StageOutput(
        torch.rand(1, K, 2), torch.randn(1, K, 3), torch.randn(1, 5)
    )
    found = in_bfloat16(head._position_loss, output, truth)
    assert torch.equal(found, head._position_loss(output, truth))


def test_loss_of_maps():
    maps, landmarks = torch.randn(2, K, 16, 16), torch.rand(2, K, 2) - 0.5
    args = maps, landmarks, torch.ones(2, K, 1)
    found = in_bfloat16(LandmarkMapLoss(), *args)
    assert torch.equal(found, LandmarkMapLoss()(*args))


def test_pseudo_labels():
    label = PseudoLabel('offset', K, num_clusters=3, temperature='auto')
    previous, landmarks = torch.rand(9, K, 2), torch.rand(9, K, 2)
    args = previous, landmarks, torch.ones(9, K)
    label.fit(*args)
    assert torch.equal(in_bfloat16(label, *args), label(*args))
