"""A departure from the paper: a look round the previous landmarks."""

from typing import List, Optional, Sequence

import torch
from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType
from torch import Tensor, nn
from torch.nn import functional as F

from dfa_mm.models.precision import in_float32
from dfa_mm.models.stage_data import StageOutput

from .dfa_head import DFAHead

# Points per side of the grid, and the share of the crop's side between two.
GRID_SIZE = 5
SPACING = 1 / 16


class LandmarkSampler(nn.Module):
    """Features on a grid round each of K landmarks, a vector of each."""

    def __init__(
        self, in_channels: int, num_landmarks: int, channels: int = 64
    ) -> None:
        super().__init__()
        steps = (torch.arange(GRID_SIZE) - (GRID_SIZE - 1) / 2) * SPACING
        grid = torch.stack(torch.meshgrid(steps, steps, indexing='xy'), -1)
        self.register_buffer('grid', grid.flatten(0, 1), persistent=False)
        self.fc = nn.Linear(in_channels * GRID_SIZE**2, channels)
        # one layer for all landmarks, and what tells them apart
        self.landmark_bias = nn.Parameter(torch.zeros(num_landmarks, channels))
        self.out_channels = num_landmarks * channels

    def forward(self, feature_map: Tensor, landmarks: Tensor) -> Tensor:
        """(B, C, H, W) and (B, K, 2) in [-0.5, 0.5] to (B, K x channels).

        What lies outside the map is zero.
        """
        # structures.frame, twice as large
        points = 2 * (landmarks[:, :, None] + self.grid)
        sampled = in_float32(F.grid_sample)(
            feature_map, points, padding_mode='zeros', align_corners=False
        )  # (B, C, K, grid points)
        vectors = self.fc(sampled.transpose(1, 2).flatten(2))
        return (vectors + self.landmark_bias).flatten(1)


@MODELS.register_module()
class LocalDFAHead(DFAHead):
    """A later stage also sees the features round the previous landmarks.

    The paper's stages know of them by their coordinates alone. Stage 1, which
    has none, is the paper's.

    Args:
        sampler (dict): Arguments of :class:`LandmarkSampler`, which reads the
            first feature map.
        kwargs: Of :class:`DFAHead`.
    """

    maps_read = (0, -1)

    def __init__(self, sampler: ConfigType, **kwargs) -> None:
        super().__init__(**kwargs)
        if self.refine:
            self.sampler = LandmarkSampler(
                self.in_channels, self.num_landmarks, **sampler
            )
            self.fc7 = nn.Linear(
                self.fc7.in_features + self.sampler.out_channels,
                self.fc7.out_features,
            )

    def _fc6(
        self, feats: Sequence[Tensor], previous: Optional[StageOutput]
    ) -> List[Tensor]:
        x = super()._fc6(feats, previous)
        if self.refine:
            x.append(self.sampler(feats[0], previous.landmarks))
        return x
