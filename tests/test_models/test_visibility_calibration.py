import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dfa_mm.models.visibility_calibration import (
    VisibilityCalibration,
    calibrate,
    decide,
)


def calibration(biases, temperature=1.0):
    module = VisibilityCalibration()
    module.biases.copy_(torch.tensor(biases))
    module.temperature.fill_(temperature)
    return module


def test_by_hand():
    # A temperature of 1/2 squares: .36 .04 .04, of .44.
    scores = np.array([0.6, 0.2, 0.2])
    found = calibrate(scores, 0.5)
    np.testing.assert_allclose(found, np.array([9, 1, 1]) / 11)
    # A bias of ln 4 counts .2 four times: .8 against .6.
    assert decide(scores, np.log([1, 4, 1])) == 1
    assert decide(scores, np.log([1, 2, 1])) == 0
    # One of ln 4 is not enough for .04 against .36.
    found, state = calibration([0.0, np.log(4), 0.0], 0.5)(scores)
    np.testing.assert_allclose(found, np.array([9, 1, 1]) / 11)
    assert state == 0


def test_an_impossible_state_stays_impossible():
    found = calibrate(np.array([1.0, 0, 0], np.float32), 2.0)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, [1, 0, 0], atol=1e-15)


@given(
    st.lists(st.floats(0.01, 1), min_size=3, max_size=3),
    st.floats(0.25, 4),
)
def test_a_temperature_changes_no_decision(weights, temperature):
    scores = np.array(weights) / np.sum(weights)
    found = calibrate(scores, temperature)
    assert found.sum() == pytest.approx(1)
    assert found[scores.argmax()] == pytest.approx(found.max())


def test_without_calibration_nothing_changes():
    scores = np.random.default_rng(0).dirichlet([1, 1, 1], (2, 4))
    scores = scores.astype(np.float32)
    found, states = VisibilityCalibration()(scores)
    np.testing.assert_allclose(found, scores, rtol=1e-6)
    np.testing.assert_array_equal(states, scores.argmax(-1))


def test_a_checkpoint_without_it_is_neutral():
    module = calibration([0.0, 1, 2], 3.0)
    module.load_state_dict({})
    assert module.biases.tolist() == [0, 0, 0]
    assert module.temperature == 1


def test_a_checkpoint_brings_it_along():
    kept = calibration([0.0, 1, 2], 3.0).state_dict()
    module = VisibilityCalibration()
    module.load_state_dict(kept)
    assert module.biases.tolist() == [0, 1, 2]
    assert module.temperature == 3
    module.reset()
    assert module.biases.tolist() == [0, 0, 0]
    assert module.temperature == 1


def test_sharp_and_sure_scores_stay_numbers():
    # log(1 / 3) / 0.001 is -1099, log(0.01 / 0.98) / 0.001 is -4585: neither
    # has a power that is a number
    scores = np.array([[1 / 3, 1 / 3, 1 / 3], [0.98, 0.01, 0.01]])
    found = calibrate(scores, 0.001)
    np.testing.assert_allclose(found, [[1 / 3] * 3, [1, 0, 0]], atol=1e-12)
