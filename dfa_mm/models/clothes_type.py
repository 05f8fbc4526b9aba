"""The clothes type as an input: what a garment is, where somebody knows it."""

from typing import Sequence, Tuple

import torch
from mmpose.structures import PoseDataSample
from torch import Tensor, nn

from dfa_mm.structures import CLOTHES_TYPES

UNKNOWN = 0
"""Beside the codes of ``CLOTHES_TYPES``."""


def clothes_types(samples: Sequence[PoseDataSample]) -> Tensor:
    """Codes (B,) int64 of the samples, ``UNKNOWN`` where nobody told."""
    return torch.tensor(
        [sample.metainfo.get('clothes_type', UNKNOWN) for sample in samples]
    )


class ClothesTypeInput(nn.Module):
    """Scales and shifts feature maps by the clothes type.

    FiLM (Perez et al., AAAI 2018) with a scale and a shift per type and
    channel. It starts without effect.

    Args:
        in_channels (Sequence[int]): Of the maps.
        unknown_prob (float): How often a type is withheld in training, so
            that the model works without it.
    """

    def __init__(
        self, in_channels: Sequence[int], unknown_prob: float = 0.4
    ) -> None:
        super().__init__()
        if not 0 <= unknown_prob <= 1:
            raise ValueError(
                f'unknown_prob must lie within [0, 1], but is {unknown_prob}'
            )
        self.unknown_prob = unknown_prob
        self.embeddings = nn.ModuleList(
            nn.Embedding(1 + len(CLOTHES_TYPES), 2 * channels)
            for channels in in_channels
        )
        for embedding in self.embeddings:
            nn.init.zeros_(embedding.weight)

    def withhold(self, types: Tensor) -> Tensor:
        """Some of the types (B,) made unknown, for training."""
        withheld = torch.rand(types.shape) < self.unknown_prob
        return types.masked_fill(withheld.to(types.device), UNKNOWN)

    def forward(
        self, maps: Sequence[Tensor], types: Tensor
    ) -> Tuple[Tensor, ...]:
        """Maps (B, C, H, W) and types (B,) to maps of the same shapes."""
        return tuple(
            _modulated(x, *embedding(types)[..., None, None].chunk(2, 1))
            for x, embedding in zip(maps, self.embeddings, strict=True)
        )


def _modulated(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
    return x * (1 + scale) + shift
