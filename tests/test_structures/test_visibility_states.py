import numpy as np
import pytest

from dfa_mm.structures import (
    NUM_VISIBILITY_STATES,
    Visibility,
    from_coco,
    has_position,
    to_coco,
)

ALL = np.array([-1, 0, 1, 2])


def test_codes_are_flds_own():
    assert [state.name for state in sorted(Visibility)] == [
        'ABSENT',
        'VISIBLE',
        'OCCLUDED',
        'TRUNCATED',
    ]
    assert sorted(map(int, Visibility)) == ALL.tolist()


def test_only_landmarks_inside_the_picture_have_a_position():
    assert has_position(ALL).tolist() == [False, True, True, False]


def test_to_coco():
    # COCO: 2 visible, 1 occluded, 0 neither
    assert to_coco(ALL).tolist() == [0, 2, 1, 0]


def test_from_coco_inverts_to_coco_where_it_can():
    states = np.array([[0, 1, 2], [2, 1, 0]])
    assert from_coco(to_coco(states)).tolist() == states.tolist()
    assert from_coco(np.array([0.0, 2.0])).dtype == np.int64


@pytest.mark.parametrize('flag', [3, -1, 0.5])
def test_from_coco_names_a_wrong_flag(flag):
    with pytest.raises(ValueError, match=str(flag)):
        from_coco(np.array([0, 1, flag]))


def test_the_first_wrong_flag_is_named():
    with pytest.raises(ValueError, match='flag 7 '):
        from_coco(np.array([0, 7, 9]))


def test_states_that_are_told_apart():
    assert NUM_VISIBILITY_STATES == len(Visibility) - 1 == 3
