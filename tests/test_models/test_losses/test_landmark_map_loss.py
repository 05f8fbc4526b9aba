import math

import pytest
import torch
from mmpose.registry import MODELS

from dfa_mm.models.landmark_maps import draw_gaussians
from dfa_mm.models.losses import LandmarkMapLoss


def loss(maps, target, weight=None):
    if weight is None:
        weight = torch.ones(*target.shape[:2], 1)
    return LandmarkMapLoss()(maps, target, weight)


def test_flat_maps_by_hand():
    # 2 x 2 cells: every share is 1/4, so the entropy is ln 4 whatever the
    # Gaussian; the mean position is the centre, 0.25 + 0.125 off
    target = torch.tensor([[[0.25, 0.125]]])
    found = loss(torch.zeros(1, 1, 2, 2), target).item()
    assert found == pytest.approx(math.log(4) + 5 * 0.375)


def test_one_cell_by_hand():
    # one row of two cells, landmark on the left one, sigma 1: the Gaussian
    # is 1 : exp(-1/2); the mean position is 0.25 - 0.5 x share
    logits = torch.tensor([[[[1.0, 0.0]]]])
    share = 1 / (1 + math.exp(-1))
    left = 1 / (1 + math.exp(-0.5))
    entropy = -left * math.log(share) - (1 - left) * math.log(1 - share)
    distance = 0.25 - 0.5 * share + 0.25
    found = loss(logits, torch.tensor([[[-0.25, 0.0]]])).item()
    assert found == pytest.approx(entropy + 5 * distance, rel=1e-5)


def test_the_drawn_landmark_is_the_best_map():
    target = torch.tensor([[[0.1, -0.2]]])
    best = draw_gaussians(target, 16, 16, 1.0).log()
    for axis in (-1, -2):
        for step in (1, -1):
            assert loss(best, target) < loss(best.roll(step, axis), target)


def test_mean_is_over_the_landmarks_that_take_part():
    logits = torch.randn(2, 3, 8, 8)
    target = torch.rand(2, 3, 2) - 0.5
    weight = torch.zeros(2, 3, 1)
    weight[0, 1] = weight[1, 2] = 1
    alone = [
        loss(logits[i : i + 1, k : k + 1], target[i : i + 1, k : k + 1])
        for i, k in ((0, 1), (1, 2))
    ]
    torch.testing.assert_close(loss(logits, target, weight), sum(alone) / 2)


def test_unknown_targets_are_never_read():
    logits = torch.randn(1, 2, 8, 8, requires_grad=True)
    target = torch.tensor([[[math.nan, math.nan], [0.1, 0.1]]])
    weight = torch.tensor([[[0.0], [1.0]]])
    found = loss(logits, target, weight)
    found.backward()
    assert torch.isfinite(found)
    assert logits.grad[0, 0].abs().max() == 0
    assert torch.isfinite(logits.grad).all()


def test_landmark_far_outside_the_crop_takes_no_part():
    logits = torch.randn(1, 2, 8, 8)
    target = torch.tensor([[[2.0, 0.0], [0.1, 0.1]]])
    torch.testing.assert_close(
        loss(logits, target), loss(logits[:, 1:], target[:, 1:])
    )


def test_landmark_just_outside_the_crop_takes_part():
    # One of 8 cells left of the corner the Gaussian reaches into the crop:
    # exp(-1.5^2 / 2) + exp(-2.5^2 / 2) + .. = 0.37 in x, exp(-0.5^2 / 2) + ..
    # = 1.25 in y, a sum of 0.46. Alone, it is the mean.
    logits = torch.randn(1, 2, 8, 8)
    target = torch.tensor([[[-0.5 - 1 / 8, -0.5], [2.0, 0.0]]])
    torch.testing.assert_close(
        loss(logits, target), loss(logits[:, :1], target[:, :1])
    )
    assert loss(logits, target) > 1


def test_name_in_configs():
    found = MODELS.build(dict(type='LandmarkMapLoss'))
    assert isinstance(found, LandmarkMapLoss)


def test_nothing_to_learn_from_gives_zero():
    nowhere, weight = torch.zeros(1, 2, 2), torch.zeros(1, 2, 1)
    assert loss(torch.randn(1, 2, 8, 8), nowhere, weight).item() == 0
