import numpy as np
import pytest

from projects.garment_detector.negatives import KINDS, background_window, draw


@pytest.mark.parametrize('kind', sorted(KINDS))
def test_every_kind_draws_a_picture(kind):
    picture = KINDS[kind](np.random.default_rng(0), 120, 90)
    assert picture.shape == (120, 90, 3)
    assert np.isfinite(picture).all()


def test_the_same_seed_draws_the_same():
    one, two, other = (draw(np.random.default_rng(s)) for s in (3, 3, 4))
    assert np.array_equal(one, two)
    assert one.dtype == np.uint8
    assert one.shape != other.shape or (one != other).any()


def test_windows_show_no_person():
    mask = np.zeros((200, 150), np.uint8)
    mask[20:180, 100:130] = 7
    for seed in range(20):
        window = background_window(np.random.default_rng(seed), mask)
        x_1, y_1, x_2, y_2 = window
        assert not mask[y_1:y_2, x_1:x_2].any()
        assert x_2 - x_1 >= 56
        assert y_2 - y_1 >= 56
        assert x_2 <= 150
        assert y_2 <= 200


def test_there_may_be_no_window():
    everywhere = np.ones((200, 150), np.uint8)
    rng = np.random.default_rng(0)
    assert background_window(rng, everywhere) is None
    assert background_window(rng, np.zeros((40, 40), np.uint8)) is None
