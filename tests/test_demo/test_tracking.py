import numpy as np
import pytest

from projects.commands.garments import Garments
from projects.commands.tracking import KEEP_SHARE, MEMORY, GarmentTracker

THR = 0.5
FPS = 25


def square(x, y=0, side=10):
    return [x, y, x + side, y + side]


@pytest.fixture
def tracker():
    return GarmentTracker(THR)


@pytest.fixture
def track(tracker):
    """Numbers of (box, type, score) garments at a time."""

    def run(seconds, *garments):
        boxes, types, scores = zip(*garments) if garments else ((), (), ())
        boxes = np.array(boxes, float).reshape(-1, 4)
        return tracker(Garments(boxes, list(types), scores), seconds)

    return run


def test_numbers_from_one_the_surest_first(track):
    found = track(0, (square(0), 'upper', 0.6), (square(50), 'upper', 0.9))
    assert found == [2, 1]
    assert track(1 / FPS) == []


def test_matched_by_overlap_not_by_order(track):
    track(0, (square(0), 'upper', 0.9), (square(50), 'upper', 0.8))
    found = track(
        1 / FPS, (square(48), 'upper', 0.9), (square(3), 'upper', 0.6)
    )
    assert found == [2, 1]


def test_the_least_overlap(track):
    # squares of 10 apart by d: (10 - d) / (10 + d); 9 / 11 of 10 is 8.18
    track(0, (square(0), 'upper', 0.9))
    assert track(1 / FPS, (square(8.1), 'upper', 0.9)) == [1]
    # the next is expected 8.1 further, at 16.2
    assert track(2 / FPS, (square(16.2 + 8.2), 'upper', 0.9)) == [2]


def test_a_moving_garment_is_expected_ahead(track):
    # 9 pixels a frame overlap by 1 / 19, too little, unless one follows
    track(0, (square(0), 'upper', 0.9))
    track(1 / FPS, (square(5), 'upper', 0.9))
    assert track(2 / FPS, (square(14), 'upper', 0.9)) == [1]
    # speed: 5 + 0.3 * (9 - 5) = 6.2 a frame, 14 + 2 * 6.2 = 26.4 after two
    assert track(4 / FPS, (square(26.4 + 8.1), 'upper', 0.9)) == [1]


def test_other_types_are_other_garments(track):
    track(0, (square(0), 'upper', 0.9), (square(0), 'full', 0.8))
    found = track(1 / FPS, (square(0), 'full', 0.9), (square(0), 'lower', 0.8))
    assert found == [2, 3]


def test_no_two_garments_have_one_number(track):
    track(0, (square(0), 'upper', 0.9))
    found = track(
        1 / FPS, (square(1), 'upper', 0.8), (square(0), 'upper', 0.9)
    )
    assert found == [2, 1]


def test_what_is_missed_for_a_while_comes_back(track):
    track(0, (square(0), 'upper', 0.9))
    assert track(0.5) == []
    assert track(MEMORY, (square(0), 'upper', 0.9)) == [1]
    assert track(2 * MEMORY + 0.01, (square(0), 'upper', 0.9)) == [2]


def test_a_known_garment_goes_on_with_less(track):
    less = KEEP_SHARE * THR
    assert track(0, (square(0), 'upper', less)) == [None]
    assert track(0.1, (square(0), 'upper', THR)) == [1]
    assert track(
        0.2, (square(0), 'upper', less), (square(50), 'upper', less)
    ) == [1, None]


def test_garments_pass_each_other(track):
    """Two of a type cross at 100 pixels a second, one above the other."""
    for i in range(50):
        right = square(4 * i, y=0, side=40)
        left = square(200 - 4 * i, y=20, side=40)
        found = track(
            i / FPS, (right, 'upper', 0.7), (left, 'upper', 0.7 - i % 2 / 10)
        )
        assert found == [1, 2]


def test_where_garments_should_be_between_two_detections(tracker, track):
    track(0.0, (square(0), 'upper', 0.9), (square(50), 'full', 0.8))
    seen, numbers = tracker.expected(0.1)
    assert numbers == [1, 2]
    assert seen.boxes.tolist() == [square(0), square(50)]  # no speed yet
    track(0.2, (square(2), 'upper', 0.7))
    # 2 pixels in 0.2 s, 3 in another 0.3 s; the other was missed
    seen, numbers = tracker.expected(0.5)
    assert numbers == [1]
    assert seen.boxes.tolist() == [square(5)]
    assert seen.types == ['upper']
    assert seen.scores == [0.7]
    track(0.6)
    assert tracker.expected(0.7)[1] == []
    assert tracker.numbers == [1, 2]  # remembered
