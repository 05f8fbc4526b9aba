import numpy as np
import pytest
import torch

from dfa_mm.structures.frame import from_pixels, mirrored, to_pixels

KINDS = pytest.mark.parametrize('array', [np.array, torch.tensor])


@KINDS
def test_centres_of_four_pixels(array):
    # the crop is from -0.5 to 0.5, a pixel 0.25 wide
    found = from_pixels(array([0.0, 1.0, 2.0, 3.0]), 4)
    assert found.tolist() == [-0.375, -0.125, 0.125, 0.375]


@KINDS
def test_border_and_middle_in_pixels(array):
    # the border is the outer edge of the outer pixels
    found = to_pixels(array([-0.5, 0.0, 0.5]), 4)
    assert found.tolist() == [-0.5, 1.5, 3.5]


@KINDS
def test_mirrored_pixels_count_from_the_other_side(array):
    pixels = array([[0.0, 2.0], [5.0, 7.0]])
    found = to_pixels(mirrored(from_pixels(pixels, 8)), 8)
    assert found.tolist() == [[7, 2], [2, 7]]


@KINDS
def test_mirroring_does_not_edit(array):
    positions = array([[0.25, -0.5]])
    assert mirrored(mirrored(positions)).tolist() == [[0.25, -0.5]]
    assert positions.tolist() == [[0.25, -0.5]]


def test_width_and_height_are_told_apart():
    found = from_pixels(np.array([[3.5, 0.5]]), (8, 2))
    assert found.tolist() == [[0.0, 0.0]]
