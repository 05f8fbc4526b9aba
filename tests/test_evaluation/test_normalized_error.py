import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dfa_mm.evaluation.normalized_error import (
    mean_normalized_error,
    normalized_error,
    usable_norm,
)

pytestmark = pytest.mark.filterwarnings('error')
COORDINATES = st.floats(-1e3, 1e3)
LANDMARKS = arrays(float, (3, 4, 2), elements=COORDINATES)
MASKS = arrays(bool, (3, 4))


def naive_error(pred, gt, mask, norm):
    """The definition, one landmark at a time."""
    errors = np.full(mask.shape, np.nan)
    for n, k in zip(*np.nonzero(mask)):
        dx = (pred[n, k, 0] - gt[n, k, 0]) / norm[n, 0]
        dy = (pred[n, k, 1] - gt[n, k, 1]) / norm[n, 1]
        errors[n, k] = (dx * dx + dy * dy) ** 0.5
    return errors


def test_one_length_by_hand():
    # (3, 4) is 5 long, 5 / 50 = 0.1; the second is masked.
    pred, gt = [[[13, 24], [9, 9]]], [[[10, 20], [0, 0]]]
    errors = normalized_error(pred, gt, [[True, False]], [50])
    np.testing.assert_allclose(errors, [[0.1, np.nan]])


def test_width_and_height_by_hand():
    # dx / w = 30 / 100 = .3, dy / h = 80 / 200 = .4; sqrt(.09 + .16) = .5
    errors = normalized_error([[[30, 80]]], [[[0, 0]]], [[1]], [[100, 200]])
    np.testing.assert_allclose(errors, [[0.5]])


@pytest.mark.parametrize('norm', [0, -5, np.nan, np.inf])
def test_a_norm_that_cannot_divide_gives_nan(norm):
    pred, gt = np.ones((2, 1, 2)), np.zeros((2, 1, 2))
    mask = np.ones((2, 1), bool)
    errors = normalized_error(pred, gt, mask, [norm, 1])
    np.testing.assert_allclose(errors, [[np.nan], [2**0.5]])
    both = normalized_error(pred, gt, mask, [[1, norm], [1, 1]])
    np.testing.assert_allclose(both, errors)
    assert usable_norm(np.array([norm, 1.0])).tolist() == [False, True]


def test_a_diverged_prediction_is_not_left_out():
    pred = [[[np.nan, 0], [np.inf, 0], [1, 0]]]
    gt = np.zeros((1, 3, 2))
    errors = normalized_error(pred, gt, np.ones((1, 3), bool), [1])
    np.testing.assert_array_equal(errors, [[np.inf, np.inf, 1]])
    assert mean_normalized_error(errors)[1] == np.inf


def test_a_masked_prediction_may_be_anything():
    errors = normalized_error([[[np.nan, 0]]], [[[0, 0]]], [[0]], [1])
    assert np.isnan(errors).all()


def test_half_a_truth_is_none():
    unknown, off = [[[np.nan, 0]]], [[[np.nan, 0]]]
    errors = normalized_error(off, unknown, [[1]], [1])
    assert np.isnan(errors).all()


def test_no_sample():
    empty = np.zeros((0, 3, 2))
    for norm in (np.zeros(0), np.zeros((0, 2))):
        errors = normalized_error(empty, empty, np.zeros((0, 3)), norm)
        assert errors.shape == (0, 3)
    per_landmark, mean = mean_normalized_error(errors)
    assert np.isnan(per_landmark).all()
    assert np.isnan(mean)


@pytest.mark.parametrize(
    ('pred', 'gt', 'mask', 'norm', 'named'),
    [
        ((2, 3, 2), (2, 4, 2), (2, 3), (2,), r'\(2, 4, 2\)'),
        ((2, 3), (2, 3), (2, 3), (2,), r'\(2, 3\)'),
        ((2, 3, 3), (2, 3, 3), (2, 3), (2,), r'\(2, 3, 3\)'),
        ((2, 3, 1), (2, 3, 1), (2, 3), (2,), r'gt \(2, 3, 1\)'),
        ((3, 2), (3, 2), (3, 2), (3,), r'gt \(3, 2\)'),
        ((2, 3, 1, 2), (2, 3, 1, 2), (2, 3), (2,), r'gt \(2, 3, 1, 2\)'),
        ((2, 3, 2), (2, 3, 2), (3, 2), (2,), r'\(3, 2\)'),
        ((2, 3, 2), (2, 3, 2), (2, 3), (3,), r'\(3,\)'),
        ((2, 3, 2), (2, 3, 2), (2, 3), (2, 3), r'\(2, 3\)'),
    ],
)
def test_wrong_shapes_are_named(pred, gt, mask, norm, named):
    with pytest.raises(ValueError, match=named):
        normalized_error(*(np.ones(shape) for shape in (pred, gt, mask, norm)))


def test_mean_is_over_landmarks_of_means_over_samples():
    # Landmark 0: (.1 + .3) / 2 = .2; landmark 1: .6; landmark 2: none.
    # Mean of landmarks (.2 + .6) / 2 = .4; pooled it would be 1 / 3.
    errors = [[0.1, 0.6, np.nan], [0.3, np.nan, np.nan]]
    per_landmark, mean = mean_normalized_error(errors)
    np.testing.assert_allclose(per_landmark, [0.2, 0.6, np.nan])
    assert mean == pytest.approx(0.4)


@given(LANDMARKS, LANDMARKS, MASKS)
def test_agrees_with_the_definition(pred, gt, mask):
    norm = np.array([[10.0, 20], [3, 1], [7, 5]])
    np.testing.assert_allclose(
        normalized_error(pred, gt, mask, norm),
        naive_error(pred, gt, mask, norm),
    )


@given(LANDMARKS, LANDMARKS, MASKS, arrays(float, 2, elements=COORDINATES))
def test_moving_everything_changes_nothing(pred, gt, mask, shift):
    norm = np.full(3, 50.0)
    np.testing.assert_allclose(
        normalized_error(pred + shift, gt + shift, mask, norm),
        normalized_error(pred, gt, mask, norm),
        atol=1e-10,
    )


@given(LANDMARKS, LANDMARKS, MASKS, st.floats(0.01, 100))
def test_scaling_everything_changes_nothing(pred, gt, mask, scale):
    norm = np.full((3, 2), 50.0)
    np.testing.assert_allclose(
        normalized_error(scale * pred, scale * gt, mask, scale * norm),
        normalized_error(pred, gt, mask, norm),
        atol=1e-10,
    )
