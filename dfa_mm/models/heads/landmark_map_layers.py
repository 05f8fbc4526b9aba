"""From features to one map per landmark."""

from functools import partial
from typing import Optional

import torch
from mmcv.cnn import ConvModule
from torch import Tensor, nn

from dfa_mm.models.landmark_maps import draw_gaussians
from dfa_mm.models.precision import in_float32

# In cells of the feature map: deviation of the drawn landmarks, and kernel of
# the layer that looks from one landmark to the next.
PREVIOUS_SIGMA = 1.0
CONTEXT_SIZE = 7

_normed = partial(ConvModule, norm_cfg=dict(type='BN'))


class LandmarkMapLayers(nn.Module):
    """Features at twice their size, in later stages with landmarks drawn.

    With ``refine`` the landmarks of the stage before are drawn as Gaussians
    and read together with the features by layers that start as if there were
    none: a stage that starts from the one before starts with its maps.
    """

    def __init__(
        self,
        in_channels: int,
        num_landmarks: int,
        refine: bool = False,
        channels: int = 64,
    ) -> None:
        super().__init__()
        self.context = None
        if refine:
            self.context = nn.Sequential(
                _normed(in_channels + num_landmarks, channels, 3, padding=1),
                _normed(
                    channels, channels, CONTEXT_SIZE, padding=CONTEXT_SIZE // 2
                ),
                nn.Conv2d(channels, in_channels, 1),
            )
        deconv = dict(stride=2, padding=1, conv_cfg=dict(type='deconv'))
        self.upsample = nn.Sequential(
            _normed(in_channels, channels, 4, **deconv)
        )
        self.logits = nn.Conv2d(channels, num_landmarks, 1)
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
            drawn = draw_gaussians(previous, *x.shape[2:], PREVIOUS_SIGMA)
            x = x + self.context(torch.cat([x, drawn.to(x.dtype)], 1))
        return in_float32(self.logits)(self.upsample(x))
