import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dfa_mm.evaluation.visibility import (
    confusion_matrix,
    recall_by_state,
    visibility_accuracy,
)

# Six slots of two samples take part, two are absent.
GT = np.array([[0, 0, 1, -1], [0, 2, -1, 1]])
PRED = np.array([[0, 1, 1, 0], [0, 2, 2, 0]])


def test_accuracy_by_hand():
    # Right: 0-0, 1-1, 0-0, 2-2; wrong: 0 as 1, 1 as 0. 4 / 6.
    assert visibility_accuracy(PRED, GT) == pytest.approx(4 / 6)
    # Landmarks: 2 of 2, 1 of 2, 1 of 1, 0 of 1.
    per_landmark = visibility_accuracy(PRED, GT, per_landmark=True)
    np.testing.assert_array_equal(per_landmark, [1, 0.5, 1, 0])


def test_confusion_by_hand():
    # Visible: twice right, once taken for occluded. Occluded: once right,
    # once taken for visible. Truncated: right.
    matrix = confusion_matrix(PRED, GT)
    np.testing.assert_array_equal(matrix, [[2, 1, 0], [1, 1, 0], [0, 0, 1]])
    np.testing.assert_allclose(recall_by_state(matrix), [2 / 3, 1 / 2, 1])


def test_nothing_takes_part():
    absent = np.full((2, 3), -1)
    assert np.isnan(visibility_accuracy(np.zeros((2, 3)), absent))
    matrix = confusion_matrix(np.zeros((2, 3)), absent)
    assert matrix.sum() == 0
    assert np.isnan(recall_by_state(matrix)).all()
    empty = np.zeros((0, 3))
    assert np.isnan(visibility_accuracy(empty, empty))


def test_an_unknown_state_is_named():
    states = "which is none of {0: 'visible', 1: 'occluded', 2: 'truncated'}"
    for state in (3, 4, -1):
        message = re.escape(f'pred holds state {state}, {states}')
        with pytest.raises(ValueError, match=message):
            confusion_matrix([[0, state, 7]], [[0, 0, 0]])
    with pytest.raises(ValueError, match='gt holds state 5'):
        confusion_matrix([[0, 0]], [[0, 5]])


@pytest.mark.parametrize(
    ('pred', 'gt'),
    [((2, 3), (2, 4)), ((2, 5), (2, 4)), ((3,), (3,)), ((1, 2, 3), (1, 2, 3))],
)
def test_wrong_shapes_are_named(pred, gt):
    message = re.escape(f'pred {pred} and gt {gt} must both be (N, K)')
    with pytest.raises(ValueError, match=message):
        visibility_accuracy(np.zeros(pred), np.zeros(gt))


def test_recall_is_no_precision():
    # Four visible ones, all told so, and three occluded ones, of which two
    # are told to be visible: recall 4 / 4 and 1 / 3. Precision would be 4 / 6
    # and 1 / 1.
    gt = [[0, 0, 0, 0, 1, 1, 1]]
    pred = [[0, 0, 0, 0, 0, 0, 1]]
    recall = recall_by_state(confusion_matrix(pred, gt))
    np.testing.assert_allclose(recall, [1, 1 / 3, np.nan])


@given(
    arrays(int, (4, 5), elements=st.integers(0, 2)),
    arrays(int, (4, 5), elements=st.integers(-1, 2)),
)
def test_accuracy_is_the_share_on_the_diagonal(pred, gt):
    matrix = confusion_matrix(pred, gt)
    accuracy = visibility_accuracy(pred, gt)
    assert matrix.sum() == (gt >= 0).sum()
    if matrix.sum():
        assert accuracy == pytest.approx(np.trace(matrix) / matrix.sum())
