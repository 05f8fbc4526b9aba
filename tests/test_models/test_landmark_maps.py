import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dfa_mm.models.landmark_maps import (
    cell_centres,
    decode_maps,
    draw_gaussians,
    expected_position,
)


def test_centres_of_four_cells():
    # the crop is from -0.5 to 0.5, a cell 0.25 wide
    centres = cell_centres(4, torch.zeros(1)).tolist()
    assert centres == [-0.375, -0.125, 0.125, 0.375]


def test_gaussian_by_hand():
    # on the centre of the cell (x 2, y 1) of 4 x 2
    (drawn,) = draw_gaussians(torch.tensor([[[0.125, 0.25]]]), 2, 4, 1.0)
    near, far = math.exp(-1 / 2), math.exp(-4 / 2)
    row = torch.tensor([far, near, 1.0, near])
    torch.testing.assert_close(drawn[0, 1], row)
    torch.testing.assert_close(drawn[0, 0], near * row)


def test_deviation_is_in_cells():
    (drawn,) = draw_gaussians(torch.tensor([[[0.125, 0.0]]]), 1, 4, 2.0)
    assert drawn[0, 0, 3].item() == pytest.approx(math.exp(-1 / 8))


def test_expectation_by_hand():
    shares = torch.tensor([[[[0.0, 0.25], [0.0, 0.75]]]])
    # x is always in the right cell; y is 0.25 * -0.25 + 0.75 * 0.25
    assert expected_position(shares).tolist() == [[[0.25, 0.125]]]


@given(
    st.floats(-0.3, 0.3), st.floats(-0.3, 0.3), st.sampled_from([16, 32, 48])
)
def test_decoding_a_drawn_landmark_gives_it_back(x, y, width):
    landmark = torch.tensor([[[x, y]]])
    logits = draw_gaussians(landmark, 32, width, 1.0).log()
    # what the window cuts off is not quite symmetric
    error = (decode_maps(logits) - landmark).abs() * torch.tensor([width, 32])
    assert error.max() < 0.05


def test_of_two_peaks_the_higher_one_is_decoded():
    two = torch.tensor([[[-0.3, 0.2], [0.3, -0.2]]])
    drawn = draw_gaussians(two, 32, 32, 1.0)
    both = drawn[:, :1] + 0.8 * drawn[:, 1:]
    found = decode_maps(both.clamp(min=1e-9).log())[0, 0]
    assert (found - two[0, 0]).abs().max() < 0.01
    # while the mean of the whole map lies between the two
    mean = expected_position(both / both.sum())[0, 0]
    assert mean.abs().max() < 0.05


def test_decoding_keeps_axes_and_samples_apart():
    landmarks = torch.tensor([[[0.1, -0.2], [-0.3, 0.4]], [[0.0, 0.2]] * 2])
    logits = draw_gaussians(landmarks, 24, 40, 1.0).clamp(min=1e-9).log()
    torch.testing.assert_close(
        decode_maps(logits), landmarks, atol=2e-3, rtol=0
    )


def test_window_by_hand():
    # The best of 12 x 16 cells, (x 4, y 6), and what lies 3 cells off takes
    # part, what lies 4 off does not: of 0.65, x is (0.55 x 4 + 0.1 x 7), y is
    # (0.5 x 6 + 0.05 x 9 + 0.1 x 3)
    shares = torch.full((1, 1, 12, 16), 1e-12)
    for x, y, share in (
        (4, 6, 0.4),
        (7, 6, 0.1),
        (4, 9, 0.05),
        (4, 3, 0.1),
        (8, 6, 0.2),
        (4, 10, 0.15),
    ):
        shares[0, 0, y, x] = share
    x, y = (0.55 * 4 + 0.1 * 7) / 0.65, (0.5 * 6 + 0.05 * 9 + 0.1 * 3) / 0.65
    # the centre of cell i of W is at (i + 0.5) / W - 0.5
    expected = torch.tensor([[[(x + 0.5) / 16 - 0.5, (y + 0.5) / 12 - 0.5]]])
    torch.testing.assert_close(decode_maps(shares.log()), expected)


def test_positions_are_float32():
    maps = torch.rand(1, 1, 4, 4, dtype=torch.bfloat16)
    point = torch.zeros(1, 1, 2, dtype=torch.bfloat16)
    with torch.autocast('cpu', dtype=torch.bfloat16):
        found = (
            draw_gaussians(point, 4, 4, 1.0),
            expected_position(maps / maps.sum()),
            decode_maps(maps),
        )
    assert {each.dtype for each in found} == {torch.float32}


def test_narrow_maps_are_read_in_float32():
    # of 64 shares in bfloat16, with its eight bits, hardly one is right
    generator = torch.Generator().manual_seed(0)
    maps = torch.randn(2, 3, 8, 8, generator=generator).bfloat16()
    assert torch.equal(decode_maps(maps), decode_maps(maps.float()))
