import pytest
import torch
from torch import nn

from dfa_mm.engine.checkpoints import CheckpointMismatchError, check_fits


def test_a_checkpoint_with_more_than_the_model_fits():
    state = {**nn.Linear(2, 3).state_dict(), 'other': torch.zeros(1)}
    check_fits(nn.Linear(2, 3), state, 'a.pth')


def test_the_prefix_of_a_distributed_model_does_not_matter():
    state = nn.Linear(2, 3).state_dict()
    check_fits(
        nn.Linear(2, 3), {f'module.{k}': v for k, v in state.items()}, 'a.pth'
    )


def test_a_missing_tensor_is_named():
    state = nn.Linear(2, 3).state_dict()
    del state['bias']
    with pytest.raises(CheckpointMismatchError, match=r'a\.pth.*1 of 2.*bias'):
        check_fits(nn.Linear(2, 3), state, 'a.pth')


def test_another_shape_is_named_with_both_shapes():
    state = nn.Linear(2, 4).state_dict()
    with pytest.raises(
        CheckpointMismatchError, match=r'weight \(3, 2\) \(found \(4, 2\)\)'
    ):
        check_fits(nn.Linear(2, 3), state, 'a.pth')
