import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dfa_mm.evaluation.pck import (
    area_under_curve,
    percentage_correct_keypoints,
)

pytestmark = pytest.mark.filterwarnings('error')
LANDMARKS = arrays(float, (3, 4, 2), elements=st.floats(-1e3, 1e3))
MASKS = arrays(bool, (3, 4))
THRESHOLDS = np.arange(21) / 100
LENGTHS = np.array([10.0, 100, 900])

# Distances 20, 5 (masked) and 0 of a sample whose length is 100, and 10, 20
# and 0 (masked) of one whose length is 50.
GT = np.zeros((2, 3, 2))
PRED = np.array([[[12.0, 16], [5, 0], [0, 0]], [[0, 10], [20, 0], [0, 0]]])
MASK = np.array([[1, 0, 1], [1, 1, 0]], bool)


@pytest.mark.parametrize(
    ('thr', 'shares'),
    [
        (0.2, [1, 0, 1]),  # 20 / 100 and 10 / 50: the limit belongs to it
        (0.19, [0, 0, 1]),
        (0.4, [1, 1, 1]),  # 20 / 50
        ([0.19, 0.2], [[0, 0, 1], [1, 0, 1]]),
    ],
)
def test_shares_by_hand(thr, shares):
    found = percentage_correct_keypoints(PRED, GT, MASK, [100, 50], thr)
    np.testing.assert_array_equal(found, shares)


def test_every_sample_has_its_own_length():
    mask = np.ones((2, 3), bool)
    # 12 + 16 is 20 off and 10 off: .2 of 100 and .1 of 100, .2 of 50
    found = percentage_correct_keypoints(PRED, GT, mask, [100, 100], 0.15)
    np.testing.assert_array_equal(found, [0.5, 0.5, 1])
    found = percentage_correct_keypoints(PRED, GT, mask, [100, 50], 0.15)
    np.testing.assert_array_equal(found, [0, 0.5, 1])


@pytest.mark.parametrize('length', [0, -5, np.nan, np.inf])
def test_a_sample_without_a_length_takes_no_part(length):
    found = percentage_correct_keypoints(PRED, GT, MASK, [length, 50], 0.2)
    np.testing.assert_array_equal(found, [1, 0, np.nan])


def test_a_diverged_prediction_is_wrong():
    pred = [[[np.nan, 0], [np.inf, np.inf], [0, 0]]]
    found = percentage_correct_keypoints(
        pred, np.zeros((1, 3, 2)), np.ones((1, 3)), [100], 0.2
    )
    np.testing.assert_array_equal(found, [0, 0, 1])


def test_no_sample():
    empty = np.zeros((0, 3, 2)), np.zeros((0, 3, 2)), np.zeros((0, 3))
    found = percentage_correct_keypoints(*empty, np.zeros(0), [0.1, 0.2])
    np.testing.assert_array_equal(found, np.full((2, 3), np.nan))


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match=r'norm \(3,\)'):
        percentage_correct_keypoints(PRED, GT, MASK, [1, 2, 3], 0.2)
    with pytest.raises(ValueError, match=r'mask \(1, 3\)'):
        percentage_correct_keypoints(PRED, GT, MASK[:1], [1, 2], 0.2)


def test_area_by_hand():
    # (0 + 1) / 2 x 1 and (1 + .5) / 2 x 2: .5 + 1.5 of a width of 3
    assert area_under_curve([0, 1, 3], [0, 1, 0.5]) == pytest.approx(2 / 3)
    assert area_under_curve(THRESHOLDS, np.ones(21)) == pytest.approx(1)
    assert np.isnan(area_under_curve([0, 1], [np.nan, 1]))
    assert isinstance(area_under_curve([0, 1], [1, 1]), float)


@given(LANDMARKS, LANDMARKS, MASKS)
def test_agrees_with_counting(pred, gt, mask):
    curves = percentage_correct_keypoints(pred, gt, mask, LENGTHS, THRESHOLDS)
    for t, thr in enumerate(THRESHOLDS):
        for k in range(4):
            near = [
                np.linalg.norm(pred[n, k] - gt[n, k]) / LENGTHS[n] <= thr
                for n in np.flatnonzero(mask[:, k])
            ]
            expected = sum(near) / len(near) if near else np.nan
            np.testing.assert_equal(curves[t, k], expected)


@given(LANDMARKS, MASKS)
def test_the_truth_is_right(gt, mask):
    curves = percentage_correct_keypoints(gt, gt, mask, LENGTHS, THRESHOLDS)
    known = mask.any(axis=0)
    assert (curves[:, known] == 1).all()
    assert np.isnan(curves[:, ~known]).all()


# Powers of two: anything else may round a distance over the limit.
@given(LANDMARKS, LANDMARKS, MASKS, st.integers(-4, 4))
def test_scaling_everything_changes_nothing(pred, gt, mask, power):
    pred, gt = np.round(pred), np.round(gt)
    scaled = (2.0**power * array for array in (pred, gt))
    np.testing.assert_array_equal(
        percentage_correct_keypoints(
            *scaled, mask, 2.0**power * LENGTHS, THRESHOLDS
        ),
        percentage_correct_keypoints(pred, gt, mask, LENGTHS, THRESHOLDS),
    )


@given(arrays(float, 21, elements=st.floats(0, 1)), st.floats(0.01, 100))
def test_an_area_is_a_mean_height_at_any_width(shares, width):
    area = area_under_curve(THRESHOLDS, shares)
    assert shares.min() - 1e-9 <= area <= shares.max() + 1e-9
    scaled = area_under_curve(width * THRESHOLDS, shares)
    assert scaled == pytest.approx(area, abs=1e-9)
