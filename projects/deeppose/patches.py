"""Patches of a crop, and the same landmark in the frames of both.

A patch has the frame of a crop (``dfa_mm.structures.frame``). It covers
``share`` of the crop's width and height, so a landmark at ``x`` of the patch
round ``centre`` lies at ``centre + share * x`` of the crop.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from dfa_mm.models.landmark_maps import cell_centres
from dfa_mm.models.precision import in_float32


def to_patch_frame(landmarks: Tensor, centres: Tensor, share: float) -> Tensor:
    """Positions (..., 2) of the crop in the patches round ``centres``."""
    return (landmarks - centres) / share


def to_crop_frame(landmarks: Tensor, centres: Tensor, share: float) -> Tensor:
    """Positions (..., 2) of the patches round ``centres`` in the crop."""
    return centres + share * landmarks


def cut_patches(crops: Tensor, centres: Tensor, share: float) -> Tensor:
    """One patch of every crop, resampled bilinearly to the crop's size.

    Args:
        crops (Tensor): (B, C, H, W).
        centres (Tensor): (B, 2) in [-0.5, 0.5] of the crop. What a patch
            shows beyond the crop is zero, the mean colour once the
            preprocessor has subtracted it.
        share (float): Of the crop's width and height.

    Returns:
        Tensor: (B, C, H, W).
    """
    height, width = crops.shape[2:]
    x, y = (
        centres[:, axis, None] + share * cell_centres(pixels, centres)
        for axis, pixels in enumerate((width, height))
    )
    grid = torch.broadcast_tensors(x[:, None, :], y[:, :, None])
    # grid_sample has our frame, twice as large
    return in_float32(F.grid_sample)(
        crops,
        2 * torch.stack(grid, -1),
        mode='bilinear',
        padding_mode='zeros',
        align_corners=False,
    )
