import cv2
import numpy as np
import pytest

from projects.reproduction.plots import plot_curves

THRESHOLDS = np.arange(51) / 100
BLUE = (31, 119, 180)  # the first of matplotlib's tab20


def blue_pixels(path, curve):
    """Rows and columns, in the left half, where the legend is not."""
    plot_curves(path, THRESHOLDS, {'elbow': curve}, 'torso', 'PCK')
    picture = cv2.imread(str(path))[..., ::-1]
    left = picture[:, : picture.shape[1] // 2].astype(int)
    # thin lines have smoothed edges
    return np.nonzero((abs(left - BLUE) < 60).all(axis=-1))


def test_shares_are_heights(tmp_path):
    path = tmp_path / 'new' / 'pck.png'
    rows = [
        blue_pixels(path, np.full(51, share))[0].mean()
        for share in (0.25, 0.5, 0.75, 1)
    ]
    steps = -np.diff(rows)  # rows count downwards
    assert steps.min() > 50
    np.testing.assert_allclose(steps, steps.mean(), atol=1.5)


@pytest.mark.parametrize('gap', [None, np.nan])
def test_no_number_leaves_a_gap(tmp_path, gap):
    whole = blue_pixels(tmp_path / 'a.png', [0.5] * 51)[1]
    holed = blue_pixels(tmp_path / 'b.png', [0.5] * 10 + [gap] * 41)[1]
    assert whole.min() == holed.min()
    assert holed.max() < whole.max()


def test_no_curve_at_all(tmp_path):
    path = tmp_path / 'empty.png'
    plot_curves(path, THRESHOLDS, {}, 'torso', 'PCK')
    assert cv2.imread(str(path)) is not None
