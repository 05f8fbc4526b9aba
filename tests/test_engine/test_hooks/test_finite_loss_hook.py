from types import SimpleNamespace
from unittest.mock import MagicMock

import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample

from dfa_mm.engine.hooks import DivergedError, FiniteLossHook
from dfa_mm.models.weights import first_not_finite

NAN, INF = float('nan'), float('inf')
META = dict(iter=41)


def runner(norm=None, **optim_wrapper):
    scalars = {}
    if norm is not None:
        scalars['train/grad_norm'] = SimpleNamespace(current=lambda: norm)
    return SimpleNamespace(
        iter=41,
        work_dir='runs/x',
        message_hub=SimpleNamespace(log_scalars=scalars),
        optim_wrapper=SimpleNamespace(**optim_wrapper),
        logger=MagicMock(),
    )


RUNNER = runner()


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
    hook = FiniteLossHook()
    hook.after_train_iter(RUNNER, 0, batch(1), None)
    for part in ('state_dict', 'ema_state_dict'):
        saved = {'state_dict': {}, part: state, 'meta': META}
        with pytest.raises(DivergedError, match=f'{part} b.weight') as caught:
            hook.before_save_checkpoint(RUNNER, saved)
        assert 'iteration 41' in str(caught.value)
        assert 'of the pictures 0.jpg' in str(caught.value)


def test_a_gradient_without_end_ends_it():
    with pytest.raises(DivergedError, match='norm of the gradient is inf'):
        FiniteLossHook().after_train_iter(runner(INF), 0, batch(1), {})
    FiniteLossHook().after_train_iter(runner(3.0), 0, batch(1), {})
    # a scaler of float16's losses looks for just that
    scaled = runner(INF, loss_scaler=None)
    FiniteLossHook().after_train_iter(scaled, 0, batch(1), {})


def test_a_bad_prediction_of_finite_weights_ends_it():
    samples = batch(2)['data_samples']
    for sample in samples:
        sample.pred_instances = InstanceData(keypoints=np.ones((1, 4, 2)))
    FiniteLossHook().after_val_iter(RUNNER, 0, None, samples)
    samples[1].pred_instances.keypoints[0, 0] = NAN
    with pytest.raises(DivergedError, match='keypoints predicted in valid'):
        FiniteLossHook().after_val_iter(RUNNER, 0, None, samples)


def test_a_metric_without_labels_is_named():
    checked = runner()
    FiniteLossHook().after_val_epoch(checked, dict(NE=NAN, PDL=0.5, best='x'))
    (said,), _ = checked.logger.warning.call_args
    assert said.startswith('NE is nan')


@pytest.mark.parametrize(
    ('stage', 'rate'),
    [
        (None, '(optim_wrapper.optimizer.lr)'),
        (2, '(stage_settings.2.optim_wrapper.optimizer.lr)'),
    ],
)
def test_what_to_change_is_said(stage, rate):
    with pytest.raises(DivergedError) as caught:
        FiniteLossHook(stage).after_train_iter(RUNNER, 0, None, dict(loss=NAN))
    assert rate in str(caught.value)


def test_counts_and_an_open_threshold_are_no_sign_of_it():
    state = {
        'router.threshold': torch.tensor(NAN),
        'counts': torch.tensor([1, 2]),
    }
    assert first_not_finite(state) is None
