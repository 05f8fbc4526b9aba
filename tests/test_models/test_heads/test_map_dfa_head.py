import math

import pytest
import torch
from head_inputs import K, build_head, said, targets

from dfa_mm.models.heads.map_dfa_head import MapStageOutput
from dfa_mm.models.landmark_maps import decode_maps, draw_gaussians
from dfa_mm.models.losses import LandmarkMapLoss


def build(refine=False, **overrides):
    return build_head(
        'MapDFAHead', refine=refine, maps=dict(channels=4), **overrides
    )


def test_maps_come_from_the_first_feature_map():
    head = build().eval()
    fine, coarse = torch.randn(2, 3, 8, 8), torch.randn(2, 3, 4, 4)
    out = head((fine, coarse))
    assert out.maps.shape == (2, K, 16, 16)
    other = head((torch.randn(2, 3, 8, 8), coarse))
    assert not torch.allclose(out.maps, other.maps)
    torch.testing.assert_close(out.pseudo_label, other.pseudo_label)


@pytest.mark.parametrize('refine', [False, True])
def test_landmarks_are_read_off_the_maps(refine):
    head = build(refine).eval()
    feats = (torch.randn(2, 3, 8, 8),)
    out = head(feats, said(torch.zeros(2, K, 2)))
    torch.testing.assert_close(out.landmarks, decode_maps(out.maps))


def test_loss_of_maps_is_the_map_loss():
    head = build(refine=True)
    truth = targets([0, 1, 2, -1])
    out = head((torch.randn(1, 3, 8, 8),), said(torch.zeros(1, K, 2)))
    losses = head.loss_by_targets(out, truth, None)
    torch.testing.assert_close(
        losses['loss_landmark'],
        LandmarkMapLoss()(out.maps, truth.landmarks, truth.weights[..., None]),
    )


@pytest.mark.parametrize('overrides', [{}, dict(num_clusters=0)])
def test_whatever_layers_there_are_can_be_initialised(overrides):
    head = build(**overrides)
    head.init_weights()
    assert head.fc_visibility.weight.std() < 0.02


def test_landmarks_of_averaged_maps_are_read_off_again():
    # peaks at two places and a common, lower one: it wins in the mean
    places = torch.tensor([[[-0.3, 0.0]], [[0.3, 0.0]], [[0.0, 0.2]]])
    left, right, common = draw_gaussians(places, 32, 32, 1.0)[:, None] * 10
    parts = [
        MapStageOutput(
            decode_maps(maps), torch.zeros(1, 1, 3), torch.zeros(1, 0), maps
        )
        for maps in (left + 0.9 * common, right + 0.9 * common)
    ]
    mean = build().average(parts)
    torch.testing.assert_close(mean.landmarks, places[2:], atol=5e-3, rtol=0)


def test_maps_learn_a_landmark():
    torch.manual_seed(0)
    head = build(visibility_weight=0.0)
    feats = (torch.randn(1, 3, 8, 8),)
    truth = targets([0] * K)
    optimizer = torch.optim.Adam(head.parameters(), 0.05)
    for _ in range(60):
        optimizer.zero_grad()
        loss = head.loss_by_targets(head(feats), truth, None)
        loss['loss_landmark'].backward()
        optimizer.step()
    error = (head(feats).landmarks - truth.landmarks).abs().max()
    assert error < 0.02  # a third of a cell of the 16


def test_absent_is_a_class_of_its_own():
    head = build_head('AnyTypeMapDFAHead', maps=dict(channels=4))
    out = head((torch.randn(1, 3, 2, 2),))
    assert out.visibility.shape == (1, K, 4)
    scores = torch.zeros(1, K, 4, requires_grad=True)
    losses = head.loss_by_targets(
        out._replace(visibility=scores), targets([0, 1, 2, -1]), None
    )
    # four landmarks, four classes
    assert losses['loss_visibility'].item() == pytest.approx(4 * math.log(4))
    (gradient,) = torch.autograd.grad(losses['loss_visibility'], scores)
    torch.testing.assert_close(
        gradient[0], torch.full((4, 4), 0.25).sub(torch.eye(4))
    )
