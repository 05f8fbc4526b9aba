import pytest
import torch

from projects.deeppose.patches import (
    cut_patches,
    to_crop_frame,
    to_patch_frame,
)


def bright_pixel(x, y, width=16, height=16):
    crops = torch.zeros(1, 1, height, width)
    crops[0, 0, y, x] = 1.0
    return crops


def brightest(patches):
    """(x, y) of the brightest pixel of the first patch, and its value."""
    width = patches.shape[-1]
    value, i = patches[0, 0].flatten().max(0)
    return int(i) % width, int(i) // width, float(value)


def test_frames_by_hand():
    centres = torch.tensor([[0.1, -0.2]])
    landmarks = torch.tensor([[0.3, -0.3]])
    # (0.3 - 0.1) / 0.5 and (-0.3 + 0.2) / 0.5
    found = to_patch_frame(landmarks, centres, 0.5)
    torch.testing.assert_close(found, torch.tensor([[0.4, -0.2]]))
    torch.testing.assert_close(to_crop_frame(found, centres, 0.5), landmarks)


def test_whole_crop_is_itself():
    crops = torch.randn(2, 3, 12, 16)
    patches = cut_patches(crops, torch.zeros(2, 2), 1.0)
    torch.testing.assert_close(patches, crops)


@pytest.mark.parametrize(
    ('pixel', 'expected'), [((10, 5), (8, 8)), ((12, 2), (10, 5))]
)
def test_bright_pixel_lands_where_it_should(pixel, expected):
    # Pixel (10, 5) of 16 begins at 10 / 16 - 0.5 = 0.125 and -0.1875. In a
    # patch as large as the crop pixel 8 begins in the middle, and (12, 2) is
    # two to the right and three above.
    centres = torch.tensor([[0.125, -0.1875]])
    patches = cut_patches(bright_pixel(*pixel), centres, 1.0)
    assert patches.shape == (1, 1, 16, 16)
    x, y, value = brightest(patches)
    assert (x, y) == expected
    assert value == pytest.approx(1.0, abs=1e-5)
    assert patches.sum().item() == pytest.approx(1.0, abs=1e-5)


def test_patch_is_enlarged_to_the_size_of_the_crop():
    # half of 16 pixels in 16: pixel (11, 5), whose corner is one right of the
    # patch's middle, becomes four, from two right of the middle on
    centres = torch.tensor([[0.125, -0.1875]])
    (patch,) = cut_patches(bright_pixel(11, 5), centres, 0.5)[0]
    # a quarter of a pixel from its centre, bilinear: 0.75 x 0.75
    torch.testing.assert_close(patch[8:10, 10:12], torch.full((2, 2), 0.5625))
    # and 0.25 in the neighbours: (2 x 0.75 + 2 x 0.25)^2
    torch.testing.assert_close(patch.sum().item(), 4.0)


def test_landmark_in_the_patch_is_where_its_pixel_is():
    """The frames of positions and of pixels are the same."""
    centres = torch.tensor([[0.125, -0.1875]])
    (patch,) = cut_patches(bright_pixel(12, 2), centres, 0.5)[0]
    pixels = torch.arange(16.0)
    middle = [(patch.sum(axis) @ pixels / patch.sum()) for axis in (0, 1)]
    landmark = torch.tensor([[12.5 / 16 - 0.5, 2.5 / 16 - 0.5]])
    inside = to_patch_frame(landmark, centres, 0.5)
    expected = (inside[0] + 0.5) * 16 - 0.5
    torch.testing.assert_close(torch.stack(middle), expected)


def test_width_and_height_are_told_apart():
    # a crop of 32 x 16: pixel (20, 4) begins at 0.125, -0.25
    centres = torch.tensor([[0.125, -0.25]])
    patches = cut_patches(bright_pixel(20, 4, 32, 16), centres, 1.0)
    assert patches.shape == (1, 1, 16, 32)
    assert brightest(patches)[:2] == (16, 8)


def test_beyond_the_crop_is_zero():
    patches = cut_patches(
        torch.ones(1, 3, 16, 16), torch.tensor([[0.5, 0.0]]), 1.0
    )
    # pixel 8, right of the middle, is the first column beyond the crop
    assert (patches[..., :8] > 0.99).all()
    assert (patches[..., 8:] == 0).all()


def test_every_crop_has_its_own_centre():
    crops = torch.randn(3, 3, 16, 16)
    centres = torch.rand(3, 2) - 0.5
    whole = cut_patches(crops, centres, 0.5)
    for i in range(3):
        alone = cut_patches(crops[i : i + 1], centres[i : i + 1], 0.5)
        torch.testing.assert_close(whole[i : i + 1], alone)
