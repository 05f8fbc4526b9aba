"""What a feature map shows round each landmark."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dfa_mm.models.precision import in_float32

# Points per side of the grid, and the share of the crop's side between two.
GRID_SIZE = 5
SPACING = 1 / 16


class LandmarkSampler(nn.Module):
    """Features on a grid round each landmark, one vector per landmark.

    Lets a stage look closely where the stage before has placed a landmark,
    although it sees the whole crop. A departure from the paper, whose stages
    know of the previous landmarks by their coordinates alone.

    Args:
        in_channels (int): Of the map.
        num_landmarks (int): K.
        channels (int): Length of a landmark's vector.
    """

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
