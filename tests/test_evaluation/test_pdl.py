import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dfa_mm.evaluation.pdl import (
    percentage_detected_landmarks,
    to_reference_frame,
)

pytestmark = pytest.mark.filterwarnings('error')
LANDMARKS = arrays(float, (3, 4, 2), elements=st.floats(-1e3, 1e3))
MASKS = arrays(bool, (3, 4))

# Distances 5, 10, 15 (masked) and 20 of one sample, 0 of landmark 0 of
# another that has no more.
GT = np.zeros((2, 4, 2))
PRED = np.array([[[3.0, 4], [10, 0], [0, 15], [12, 16]], [[0, 0]] * 4])
MASK = np.array([[1, 1, 0, 1], [1, 0, 0, 0]], bool)


@pytest.mark.parametrize(
    ('thr', 'share'),
    [
        (0, 1 / 4),
        (4.9, 1 / 4),
        (5, 2 / 4),  # the limit belongs to it
        (15, 3 / 4),
        (20, 4 / 4),
    ],
)
def test_share_by_hand(thr, share):
    found = percentage_detected_landmarks(PRED, GT, MASK, thr)
    assert isinstance(found, float)
    assert found == share


def test_curve_and_landmarks_by_hand():
    curve = percentage_detected_landmarks(PRED, GT, MASK, [0, 5, 20])
    np.testing.assert_array_equal(curve, [0.25, 0.5, 1])
    # Landmark 0 in both samples (5 and 0 away), 1 and 3 in one, 2 in none.
    curves = percentage_detected_landmarks(
        PRED, GT, MASK, [0, 10], per_landmark=True
    )
    expected = [[0.5, 0, np.nan, 0], [1, 1, np.nan, 0]]
    np.testing.assert_array_equal(curves, expected)
    at_ten = percentage_detected_landmarks(
        PRED, GT, MASK, 10, per_landmark=True
    )
    np.testing.assert_array_equal(at_ten, expected[1])


def test_nothing_to_detect_is_nan():
    nothing = np.zeros_like(MASK)
    assert np.isnan(percentage_detected_landmarks(PRED, GT, nothing, 15))
    empty = np.zeros((0, 4, 2)), np.zeros((0, 4, 2)), np.zeros((0, 4))
    assert np.isnan(percentage_detected_landmarks(*empty, 15))
    curve = percentage_detected_landmarks(*empty, [1, 2])
    assert curve.shape == (2,)


def test_a_diverged_prediction_is_not_detected():
    pred = [[[np.nan, 0], [np.inf, np.inf], [0, 0]]]
    arrays = pred, np.zeros((1, 3, 2)), np.ones((1, 3))
    assert percentage_detected_landmarks(*arrays, 15) == pytest.approx(1 / 3)


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match=r'\(3, 4, 2\)'):
        percentage_detected_landmarks(np.ones((3, 4, 2)), GT, MASK, 15)


def test_reference_frame_by_hand():
    # A box 112 x 56 round (66, 58): scale 224 / 112 = 2, centre to 112.
    boxes = [[10, 30, 122, 86]]
    points = [[[66, 58], [10, 30], [122, 86]]]
    # Its height 56 becomes 112, so it spans 112 -+ 56 vertically.
    expected = [[[112, 112], [0, 56], [224, 168]]]
    np.testing.assert_allclose(to_reference_frame(points, boxes), expected)


def test_a_box_without_size_has_no_reference_frame():
    points = to_reference_frame(np.ones((1, 2, 2)), [[5, 5, 5, 9]])
    assert np.isnan(points).all()


@given(LANDMARKS, LANDMARKS, MASKS)
def test_a_wider_threshold_never_detects_less(pred, gt, mask):
    curve = percentage_detected_landmarks(pred, gt, mask, np.arange(0, 3e3, 9))
    if mask.any():
        assert (np.diff(curve) >= 0).all()
        assert curve[-1] == 1
    else:
        assert np.isnan(curve).all()


@given(LANDMARKS, LANDMARKS, MASKS, st.floats(0, 1e3))
def test_agrees_with_counting(pred, gt, mask, thr):
    near = [
        np.linalg.norm(pred[n, k] - gt[n, k]) <= thr
        for n, k in zip(*np.nonzero(mask))
    ]
    share = percentage_detected_landmarks(pred, gt, mask, thr)
    expected = sum(near) / len(near) if near else np.nan
    np.testing.assert_equal(share, expected)
