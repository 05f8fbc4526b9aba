from types import SimpleNamespace

import pytest
import torch
from mmpose.structures import PoseDataSample

from dfa_mm.engine.hooks import DivergedError, FiniteLossHook
from dfa_mm.engine.hooks.finite_loss_hook import first_not_finite

RUNNER = SimpleNamespace(iter=41, work_dir='runs/x')
NAN, INF = float('nan'), float('inf')


def batch(count):
    samples = [
        PoseDataSample(metainfo=dict(img_path=f'{i}.jpg'))
        for i in range(count)
    ]
    return dict(data_samples=samples)


@pytest.mark.parametrize('value', [NAN, INF, -INF])
def test_the_first_bad_loss_ends_it(value):
    outputs = dict(loss=torch.tensor(value), loss_landmark=1.0, alpha=1.0)
    with pytest.raises(DivergedError) as caught:
        FiniteLossHook().after_train_iter(RUNNER, 0, batch(10), outputs)
    text = str(caught.value)
    assert text.startswith(f'iteration 42 in runs/x: loss is {value}, of')
    assert '0.jpg, 1.jpg' in text
    assert '7.jpg and 2 more' in text
    assert 'loss_landmark' not in text


def test_good_losses_and_other_values_go_on():
    outputs = dict(loss=torch.tensor(3.0), routing_threshold=NAN)
    FiniteLossHook().after_train_iter(RUNNER, 0, batch(1), outputs)
    FiniteLossHook().after_train_iter(RUNNER, 0, None, None)


def test_bad_weights_are_not_saved():
    state = {'a': torch.ones(2), 'b.weight': torch.tensor([1.0, INF])}
    with pytest.raises(DivergedError, match='b.weight'):
        FiniteLossHook().before_save_checkpoint(RUNNER, dict(state_dict=state))


def test_counts_and_an_open_threshold_are_no_sign_of_it():
    state = {
        'router.threshold': torch.tensor(NAN),
        'counts': torch.tensor([1, 2]),
    }
    assert first_not_finite(state) is None
