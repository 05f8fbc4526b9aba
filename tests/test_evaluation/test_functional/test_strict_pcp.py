import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dfa_mm.evaluation.functional import correct_sticks, strict_pcp

LIMBS = [(0, 1), (1, 2)]
# Sticks of length 10 and 20: ends may be off by 5 and 10.
GT = np.array([[[0.0, 0], [10, 0], [10, 20]]])
LANDMARKS = arrays(float, (3, 3, 2), elements=st.floats(-1e3, 1e3))


@pytest.fixture(autouse=True)
def _no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        yield


@pytest.mark.parametrize(
    ('offsets', 'right'),
    [
        ([(0, 0), (0, 0), (0, 0)], [True, True]),
        ([(5, 0), (0, 5), (0, 0)], [True, True]),  # exactly half a stick
        # One end wrong, the other perfect: the mean of 0 and 6 is within 5,
        # and only the loose variant would pass the first stick.
        ([(6, 0), (0, 0), (0, 0)], [False, True]),
        ([(0, 0), (0, 6), (0, 0)], [False, True]),  # 6 > 5 but 6 <= 10
        ([(0, 0), (0, 0), (0, 10.1)], [True, False]),
        ([(0, 0), (np.nan, 0), (0, 0)], [False, False]),
        ([(np.inf, 0), (0, 0), (0, 0)], [False, True]),
    ],
)
def test_both_ends_by_hand(offsets, right):
    assert correct_sticks(GT + [offsets], GT, LIMBS).tolist() == [right]


def test_share_by_hand():
    pred = np.concatenate([GT, GT + [(6, 0), (0, 0), (0, 0)]])
    shares = strict_pcp(pred, np.concatenate([GT, GT]), LIMBS)
    np.testing.assert_array_equal(shares, [0.5, 1])


def test_threshold_is_a_share_of_the_stick():
    pred = GT + [(6, 0), (0, 0), (0, 0)]
    assert strict_pcp(pred, GT, LIMBS, thr=0.6)[0] == 1
    assert strict_pcp(pred, GT, LIMBS, thr=0.5)[0] == 0


@pytest.mark.parametrize(('offset', 'right'), [(0, True), (1e-6, False)])
def test_a_stick_without_length_must_be_met_exactly(offset, right):
    gt = np.full((1, 2, 2), 7.0)
    assert correct_sticks(gt + offset, gt, [(0, 1)]).item() is right


def test_a_stick_of_unknown_truth_takes_no_part():
    gt = np.concatenate([GT, GT])
    gt[0, 0] = np.nan
    shares = strict_pcp(np.concatenate([GT, GT]), gt, LIMBS)
    np.testing.assert_array_equal(shares, [1, 1])
    gt[1, 0] = np.nan
    shares = strict_pcp(np.concatenate([GT, GT]), gt, LIMBS)
    np.testing.assert_array_equal(shares, [np.nan, 1])


def test_no_sample():
    assert np.isnan(strict_pcp(GT[:0], GT[:0], LIMBS)).all()


def test_wrong_limbs_are_named():
    with pytest.raises(ValueError, match=r'\(2,\)'):
        strict_pcp(GT, GT, (0, 1))


@given(LANDMARKS, LANDMARKS)
def test_agrees_with_the_definition(pred, gt):
    right = correct_sticks(pred, gt, LIMBS)
    for n in range(len(gt)):
        for i, (a, b) in enumerate(LIMBS):
            limit = 0.5 * np.linalg.norm(gt[n, a] - gt[n, b])
            ends = [np.linalg.norm(pred[n, k] - gt[n, k]) for k in (a, b)]
            assert right[n, i] == (max(ends) <= limit)
