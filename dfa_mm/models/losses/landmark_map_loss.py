import torch
from mmpose.registry import MODELS
from torch import Tensor, nn

from dfa_mm.models.landmark_maps import draw_gaussians, expected_position

# Of the Gaussian, in cells.
SIGMA = 1.0
# Of the L1 distance, whose unit is the crop's size.
COORDINATE_WEIGHT = 5.0
# Of a Gaussian's sum: below it, the landmark lies too far outside the crop
# for its place to be seen on the border.
_LEAST_SUM = 1e-2


@MODELS.register_module()
class LandmarkMapLoss(nn.Module):
    """Cross-entropy of maps with a Gaussian, and L1 of their mean position.

    The softmax of each map is compared with a Gaussian round the landmark
    that is cut at the crop's border and sums to 1. Both terms are means over
    the landmarks that take part.
    """

    def forward(
        self, output: Tensor, target: Tensor, target_weight: Tensor
    ) -> Tensor:
        """Maps (B, K, H, W), landmarks (B, K, 2), weights (B, K, 1)."""
        # an unknown target may be NaN, and so would be the gradient
        target = torch.where(target_weight > 0, target, 0.0)
        gaussians = draw_gaussians(target, *output.shape[2:], SIGMA)
        total = gaussians.sum((-2, -1), keepdim=True)
        weight = target_weight[..., 0] * (total[..., 0, 0] > _LEAST_SUM)
        gaussians = gaussians / total.clamp(min=_LEAST_SUM)

        log_shares = output.flatten(2).log_softmax(-1).view_as(output)
        entropy = -(gaussians * log_shares).sum((-2, -1))
        distance = (expected_position(log_shares.exp()) - target).abs().sum(-1)
        loss = entropy + COORDINATE_WEIGHT * distance
        return (loss * weight).sum() / weight.sum().clamp(min=1)
