"""Pixels and landmarks through one map."""

import cv2
import numpy as np
import pytest

from projects.composites.warps import Warp, thin_plate

CORNERS = np.array([[0, 0], [99, 0], [0, 79], [99, 79]], float)
SHAPE = (80, 100)


def test_a_shift_by_hand():
    warp = thin_plate(CORNERS, CORNERS + (7, -3), SHAPE)
    assert warp.points([[40, 30]]) == pytest.approx(
        np.array([[47, 27]]), abs=1e-3
    )
    old = np.zeros(SHAPE, np.uint8)
    old[30, 40] = 255
    new = warp.picture(old)
    assert np.argwhere(new > 200).tolist() == [[27, 47]]


def test_what_leaves_the_picture_is_nan():
    warp = thin_plate(CORNERS, CORNERS + (7, -3), SHAPE)
    # (95, 30) would come to x = 102, (40, 2) to y = -1
    assert np.isnan(warp.points([[95, 30], [40, 2]])).all()
    assert warp.points(np.zeros((0, 2))).shape == (0, 2)


def bent(seed, bend=5.0):
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:1:4j, 0:1:4j]
    old = np.stack([x.ravel() * 99, y.ravel() * 79], 1)
    return thin_plate(old, old + rng.normal(0, bend, old.shape), SHAPE)


@pytest.mark.parametrize('seed', range(6))
def test_a_bright_spot_stays_under_its_landmark(seed):
    warp, rng = bent(seed), np.random.default_rng(seed)
    for point in rng.uniform((15, 15), (84, 64), (8, 2)):
        old = np.zeros(SHAPE, np.float32)
        y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
        old += np.exp(-((x - point[0]) ** 2 + (y - point[1]) ** 2) / 8)
        new = warp.picture(old)
        spot = warp.points(point[None])[0]
        row, column = np.unravel_index(np.argmax(new), SHAPE)
        assert np.abs(spot - (column, row)).max() <= 1.0


@pytest.mark.parametrize('seed', range(6))
def test_points_invert_the_very_field(seed):
    warp, rng = bent(seed), np.random.default_rng(seed)
    old = rng.uniform((15, 15), (84, 64), (20, 2))
    new = warp.points(old).astype(np.float32)
    back = cv2.remap(warp.field, new[:, 0], new[:, 1], cv2.INTER_LINEAR)
    # OpenCV interpolates in 32nds of a pixel
    assert back[:, 0] == pytest.approx(old, abs=0.08)


def test_the_spline_meets_its_points():
    old = np.array([[10, 10], [90, 12], [12, 70], [88, 66], [50, 40]], float)
    new = old + [[3, 2], [-4, 3], [2, -5], [-3, -3], [6, 4]]
    # up to what a grid of 8 px leaves out
    assert thin_plate(old, new, SHAPE).points(old) == pytest.approx(
        new, abs=0.25
    )


def test_folded_share():
    whole = np.full(SHAPE, 255, np.uint8)
    assert bent(0).folded_share(whole) == 0
    mirrored = thin_plate(CORNERS, CORNERS * (-1, 1) + (99, 0), SHAPE)
    assert mirrored.folded_share(whole) == 1
    assert mirrored.folded_share(np.zeros(SHAPE, np.uint8)) == 0


def test_half_folded():
    x = np.abs(np.arange(100) - 50).astype(np.float32)
    field = np.stack(np.broadcast_arrays(x, np.arange(80.0)[:, None]), -1)
    warp = Warp(np.ascontiguousarray(field, np.float32))
    share = warp.folded_share(np.full(SHAPE, 255, np.uint8))
    assert share == pytest.approx(50 / 99, abs=1e-6)
