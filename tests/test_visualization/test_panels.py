import numpy as np
import pytest

from dfa_mm.visualization import contact_sheet, crop_round_box
from dfa_mm.visualization.text import wrap


@pytest.mark.parametrize('panel_size', [60, 120, 240])
def test_a_bright_pixel_and_its_landmark_still_coincide(panel_size):
    image = np.zeros((200, 300, 3), np.uint8)
    image[80:83, 120:123] = 255  # centred on pixel (121, 81)
    box = np.array([100, 50, 180, 110])
    part, origin, scale = crop_round_box(image, box, panel_size)
    # 10 % of the long side 80 on every side: 96 x 76, from (92, 42).
    assert origin.tolist() == [92, 42]
    assert scale == panel_size / 96
    weight = part[..., 0].astype(float)
    rows, columns = np.indices(weight.shape)
    found = [(columns * weight).sum(), (rows * weight).sum()] / weight.sum()
    # Pixel centres move by up to half a pixel when a picture is resized.
    expected = (np.array([121.0, 81]) - origin) * scale
    np.testing.assert_allclose(found, expected, atol=0.5 * max(1, scale))


def test_a_box_beyond_the_picture_is_cut():
    image = np.zeros((100, 100, 3), np.uint8)
    part, origin, _ = crop_round_box(image, np.array([-50, 20, 150, 80]), 50)
    assert origin.tolist() == [0, 0]
    assert part.shape == (50, 50, 3)


@pytest.mark.parametrize('box', [(300, 300, 400, 400), (-9, -9, -5, -5)])
def test_a_box_outside_the_picture_still_shows_a_pixel(box):
    part, _, _ = crop_round_box(np.zeros((100, 100, 3), np.uint8), box, 50)
    assert part.shape == (50, 50, 3)


def test_without_a_box_the_whole_picture_is_shown():
    part, origin, scale = crop_round_box(
        np.zeros((50, 100, 3), np.uint8), None, 200
    )
    assert (part.shape, origin.tolist(), scale) == ((100, 200, 3), [0, 0], 2)


def test_contact_sheet_by_hand():
    panels = [np.full((2, 3, 3), i, np.uint8) for i in range(3)]
    panels[1] = panels[1][:1]
    sheet = contact_sheet(panels, columns=2, gap=1)
    w = 255  # cells 2 x 3; rows 2 + 1 + 2, columns 3 + 1 + 3
    expected = [
        [0, 0, 0, w, 1, 1, 1],
        [0, 0, 0, w, w, w, w],
        [w, w, w, w, w, w, w],
        [2, 2, 2, w, w, w, w],
        [2, 2, 2, w, w, w, w],
    ]
    np.testing.assert_array_equal(sheet[..., 0], expected)


def test_an_empty_contact_sheet_is_refused():
    with pytest.raises(ValueError, match='none'):
        contact_sheet([], columns=2)


def test_text_breaks_between_words():
    assert wrap('left right', width=1, height=8) == ['left', 'right']
    assert wrap('left right', width=1000, height=8) == ['left right']
