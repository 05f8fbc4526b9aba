import numpy as np
import pytest

from dfa_mm.datasets.transforms import RandomCut
from dfa_mm.datasets.transforms.random_cut import cut_picture


def sample():
    """A box of 40 x 60 at (30, 20) in a picture of 100 x 120."""
    columns, rows = np.meshgrid(np.arange(100), np.arange(120))
    image = np.stack([columns, rows, 0 * rows], -1).astype(np.uint8)
    return dict(
        img=image,
        img_shape=(120, 100),
        bbox=np.array([[30, 20, 70, 80]], dtype=np.float32),
        keypoints=np.array(
            [[[30, 20], [70, 20], [30, 80], [70, 80]]], dtype=np.float32
        ),
        keypoints_visible=np.ones((1, 4), dtype=np.float32),
        landmark_visibility=np.array([[0, 1, 0, -1]]),
    )


@pytest.mark.parametrize(
    ('side', 'shape', 'box', 'states'),
    [
        # a quarter of 40 or of 60 is lost: from x = 40, y = 35, to 60, 65
        (0, (120, 60), [0, 20, 30, 80], [2, 1, 2, -1]),
        (1, (85, 100), [30, 0, 70, 45], [2, 2, 0, -1]),
        (2, (120, 60), [30, 20, 60, 80], [0, 2, 0, -1]),
        (3, (65, 100), [30, 20, 70, 65], [0, 1, 2, -1]),
    ],
)
def test_what_lies_beyond_is_cut_off(side, shape, box, states):
    before = sample()
    cut = cut_picture(before, side, 0.25)
    assert cut['img'].shape[:2] == cut['img_shape'] == shape
    assert cut['bbox'].tolist() == [box]
    assert cut['landmark_visibility'].tolist() == [states]
    # landmarks and pixels have moved together
    left, top = cut['img'][0, 0, :2]
    assert (before['keypoints'] - cut['keypoints'] == [left, top]).all()
    assert before['bbox'].tolist() == [[30, 20, 70, 80]]


def test_it_cuts_as_often_as_asked():
    assert RandomCut(prob=0)(sample())['img_shape'] == (120, 100)
    np.random.seed(0)
    cut = RandomCut(prob=0.3)
    shapes = [cut(sample())['img_shape'] for _ in range(200)]
    assert 0.2 < np.mean([shape != (120, 100) for shape in shapes]) < 0.4


@pytest.mark.parametrize('wrong', [dict(prob=2), dict(depth=(0.5, 0.2))])
def test_wrong_arguments_are_named(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        RandomCut(**wrong)
