"""Patches of a crop, and the same landmark in the frames of both.

A patch has the frame of a crop: pixel i of W lies at i / W - 0.5, its centre
at 0. It covers ``share`` of the crop's width and height, so a landmark at
``x`` of the patch round ``centre`` lies at ``centre + share * x`` of the crop.
"""

from typing import Optional, Tuple

import torch
from torch import Tensor
from torch.nn import functional as F


def to_patch_frame(landmarks: Tensor, centres: Tensor, share: float) -> Tensor:
    """Positions (..., 2) of the crop in the patches round ``centres``."""
    return (landmarks - centres) / share


def to_crop_frame(landmarks: Tensor, centres: Tensor, share: float) -> Tensor:
    """Positions (..., 2) of the patches round ``centres`` in the crop."""
    return centres + share * landmarks


def cut_patches(
    crops: Tensor,
    centres: Tensor,
    share: float,
    size: Optional[Tuple[int, int]] = None,
) -> Tensor:
    """One patch of every crop, resampled bilinearly.

    Args:
        crops (Tensor): (B, C, H, W).
        centres (Tensor): (B, 2) in [-0.5, 0.5] of the crop. What a patch
            shows beyond the crop is zero, the mean colour once the
            preprocessor has subtracted it.
        share (float): Of the crop's width and height.
        size (tuple[int, int], optional): (w, h) of the patches in pixels.
            Defaults to the crop's.

    Returns:
        Tensor: (B, C, h, w).
    """
    full = crops.shape[3], crops.shape[2]
    x, y = (
        _sample_positions(centres[:, axis], share, size or full, full, axis)
        for axis in (0, 1)
    )
    grid = torch.broadcast_tensors(x[:, None, :], y[:, :, None])
    return F.grid_sample(
        crops,
        torch.stack(grid, -1).to(crops.dtype),
        mode='bilinear',
        padding_mode='zeros',
        align_corners=False,
    )


def _sample_positions(
    centres: Tensor,
    share: float,
    size: Tuple[int, int],
    full: Tuple[int, int],
    axis: int,
) -> Tensor:
    """Of every patch pixel along one axis, (B, size), for grid_sample.

    It puts pixel i of W at (2 i + 1) / W - 1, half a pixel off twice our
    i / W - 0.5.
    """
    pixels = torch.arange(size[axis], device=centres.device)
    positions = centres[:, None] + share * (pixels / size[axis] - 0.5)
    return 2 * positions + 1 / full[axis]
