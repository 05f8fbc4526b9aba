"""Maps of where a landmark is: drawn, and read off again.

Maps (B, K, H, W) cover the crop; cells and landmarks are in the frame of
``structures.frame``.
"""

import torch
from torch import Tensor

from dfa_mm.models.precision import in_float32
from dfa_mm.structures.frame import from_pixels

# Cells round the highest one whose mean position is the landmark: all that a
# Gaussian of one cell's deviation covers.
WINDOW = 3


def cell_centres(count: int, like: Tensor) -> Tensor:
    """(count,) positions in [-0.5, 0.5]."""
    cells = torch.arange(count, device=like.device, dtype=torch.float32)
    return from_pixels(cells, count)


@in_float32
def draw_gaussians(
    landmarks: Tensor, height: int, width: int, sigma: float
) -> Tensor:
    """Maps (B, K, H, W) with a Gaussian of peak 1 at each landmark (B, K, 2).

    Those outside the crop are drawn as far as they reach into it. ``sigma``,
    the standard deviation, is in cells.
    """
    along = [
        ((cell_centres(size, landmarks) - landmarks[..., axis, None]) * size)
        .square()
        .div(-2 * sigma**2)
        .exp()
        for axis, size in enumerate((width, height))
    ]
    return along[1][..., :, None] * along[0][..., None, :]


@in_float32
def expected_position(shares: Tensor) -> Tensor:
    """Mean position (B, K, 2) of maps that sum to 1."""
    x = shares.sum(-2) @ cell_centres(shares.shape[-1], shares)
    y = shares.sum(-1) @ cell_centres(shares.shape[-2], shares)
    return torch.stack([x, y], -1)


@in_float32
def decode_maps(logits: Tensor) -> Tensor:
    """Landmarks (B, K, 2) of maps (B, K, H, W) before the softmax.

    The mean position near the highest cell: a map with two peaks then gives
    one of them and not the void between.
    """
    height, width = logits.shape[-2:]
    shares = logits.flatten(2).softmax(-1)
    best = shares.argmax(-1, keepdim=True)
    cells = torch.arange(height * width, device=logits.device)
    near = ((cells % width - best % width).abs() <= WINDOW) & (
        (cells // width - best // width).abs() <= WINDOW
    )
    shares = shares * near
    shares = shares / shares.sum(-1, keepdim=True)
    return expected_position(shares.unflatten(2, (height, width)))
