import numpy as np

from projects.web_demo.clicked_box import add_corner, box_between, draw_corners


def test_a_third_click_starts_again():
    first = add_corner((), (5, 6))
    second = add_corner(first, (1, 9))
    assert first == ((5, 6),)
    assert second == ((5, 6), (1, 9))
    assert add_corner(second, (3, 4)) == ((3, 4),)


def test_opposite_corners_in_any_order():
    box = [10.0, 20.0, 30.0, 50.0]
    assert box_between(((10, 20), (30, 50))) == box
    assert box_between(((30, 20), (10, 50))) == box
    assert box_between(((30, 50), (10, 20))) == box


def test_one_corner_is_no_box():
    assert box_between(()) is None
    assert box_between(((1, 2),)) is None


def marked(*corners, factor=1.0):
    """Rows and columns (2, n) of what is drawn on a grey picture."""
    image = np.full((100, 80, 3), 128, np.uint8)
    drawn = draw_corners(image, corners, factor)
    assert (image == 128).all()
    return np.argwhere((drawn != 128).any(axis=2)).T


def test_one_corner_is_drawn_in_its_place():
    rows, columns = marked((10, 30), factor=2.0)
    assert rows.mean() == 60
    assert columns.mean() == 20


def test_the_box_is_drawn_between_the_corners():
    rows, columns = marked((20, 30), (60, 70))
    sides = columns[(rows > 45) & (rows < 55)]  # no corner
    assert sides.min() < 20 < 60 < sides.max()
    assert np.minimum(abs(sides - 20), abs(sides - 60)).max() <= 2


def test_without_corners_nothing_is_drawn():
    assert marked().size == 0
