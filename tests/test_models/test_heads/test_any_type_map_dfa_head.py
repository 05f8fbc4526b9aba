import math

import pytest
import torch
from head_inputs import K, build_head, targets


def test_absent_is_a_class_of_its_own():
    head = build_head('AnyTypeMapDFAHead', maps=dict(channels=4))
    feats = torch.randn(1, 3, 2, 2)
    out = head(feats)
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
