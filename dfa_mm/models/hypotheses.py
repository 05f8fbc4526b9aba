"""Maps as hypotheses of where a landmark is, handed from stage to stage."""

from typing import Tuple

import torch
from torch import Tensor
from torch.nn import functional as F

from dfa_mm.models.landmark_maps import WINDOW
from dfa_mm.models.precision import in_float32

# A mode that is put out loses so much of its logit.
_PUT_OUT = 12.0


@in_float32
def hypotheses(maps: Tensor, size: Tuple[int, int]) -> Tensor:
    """Logits (B, K, H, W) to maps (B, K, h, w) in [0, 1], 1 at the best.

    The square root of the shares over the highest one: a mode with a hundredth
    of the best's share is still seen, at 0.1.
    """
    relative = (maps - maps.amax((-2, -1), keepdim=True)) / 2
    return F.adaptive_max_pool2d(relative.exp(), list(size))


@torch.no_grad()
def disturbed(maps: Tensor, prob: float) -> Tensor:
    """Logits (B, K, H, W) with errors as on pictures not seen in training.

    Each map with probability ``prob``, half of them by putting out its best
    mode, so that the second takes its place, half by the map of another
    landmark of the same garment laid over its own: a sleeve seen on the hem,
    left seen on the right.
    """
    chosen = torch.rand(maps.shape[:2], device=maps.device) < prob
    second = torch.rand(maps.shape[:2], device=maps.device) < 0.5
    return torch.where(
        chosen[..., None, None],
        torch.where(
            second[..., None, None], without_best(maps), with_other(maps)
        ),
        maps,
    )


def without_best(maps: Tensor) -> Tensor:
    """Logits whose highest mode is put out."""
    height, width = maps.shape[-2:]
    best = maps.flatten(2).argmax(-1)[..., None, None]
    y = torch.arange(height, device=maps.device)[:, None]
    x = torch.arange(width, device=maps.device)
    near = ((y - best // width).abs() <= WINDOW) & (
        (x - best % width).abs() <= WINDOW
    )
    return maps - _PUT_OUT * near


def with_other(maps: Tensor) -> Tensor:
    """Logits of each landmark under those of another, drawn by chance."""
    batch, count = maps.shape[:2]
    step = torch.randint(1, count, (batch, count), device=maps.device)
    other = (torch.arange(count, device=maps.device) + step) % count
    index = other[..., None, None].expand_as(maps)
    return torch.maximum(maps, maps.gather(1, index))
