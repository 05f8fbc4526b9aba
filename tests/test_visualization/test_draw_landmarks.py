import numpy as np
import pytest

from dfa_mm.structures import FLD_SETS, Visibility
from dfa_mm.structures.landmark_sets import LEFT_COLOR, RIGHT_COLOR
from dfa_mm.visualization import draw_errors, draw_landmarks
from dfa_mm.visualization.landmarks import truncation_note
from dfa_mm.visualization.text import draw_note

META = FLD_SETS['lower'].metainfo()
GREY = 90
# Left and right waistline, left and right hem, far from each other.
POINTS = np.array([[25.0, 20], [75, 20], [25, 60], [75, 60]])


def grey(height=100, width=100):
    return np.full((height, width, 3), GREY, np.uint8)


def is_blue(image):
    """Left's colour, also where a smoothed edge mixes it with the ground."""
    return image[..., 2].astype(int) - image[..., 0] > 100


def at(image, point):
    x, y = np.round(point).astype(int)
    return tuple(int(c) for c in image[y, x])


@pytest.mark.parametrize('side', [100, 512, 4000])
def test_a_visible_landmark_is_a_disc_of_its_side(side):
    points = POINTS * side / 100
    drawn = draw_landmarks(grey(side, side), points, np.zeros(4), META)
    colors = [LEFT_COLOR, RIGHT_COLOR, LEFT_COLOR, RIGHT_COLOR]
    assert [at(drawn, point) for point in points] == colors
    # 1.2 % of the picture, and never so small that it cannot be seen.
    radius = max(3, 0.012 * side)
    above = points - (0, 0.7 * radius)
    assert [at(drawn, point) for point in above] == colors


@pytest.mark.parametrize('side', [100, 512, 4000])
def test_an_occluded_landmark_is_a_ring_with_its_middle_free(side):
    points = POINTS * side / 100
    hidden = np.full(4, Visibility.OCCLUDED)
    drawn = draw_landmarks(grey(side, side), points, hidden, META)
    assert [at(drawn, point) for point in points] == [(GREY,) * 3] * 4
    left = is_blue(drawn)
    radius = max(3, 0.012 * side)
    distances = np.linalg.norm(np.argwhere(left)[:, ::-1] - points[0], axis=1)
    assert 0.5 * radius < distances.min() < 1.3 * radius


def test_absent_landmarks_leave_no_trace():
    image = grey()
    drawn = draw_landmarks(image, POINTS, np.full(4, -1), META)
    np.testing.assert_array_equal(drawn, image)
    assert drawn is not image


def test_truncated_landmarks_are_named_not_drawn():
    states = np.array([-1, -1, 2, 2])
    assert truncation_note(states, META) == 'cut off: L hem, R hem'
    image = grey()
    drawn = draw_landmarks(image, POINTS * (1, 0.5), states, META)
    changed_rows = np.flatnonzero((drawn != image).any(axis=(1, 2)))
    assert len(changed_rows)
    assert changed_rows.min() > 50  # only the strip along the lower edge
    without = draw_landmarks(image, POINTS, states, META, note=False)
    np.testing.assert_array_equal(without, image)


def test_limbs_join_landmarks_with_a_position():
    drawn = draw_landmarks(grey(), POINTS, np.array([0, 2, 0, -1]), META)
    assert is_blue(drawn)[40, 25]
    assert at(drawn, (50, 20)) == (GREY,) * 3


def test_the_picture_is_not_changed():
    image = grey()
    draw_landmarks(image, POINTS, np.array([0, 1, 2, 0]), META)
    assert (image == GREY).all()


def test_points_that_cannot_be_drawn_are_passed_over():
    points = POINTS.copy()
    points[1:] = [[np.nan, 3], [np.inf, 0], [1e300, -1e300]]
    drawn = draw_landmarks(grey(), points, np.zeros(4), META)
    assert at(drawn, points[0]) == LEFT_COLOR


def test_a_read_only_view_can_be_drawn_on():
    image = grey()[:, ::-1]
    image.flags.writeable = False
    drawn = draw_landmarks(image, POINTS, np.zeros(4), META)
    assert at(drawn, POINTS[0]) == LEFT_COLOR


def test_another_number_of_landmarks_is_named():
    with pytest.raises(ValueError, match=r'\(3, 2\).*K = 4'):
        draw_landmarks(grey(), POINTS[:3], np.zeros(3), META)


def test_several_garments_with_one_note():
    states = np.array([[0, 2, -1, -1], [-1, -1, 0, 2]])
    both = np.stack([POINTS, POINTS * (1, 0.5)])
    drawn = draw_landmarks(grey(), both, states, META)
    assert at(drawn, both[0, 0]) == at(drawn, both[1, 2]) == LEFT_COLOR
    one = draw_landmarks(grey(), both[0], states[0], META, note=False)
    two = draw_landmarks(one, both[1], states[1], META, note=False)
    draw_note(two, 'cut off: R waistline; cut off: R hem')
    np.testing.assert_array_equal(drawn, two)


def test_numbers_stand_beside_the_landmarks():
    plain = draw_landmarks(grey(), POINTS, np.zeros(4), META)
    drawn = draw_landmarks(grey(), POINTS, np.zeros(4), META, show_index=True)
    changed = np.argwhere((drawn != plain).any(axis=-1))[:, ::-1]
    nearest = np.linalg.norm(changed[:, None] - POINTS, axis=-1)
    assert set(nearest.argmin(axis=1)) == {0, 1, 2, 3}
    assert nearest.min(axis=1).max() < 15


def test_a_line_leads_to_each_known_truth():
    found = np.array([[20.0, 20], [20, 60], [20, 80]])
    truth = np.array([[70.0, 20], [70, 60], [np.nan, np.nan]])
    white = np.full((100, 100, 3), 255, np.uint8)
    drawn = draw_errors(white, found, truth, np.array([True, False, True]))
    marked = (drawn != 255).any(axis=-1)
    assert marked[20, 30:60].all()
    # of the others one is not known, and one is nowhere
    assert not marked[40:].any()
    assert (white == 255).all()
