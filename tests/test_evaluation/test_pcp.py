import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dfa_mm.evaluation.pcp import (
    correct_sticks,
    loose_pcp,
    stick_ends,
    stick_lengths,
    strict_pcp,
)
from dfa_mm.structures import LSP_SET, LSP_STICKS

pytestmark = pytest.mark.filterwarnings('error')
LIMBS = [(0, 1), (1, 2)]
# Sticks of length 10 and 20: ends may be off by 5 and 10.
GT = np.array([[[0.0, 0], [10, 0], [10, 20]]])
# The second stick ends in the middle of joints 0 and 1.
STICKS = [(0, 1), (2, (0, 1))]
LANDMARKS = arrays(float, (3, 3, 2), elements=st.floats(-1e3, 1e3))


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


@pytest.mark.parametrize(
    ('offsets', 'right'),
    [
        ([(0, 0), (0, 0), (0, 0)], [True, True]),
        ([(6, 0), (0, 0), (0, 0)], [True, True]),  # (6 + 0) / 2 <= 5
        ([(6, 0), (0, 4), (0, 0)], [True, True]),  # exactly (6 + 4) / 2
        ([(6, 0), (0, 4.1), (0, 0)], [False, True]),  # 5.05 > 5, 2.05 <= 10
        ([(0, 0), (0, 0), (0, 20)], [True, True]),  # (0 + 20) / 2 <= 10
        ([(0, 0), (0, 1), (0, 20)], [True, False]),  # 10.5 > 10
        ([(0, 0), (np.nan, 0), (0, 0)], [False, False]),
        ([(np.inf, 0), (0, 0), (0, 0)], [False, True]),
    ],
)
def test_mean_of_the_ends_by_hand(offsets, right):
    assert correct_sticks(GT + [offsets], GT, LIMBS, loose=True).tolist() == [
        right
    ]


def test_loose_share_by_hand():
    pred = np.concatenate([GT, GT + [(11, 0), (0, 0), (0, 0)]])
    gt = np.concatenate([GT, GT])
    shares = loose_pcp(pred, gt, LIMBS)
    np.testing.assert_array_equal(shares, [0.5, 1])


def test_ends_in_the_middle_by_hand():
    # The middle of (0, 0) and (10, 0) is (5, 0), and (10, 20) is (5, 20)
    # from it: sqrt(25 + 400).
    ends = stick_ends(GT, STICKS)
    np.testing.assert_array_equal(
        ends, [[[[0, 0], [10, 0]], [[10, 20], [5, 0]]]]
    )
    np.testing.assert_allclose(stick_lengths(GT, STICKS), [[10, 425**0.5]])


def test_errors_may_cancel_in_the_middle():
    # Both joints are 40 off, their middle is where it should be.
    pred = GT + [[(-40, 0), (40, 0), (0, 0)]]
    assert correct_sticks(pred, GT, STICKS).tolist() == [[False, True]]
    # Half of 21 is 10.5, of the length sqrt(425) it is 10.3.
    pred = GT + [[(21, 0), (0, 0), (0, 0)]]
    assert correct_sticks(pred, GT, STICKS).tolist() == [[False, False]]


def test_ends_without_samples():
    assert stick_ends(GT[:0], STICKS).shape == (0, 2, 2, 2)


@pytest.mark.parametrize('unknown', [np.nan, np.inf])
def test_unknown_truth_has_no_length_and_no_right_stick(unknown):
    gt = GT.copy()
    gt[0, 0, 0] = unknown
    np.testing.assert_array_equal(stick_lengths(gt, STICKS), [[np.nan] * 2])
    for loose in (False, True):
        assert not correct_sticks(GT, gt, STICKS, loose).any()


@given(LANDMARKS, LANDMARKS)
def test_agrees_with_the_definition(pred, gt):
    right = correct_sticks(pred, gt, LIMBS)
    for n in range(len(gt)):
        for i, (a, b) in enumerate(LIMBS):
            limit = 0.5 * np.linalg.norm(gt[n, a] - gt[n, b])
            ends = [np.linalg.norm(pred[n, k] - gt[n, k]) for k in (a, b)]
            assert right[n, i] == (max(ends) <= limit)


def naive_share(pred, gt, sticks, thr, loose):
    """Both variants again, one stick of one sample at a time."""
    shares = []
    for stick in sticks:
        right = 0
        for n in range(len(gt)):
            (a, b), (c, d) = (
                [sum(joints[n, k] for k in end) / len(end) for end in stick]
                for joints in (pred, gt)
            )
            first, second = np.hypot(*(a - c)), np.hypot(*(b - d))
            limit = thr * np.hypot(*(c - d))
            if loose:
                right += (first + second) / 2 <= limit
            else:
                right += first <= limit and second <= limit
        shares.append(right / len(gt))
    return shares


@pytest.mark.parametrize('thr', [0.2, 0.5, 1.0])
def test_lsp_agrees_with_counting(thr):
    rng = np.random.default_rng(0)
    gt = rng.uniform(0, 100, (200, len(LSP_SET), 2))
    pred = gt + rng.normal(0, 15, gt.shape)
    sticks = [
        [[LSP_SET.index(name) for name in end] for end in ends]
        for ends in LSP_STICKS.values()
    ]
    for loose, share in enumerate((strict_pcp, loose_pcp)):
        found = share(pred, gt, sticks, thr)
        expected = naive_share(pred, gt, sticks, thr, loose)
        np.testing.assert_allclose(found, expected)
        assert 0 < found.min() < found.max() < 1


@given(LANDMARKS, LANDMARKS, st.floats(0, 2))
def test_what_is_right_strictly_is_right_loosely(pred, gt, thr):
    strict = correct_sticks(pred, gt, STICKS, False, thr)
    loose = correct_sticks(pred, gt, STICKS, True, thr)
    assert (loose | ~strict).all()


@given(LANDMARKS)
def test_the_truth_is_right(gt):
    for share in (strict_pcp, loose_pcp):
        shares = share(gt, gt, STICKS)
        np.testing.assert_array_equal(shares, [1, 1])


# Powers of two: anything else may round an end over the limit.
@given(LANDMARKS, LANDMARKS, st.integers(-4, 4))
def test_scaling_everything_changes_nothing(pred, gt, power):
    pred, gt = np.round(pred), np.round(gt)
    for loose in (False, True):
        np.testing.assert_array_equal(
            correct_sticks(2.0**power * pred, 2.0**power * gt, STICKS, loose),
            correct_sticks(pred, gt, STICKS, loose),
        )
