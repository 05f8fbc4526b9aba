"""In the frame of checkpoints whose pixel i lies at i / W - 0.5.

``test_one_frame.py`` has the present one.
"""

import torch

from dfa_mm.codecs import LandmarkLabel
from dfa_mm.models.mirroring import mirror_landmarks, mirror_maps

# of 8 x 4 pixels, so that a step in x is not one in y
CODEC = LandmarkLabel((8, 4), pixel_centre=0.0)


def test_mirrored_landmarks_by_hand():
    # pixels 1 and 6 of 8, at 1 / 8 - 0.5 and 6 / 8 - 0.5, become 6 and 1,
    # and each the other's; y stays
    landmarks = torch.tensor([[[-0.375, 0.25], [0.25, -0.5]]])
    found = mirror_landmarks(landmarks, [1, 0], CODEC)
    assert found.tolist() == [[[-0.375, -0.5], [0.25, 0.25]]]


def test_mirrored_maps_by_hand():
    # Cells are as wide as pixels. Backwards, 7 .. 0, and one cell to the
    # left, as -x becomes -x - 1 / 8; the border's stays.
    row = torch.arange(8.0)
    maps = torch.stack([row, 10 * row])[None, :, None].repeat(1, 1, 2, 1)
    found = mirror_maps(maps, [1, 0], CODEC)
    expected = torch.tensor([6.0, 5, 4, 3, 2, 1, 0, 0])
    torch.testing.assert_close(found[0, 1], expected.expand(2, 8))
    torch.testing.assert_close(found[0, 0], 10 * expected.expand(2, 8))


def test_mirrored_maps_of_the_present_frame_are_not_moved():
    maps = torch.rand(1, 2, 3, 8)
    found = mirror_maps(maps, [1, 0], LandmarkLabel((8, 4)))
    assert torch.equal(found, maps.flip(-1)[:, [1, 0]])
