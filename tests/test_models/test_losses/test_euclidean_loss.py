import pytest
import torch
from mmpose.registry import MODELS


@pytest.fixture
def loss():
    return MODELS.build(dict(type='EuclideanLoss'))


def test_by_hand(loss):
    output = torch.tensor([[1.0, 2.0], [0.0, 4.0]])
    target = torch.tensor([[0.0, 4.0], [0.0, 1.0]])
    # (1 + 4 + 0 + 9) / (2 x 2 samples)
    assert loss(output, target, torch.ones(2, 1)) == 3.5


def test_weight_of_landmarks_by_hand():
    loss = MODELS.build(dict(type='EuclideanLoss', loss_weight=10.0))
    output = torch.tensor([[[1.0, 2.0], [3.0, 5.0]]])
    weight = torch.tensor([[[0.5], [0.0]]])
    # 10 x 0.5 x (1 + 4) / 2
    assert loss(output, torch.zeros_like(output), weight) == 12.5


def test_unknown_target_gives_no_loss_and_no_gradient(loss):
    output = torch.ones(1, 2, 2, requires_grad=True)
    target = torch.tensor([[[0.0, 0.0], [float('nan'), 1e9]]])
    value = loss(output, target, torch.tensor([[[1.0], [0.0]]]))
    value.backward()
    assert value == 1.0
    # d/dx of x^2 / 2 at 1
    assert output.grad.tolist() == [[[1, 1], [0, 0]]]


def test_no_sample_gives_zero(loss):
    nothing = torch.zeros(0, 3)
    assert loss(nothing, nothing, torch.ones(0, 1)) == 0
