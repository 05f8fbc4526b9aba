"""Outputs for mirrored crops, seen in the crops themselves.

In ``structures.frame`` mirroring is x -> -x. In the frame of a codec with
``pixel_centre=0`` pixel i lies at i / W - 0.5, so that it is x -> -x - 1 / W;
what serves that alone can go when no model is left that was trained in it.
"""

from typing import Sequence

from torch import Tensor
from torch.nn import functional as F

from dfa_mm.codecs import LandmarkLabel
from dfa_mm.structures.frame import mirrored


def mirror_landmarks(
    landmarks: Tensor, flip_indices: Sequence[int], codec: LandmarkLabel
) -> Tensor:
    """(B, K, 2), left and right swapped."""
    landmarks = mirrored(landmarks[:, list(flip_indices)])
    landmarks[..., 0] += _shift(codec)
    return landmarks


def mirror_maps(
    maps: Tensor, flip_indices: Sequence[int], codec: LandmarkLabel
) -> Tensor:
    """(B, K, H, W), left and right swapped."""
    maps = maps.flip(-1)[:, list(flip_indices)]
    shift = _shift(codec)
    return _moved(maps, shift) if shift else maps


def _shift(codec: LandmarkLabel) -> float:
    return (2 * codec.pixel_centre - 1) / codec.input_size[0]


def _moved(maps: Tensor, shift: float) -> Tensor:
    """Maps whose content lies ``shift`` of the crop's width further right."""
    theta = maps.new_tensor([[1, 0, -2 * shift], [0, 1, 0]])
    grid = F.affine_grid(
        theta.expand(len(maps), 2, 3), list(maps.shape), align_corners=False
    )
    return F.grid_sample(
        maps, grid, padding_mode='border', align_corners=False
    )
