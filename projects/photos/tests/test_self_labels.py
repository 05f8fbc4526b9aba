"""Agreement of a model with itself, by made-up models."""

import numpy as np
import pytest

from dfa_mm.structures import FLD_SETS, Visibility
from projects.photos.self_labels import (
    SCALES,
    TURNS,
    Answer,
    answers,
    label,
    merged,
    moved,
    slots_of,
    turned,
)

SPOTS = np.array([[30, 20], [70, 20], [25, 80], [76, 82]], float)
BOX = (25, 20, 77, 83)


COLOURS = ((255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255))


def spotted():
    """A picture of 120 x 100 with a blue, green, red and white spot."""
    image = np.zeros((100, 120, 3), np.uint8)
    for colour, (x, y) in zip(COLOURS, SPOTS.astype(int)):
        image[y - 2 : y + 3, x - 2 : x + 3] = colour
    return image


def shares(image):
    """How much of each spot's colour there is, four pictures (H, W)."""
    white = image.min(2)
    return [*np.moveaxis(image - white[..., None], 2, 0), white]


def finder(image, boxes):
    """The spots' middles, left and right as in the picture."""
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    points = np.array(
        [
            (np.average(x, weights=share), np.average(y, weights=share))
            for share in shares(image)
        ]
    )
    order = [*np.argsort(points[:2, 0]), *(2 + np.argsort(points[2:, 0]))]
    return [Answer(points[order], np.zeros(4, int)) for _ in boxes]


def test_a_sure_model_is_believed():
    found = label(finder, spotted(), 2, BOX)
    assert found.landmarks == pytest.approx(SPOTS, abs=0.1)
    assert found.spread.max() < 0.02
    assert found.agreement == 1
    assert found.fault(0.03) is None
    assert found.bbox.tolist() == list(BOX)


def test_without_a_box_one_is_put_round_the_landmarks():
    found = label(finder, spotted(), 2)
    # 25 to 76 and 20 to 82, widened by 3 % of 51 and 62
    assert found.bbox == pytest.approx([23.5, 18.1, 77.5, 83.9], abs=1.1)


def test_the_box_reaches_to_what_is_cut_off():
    def model(image, boxes):
        states = np.array([0, 0, 2, 2])
        return [Answer(a.points, states) for a in finder(image, boxes)]

    found = label(model, spotted(), 2)
    assert found.visibility.tolist() == [0, 0, 2, 2]
    assert found.bbox == pytest.approx([23.5, 18.1, 77.5, 83.9], abs=1.1)


def test_views():
    image = spotted()
    seen = []

    def model(view, boxes):
        seen.append((view, boxes))
        return finder(view, boxes)

    found = answers(model, image, np.array(BOX, float), 2)
    assert len(seen) == len(TURNS) == 6
    assert len(found) == len(TURNS) * len(SCALES) == 12
    first, larger = seen[0][1]
    assert first == pytest.approx(BOX)
    # 52 x 63 about (51, 51.5), 1.2 times as large
    assert larger == pytest.approx([19.8, 13.7, 82.2, 89.3], abs=1e-4)


def test_turning_moves_points_with_pixels():
    image = spotted()
    for mirrored, angle in TURNS:
        view, matrix = turned(image, mirrored, angle)
        x, y = np.round(moved(SPOTS[3:], matrix)[0]).astype(int)
        assert view[y, x].min() > 240


def test_a_model_that_ignores_the_picture_is_not():
    def stubborn(image, boxes):
        return [Answer(SPOTS, np.zeros(4, int)) for _ in boxes]

    found = label(stubborn, spotted(), 2, BOX)
    assert found.fault(0.03) == 'landmarks spread'


def test_spread_by_hand():
    left = Answer(np.array([[10.0, 50]]), np.array([0]))
    right = Answer(np.array([[14.0, 50]]), np.array([0]))
    found = merged([left, right], np.array([0, 0, 20.0, 100]), (200, 200))
    # both 2 px from the median, over a width of 20
    assert found.spread == pytest.approx([0.1])
    assert found.landmarks == pytest.approx(np.array([[12, 50]]))


def at(x, state=Visibility.VISIBLE):
    return Answer(np.array([[x, 50.0], [50, 50]]), np.array([state, 0]))


def test_one_view_that_misses_does_not_count():
    box = np.array([0, 0, 100.0, 100])
    found = merged(
        [at(10.0), at(11.0), at(12.0), at(13.0), at(90.0)], box, (100, 100)
    )
    # distances 2, 1, 0, 1, 78 px of 100
    assert found.landmarks[0] == pytest.approx([12, 50])
    assert found.spread == pytest.approx([0.01, 0])
    assert found.fault(0.04) is None


def test_occluded_landmarks_may_be_guesses():
    box = np.array([0, 0, 100.0, 100])
    apart = [10.0, 30.0, 50.0, 70.0, 90.0]
    found = merged([at(x) for x in apart], box, (100, 100))
    assert found.fault(0.04) == 'landmarks spread'
    occluded = [at(x, Visibility.OCCLUDED) for x in apart]
    found = merged(occluded, box, (100, 100))
    assert found.spread == pytest.approx([0.2, 0])
    assert found.most_spread == 0
    assert found.fault(0.04) is None


def test_nothing_visible():
    hidden = Answer(np.array([[5.0, 5]]), np.array([Visibility.OCCLUDED]))
    found = merged([hidden], np.array([0, 0, 9.0, 9]), (10, 10))
    assert found.fault(1.0) == 'no landmark visible'


def test_states_are_voted_on():
    def answer(*states):
        return Answer(np.full((3, 2), 50.0), np.array(states))

    box = np.array([0, 0, 100.0, 100])
    found = merged(
        [answer(0, 1, 2), answer(0, 1, 2), answer(1, 1, 2)], box, (100, 100)
    )
    assert found.visibility.tolist() == [0, 1, 2]
    assert found.agreement == pytest.approx(2 / 3)
    assert np.isnan(found.landmarks[2]).all()
    assert found.spread[2] == 0
    found = merged([answer(0, 1, 2), answer(1, 1, 2)], box, (100, 100))
    assert found.fault(1.0) == 'states differ'


def test_outside_the_picture_is_cut_off():
    out = Answer(np.array([[150.0, 50], [50, 50]]), None)
    found = merged([out, out], np.array([0, 0, 90.0, 90]), (100, 100))
    assert found.visibility.tolist() == [
        Visibility.TRUNCATED,
        Visibility.VISIBLE,
    ]


def test_a_model_of_all_landmarks_gives_those_of_the_type():
    names = FLD_SETS['all'].landmarks
    picked = [names[i] for i in slots_of(2, 8)]
    assert picked == list(FLD_SETS['lower'].landmarks)
    assert list(slots_of(2, 4)) == [0, 1, 2, 3]
    with pytest.raises(ValueError, match='finds 6 landmarks; expected 4'):
        slots_of(2, 6)
