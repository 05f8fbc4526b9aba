"""From features to one map per landmark."""

from typing import Optional

import torch
from mmcv.cnn import ConvModule
from torch import Tensor, nn

from dfa_mm.models.landmark_maps import draw_gaussians
from dfa_mm.models.precision import in_float32


class LandmarkMapLayers(nn.Module):
    """Upsampled features, in later stages with the previous landmarks drawn.

    A departure from the paper, whose heads regress coordinates.

    Args:
        in_channels (int): Of the feature map.
        num_landmarks (int): K.
        refine (bool): Whether there is a stage before. Its landmarks are
            drawn as Gaussians and read together with the features by layers
            that start as if there were none: a stage that starts from the one
            before starts with its maps.
        channels (int): Of the layers.
        num_upsamples (int): Times that the feature map is doubled in size.
        previous_sigma (float): Of the drawn landmarks, in cells of the
            feature map.
        context_size (int): Kernel of the layer that looks from one landmark
            to the next, in cells of the feature map.
    """

    def __init__(
        self,
        in_channels: int,
        num_landmarks: int,
        refine: bool = False,
        channels: int = 64,
        num_upsamples: int = 1,
        previous_sigma: float = 1.0,
        context_size: int = 7,
    ) -> None:
        super().__init__()
        self.context = None
        if refine:
            self.previous_sigma = previous_sigma
            self.context = nn.Sequential(
                _convolved(in_channels + num_landmarks, channels, 3),
                _convolved(channels, channels, context_size),
                nn.Conv2d(channels, in_channels, 1),
            )
        widths = [in_channels, *[channels] * num_upsamples]
        self.upsample = nn.Sequential(*map(_doubled, widths, widths[1:]))
        self.logits = nn.Conv2d(widths[-1], num_landmarks, 1)
        self.init_weights()

    def init_weights(self) -> None:
        nn.init.normal_(self.logits.weight, std=0.01)
        nn.init.zeros_(self.logits.bias)
        if self.context is not None:
            nn.init.zeros_(self.context[-1].weight)
            nn.init.zeros_(self.context[-1].bias)

    def forward(self, x: Tensor, previous: Optional[Tensor] = None) -> Tensor:
        """(B, C, h, w), and (B, K, 2) in [-0.5, 0.5], to logits."""
        if self.context is not None:
            drawn = draw_gaussians(previous, *x.shape[2:], self.previous_sigma)
            x = x + self.context(torch.cat([x, drawn.to(x.dtype)], 1))
        return in_float32(self.logits)(self.upsample(x))


def _doubled(in_channels: int, channels: int) -> nn.Module:
    return ConvModule(
        in_channels,
        channels,
        4,
        stride=2,
        padding=1,
        conv_cfg=dict(type='deconv'),
        norm_cfg=dict(type='BN'),
    )


def _convolved(in_channels: int, channels: int, size: int) -> nn.Module:
    return ConvModule(
        in_channels,
        channels,
        size,
        padding=size // 2,
        norm_cfg=dict(type='BN'),
    )
