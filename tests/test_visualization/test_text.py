import numpy as np

from dfa_mm.visualization.text import draw_heading, draw_note, with_lines

TEXT = 'cut off: L hem, R hem'


def darkened(draw, side, text=TEXT):
    """Rows of a white picture that a strip has darkened."""
    image = np.full((side, side, 3), 255, np.uint8)
    draw(image, text)
    return np.flatnonzero(image[:, -1, 0] < 255)


def test_strips_lie_along_the_edges():
    for side in (200, 3000):
        heading, note = (darkened(d, side) for d in (draw_heading, draw_note))
        assert heading[0] == 0
        assert note[-1] == side - 1
        assert len(heading) == len(note) < 0.2 * side


def test_strips_grow_with_picture_and_text():
    assert len(darkened(draw_heading, 3000)) > 100
    short, long = darkened(draw_note, 400), darkened(draw_note, 400, TEXT * 4)
    assert len(long) > 2 * len(short) - 8
    # far more than fits: the strip ends where the picture does
    assert len(darkened(draw_heading, 30, TEXT * 9)) == 30


def test_text_can_be_read_on_any_ground():
    for level in (0, 255):
        image = np.full((200, 200, 3), level, np.uint8)
        draw_heading(image, TEXT)
        strip = image[:10].astype(int)
        assert strip.max() - strip[:, -1].max() > 100


def test_lines_above_a_narrow_and_a_wide_picture():
    for side in (50, 150):
        image = np.full((40, side, 3), 100, np.uint8)
        drawn = with_lines(image, ['one', 'two'], 100)
        bar = len(drawn) - 40
        assert drawn.shape[1] == 100
        assert (drawn[:bar, -1] < 60).all()
        # half of what is written stands in either half of the bar
        for half in np.split(drawn[: bar // 2 * 2], 2):
            assert half.max() > 200
        assert (drawn[bar:, :50] == 100).all()
        assert (drawn[bar:, 50:] == (255 if side == 50 else 100)).all()
