import numpy as np
import pytest

from dfa_mm.apis import InputError
from dfa_mm.apis.landmarks import clip_box

IMAGE = np.zeros((50, 80, 3), np.uint8)


def test_boxes_are_cut_at_the_border():
    assert clip_box(None, IMAGE).tolist() == [0, 0, 80, 50]
    assert clip_box([10, 20, 30, 40], IMAGE).tolist() == [10, 20, 30, 40]
    assert clip_box([-9, 20, 30, 99], IMAGE).tolist() == [0, 20, 30, 50]


@pytest.mark.parametrize(
    'box',
    [
        (50, 20, 40, 45),  # x, y, width, height by mistake
        (10, 10, 10, 40),
        (90, 0, 99, 40),
        (float('nan'), 0, 10, 40),
    ],
)
def test_refuses_a_box_without_pixels(box):
    with pytest.raises(InputError, match='picture a.jpg, which is 80 x 50'):
        clip_box(box, IMAGE, 'a.jpg')


def test_refuses_another_number_of_numbers():
    with pytest.raises(InputError, match='x1 y1 x2 y2, not'):
        clip_box([1, 2, 3], IMAGE)
