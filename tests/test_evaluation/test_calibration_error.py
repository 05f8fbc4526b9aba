import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dfa_mm.evaluation.calibration import expected_calibration_error
from dfa_mm.evaluation.visibility import visibility_calibration_error


def test_by_hand():
    # Of 10 bins, two are used. (.5, .6]: .6, .52, of which one is right:
    # |1 - 1.12| = .12. (.8, .9]: .9, .85, .83, all right: |3 - 2.58| = .42.
    # Together .54 of 5.
    confidence = [0.6, 0.52, 0.9, 0.85, 0.83]
    correct = [True, False, True, True, True]
    error = expected_calibration_error(confidence, correct, bins=10)
    assert error == pytest.approx(0.54 / 5)


def test_an_edge_belongs_to_the_bin_below():
    # Of two bins, (0, .5] holds .5 and .4: |1 - .9|; were .5 in the upper
    # bin it would be |1 - .5| + |0 - .4|.
    error = expected_calibration_error([0.5, 0.4], [True, False], bins=2)
    assert error == pytest.approx(0.1 / 2)


def test_sure_and_right_is_calibrated():
    assert expected_calibration_error([1.0, 1.0], [True, True]) == 0
    assert expected_calibration_error([1.0, 1.0], [True, False]) == 0.5


def test_nan_takes_no_part():
    error = expected_calibration_error([np.nan, 0.75], [False, True])
    assert error == pytest.approx(0.25)
    assert np.isnan(expected_calibration_error([], []))
    assert np.isnan(expected_calibration_error([np.nan], [True]))


def test_shapes_that_differ_are_named():
    with pytest.raises(ValueError, match=r'\(2,\) and correct \(1,\)'):
        expected_calibration_error([0.5, 0.5], [True])
    with pytest.raises(ValueError, match=r'\(1,\) and correct \(2,\)'):
        expected_calibration_error([0.5], [True, False])


def test_fifteen_bins_as_in_the_literature():
    # .61 and .66 lie within (9 / 15, 10 / 15]: |1 - 1.27|. With 14 bins the
    # edge 9 / 14 = .643, with 16 the edge 10 / 16 = .625 lies between them.
    error = expected_calibration_error([0.61, 0.66], [True, False])
    assert error == pytest.approx(0.27 / 2)
    # as do .05 and .08 of the first edge, 1 / 15
    error = expected_calibration_error([0.05, 0.08], [True, False])
    assert error == pytest.approx((0.95 + 0.08) / 2)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_one_bin_is_the_difference_of_the_means(pairs):
    confidence, correct = map(np.array, zip(*pairs))
    error = expected_calibration_error(confidence, correct, bins=1)
    assert error == pytest.approx(abs(correct.mean() - confidence.mean()))


def test_confidence_is_of_the_state_told():
    # Told visible at .7 and right, occluded at .2 (not the likeliest) and
    # wrong; the third slot is absent. |1 - .7| + |0 - .2|, of 2.
    scores = [[[0.7, 0.2, 0.1], [0.7, 0.2, 0.1], [1.0, 0, 0]]]
    error = visibility_calibration_error(scores, [[0, 1, 0]], [[0, 0, -1]])
    assert error == pytest.approx(0.25)
