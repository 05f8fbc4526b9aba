"""Calibrations in the whole model: what they change and what they leave."""

import numpy as np
import pytest
import torch

from dfa_mm.structures import Visibility


@pytest.fixture
def cascade(make_model):
    return make_model(num_stages=2).eval()


@torch.no_grad()
def states(model, make_batch):
    (sample,) = model.predict(*make_batch(1))
    pred = sample.pred_instances
    return {
        name: np.asarray(pred[name])[0]
        for name in (
            'visibility_scores',
            'visibility_biases',
            'stage_visibility_scores',
            'stage_visibility',
            'landmark_visibility',
            'keypoints',
            'keypoint_scores',
            'presence_scores',
        )
    }


def test_the_last_stages_are_the_final_ones(cascade, make_batch):
    found = states(cascade, make_batch)
    stages = found['stage_visibility_scores']
    assert stages.shape == (2, 4, 3)
    np.testing.assert_array_equal(stages[-1], found['visibility_scores'])
    np.testing.assert_array_equal(stages.argmax(-1), found['stage_visibility'])


def test_a_stage_has_its_own(cascade, make_batch):
    before = states(cascade, make_batch)
    cascade.visibility_calibrations[1].biases[Visibility.TRUNCATED] = 100
    after = states(cascade, make_batch)
    cut_off = np.full(4, int(Visibility.TRUNCATED))
    np.testing.assert_array_equal(after['landmark_visibility'], cut_off)
    np.testing.assert_array_equal(after['stage_visibility'][1], cut_off)
    # the decision is another, the probabilities are not
    np.testing.assert_array_equal(after['visibility_biases'], [0, 0, 100])
    for name in (
        'keypoints',
        'keypoint_scores',
        'presence_scores',
        'visibility_scores',
    ):
        np.testing.assert_array_equal(after[name], before[name])
    np.testing.assert_array_equal(
        after['stage_visibility'][0], before['stage_visibility'][0]
    )


def test_a_temperature_is_of_the_probabilities(cascade, make_batch):
    before = states(cascade, make_batch)
    cascade.visibility_calibrations[1].temperature.fill_(4)
    after = states(cascade, make_batch)
    scores = after['visibility_scores']
    assert (scores.max(-1) < before['visibility_scores'].max(-1)).all()
    np.testing.assert_allclose(
        after['keypoint_scores'],
        after['presence_scores'] * (1 - scores[:, Visibility.TRUNCATED]),
    )
    np.testing.assert_array_equal(
        after['landmark_visibility'], before['landmark_visibility']
    )


def test_training_on_resets_it(make_model, make_batch):
    model = make_model(num_stages=2)
    for stage in model.visibility_calibrations:
        stage.temperature.fill_(2)
    model.loss(*make_batch(4))
    # the first stage is finished
    temperatures = [
        float(s.temperature) for s in model.visibility_calibrations
    ]
    assert temperatures == [2, 1]


def test_a_checkpoint_of_before_loads(cascade):
    state = cascade.state_dict()
    old = {k: v for k, v in state.items() if 'calibration' not in k}
    assert len(old) == len(state) - 4
    cascade.visibility_calibrations[0].temperature.fill_(2)
    cascade.load_state_dict(old)
    assert cascade.visibility_calibrations[0].temperature == 1
