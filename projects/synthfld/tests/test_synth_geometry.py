"""Geometry worked by hand."""

import numpy as np
import pytest

from projects.synthfld.curves import cut, ribbon, smooth
from projects.synthfld.fabric import Fabric, flat
from projects.synthfld.layer import NOTHING, Layer, paint
from projects.synthfld.rings import Rings, is_seen, seam
from projects.synthfld.view import Camera, View

CAMERA = Camera(10.0, 0.0, np.array([5.0, 5.0]))
SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1.0]])


def _rings():
    y = np.array([0.0, 0.4, 0.8])
    return Rings(y, np.full(3, 0.2), np.full(3, 0.1), tilt=0.05)


def test_seams_of_a_frontal_view_are_the_corners():
    view = View(pitch=0.2)
    # The hem is tilted by 0.05: the left corner is higher than the right.
    np.testing.assert_allclose(seam(_rings(), 2, -1, view), [-0.2, 0.75])
    np.testing.assert_allclose(seam(_rings(), 2, 1, view), [0.2, 0.85])


def test_seams_of_a_side_view_move_inwards():
    view = View(yaw=np.pi / 3, pitch=0.2)
    # x = a cos 60 = 0.1; depth = a sin 60 = 0.1732 nearer on the left,
    # which is 0.2 * 0.1732 = 0.0346 lower.
    left, right = (seam(_rings(), 1, side, view) for side in (-1, 1))
    np.testing.assert_allclose(left, [-0.1, 0.4346], atol=1e-4)
    np.testing.assert_allclose(right, [0.1, 0.3654], atol=1e-4)
    assert view.is_far(1)
    assert not view.is_far(-1)
    assert is_seen(_rings(), 1, -np.pi / 2, view)
    assert not is_seen(_rings(), 1, np.pi / 2, view)


@pytest.mark.parametrize('yaw', [-1.2, -0.3, 0.0, 0.5, 1.2])
def test_outline_is_the_widest_point_of_the_ring(yaw):
    view = View(yaw=yaw)
    angles = np.linspace(0, 2 * np.pi, 3601)
    x = 0.2 * np.sin(angles) * np.cos(yaw) + 0.1 * np.cos(angles) * np.sin(yaw)
    np.testing.assert_allclose(_rings().reach(view), x.max(), atol=1e-5)


def test_smooth_passes_through_its_points():
    points = np.array([[0, 0], [1, 2], [3, 1], [4, 4.0]])
    np.testing.assert_allclose(smooth(points)[::6], points, atol=1e-12)


def test_cut_ends_at_the_share():
    line = smooth([[0, 0], [0, 3], [0, 6]])
    np.testing.assert_allclose(cut(line, 2, 1, 0.5)[-1], [0, 4.5], atol=0.2)
    np.testing.assert_allclose(cut(line, 2, 0, 1.0)[-1], [0, 3], atol=1e-9)


def test_ribbon_is_twice_as_wide_as_its_half_width():
    line = np.array([[0, 0], [0, 1], [0, 2.0]])
    band = ribbon(line, np.array([0.3, 0.3, 0.5]))
    np.testing.assert_allclose(
        band, [[-0.3, 0], [-0.3, 1], [-0.5, 2], [0.5, 2], [0.3, 1], [0.3, 0]],
        atol=1e-6,
    )  # fmt: skip


def test_later_layers_are_on_top_and_trimmings_hide_nothing():
    picture = np.zeros((30, 30, 3), np.uint8)
    layers = [
        Layer([SQUARE], flat((10, 0, 0))),
        Layer([SQUARE + 0.5], flat((20, 0, 0))),
        Layer([SQUARE + 0.5], flat((30, 0, 0)), covers=False),
    ]
    top = paint(picture, layers, CAMERA)
    # The squares span pixels 5..15 and 10..20.
    assert (top[7, 7], top[12, 12], top[25, 25]) == (0, 1, NOTHING)
    assert (picture[7, 7, 0], picture[12, 12, 0]) == (10, 30)


def test_texture_follows_the_plane():
    camera = Camera(20.0, 0.7, np.array([40.0, 30.0]))
    matrix = camera.to_tile((0.5, 0.25), 0.0, per_metre=100.0)
    # A point 0.1 m right of the origin is 10 texels along the tile.
    pixel = camera(np.array([[0.6, 0.25]]))[0]
    np.testing.assert_allclose(matrix @ [*pixel, 1], [10, 0], atol=1e-9)


def test_plain_cloth_keeps_its_colour_without_folds():
    picture = np.zeros((40, 40, 3), np.uint8)
    cloth = Fabric((40, 80, 120), folds=0.0, edge=0.2)
    camera = Camera(30.0, 0.0, np.array([5.0, 5.0]))
    paint(picture, [Layer([SQUARE], cloth)], camera)
    np.testing.assert_allclose(picture[20, 20], (40, 80, 120), atol=1)
