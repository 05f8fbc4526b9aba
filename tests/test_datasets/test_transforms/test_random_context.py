import numpy as np
import pytest

from dfa_mm.datasets.transforms import RandomContext

BOX = [10, 20, 50, 80]


def view(**kwargs) -> list:
    """x1 y1 x2 y2 of what is looked at in a picture of 200 x 100."""
    bbox = np.array([BOX], dtype=np.float32)
    results = dict(bbox=bbox.copy(), img_shape=(100, 200))
    results = RandomContext(**{'padding': 1.0, **kwargs})(results)
    np.testing.assert_array_equal(results['bbox'], bbox)
    centre, half = results['bbox_center'], results['bbox_scale'] / 2
    return np.concatenate([centre - half, centre + half], 1)[0].tolist()


def test_never():
    assert view(prob=0.0) == BOX


def test_padding_is_a_factor_on_the_size():
    assert view(prob=0.0, padding=1.5) == [0, 5, 60, 95]


def test_the_whole_picture():
    assert view(prob=1.0, whole_prob=1.0) == [0, 0, 200, 100]


def test_something_in_between():
    np.random.seed(0)
    views = np.array([view(prob=1.0, whole_prob=0.0) for _ in range(50)])
    assert (views[:, :2] > -1e-3).all()
    assert (views[:, :2] <= BOX[:2]).all()
    assert (views[:, 2:] >= BOX[2:]).all()
    assert (views[:, 2] < 200).all()
    # every side for itself
    assert len(np.unique(views.round(2), axis=0)) == 50


def test_how_often():
    np.random.seed(0)
    changed = [view(prob=0.25) != BOX for _ in range(400)]
    assert 0.18 < np.mean(changed) < 0.32


@pytest.mark.parametrize('name', ['prob', 'whole_prob'])
def test_a_share_over_one_is_named(name):
    with pytest.raises(ValueError, match=f'{name} must lie.*1.5'):
        RandomContext(**{name: 1.5})
