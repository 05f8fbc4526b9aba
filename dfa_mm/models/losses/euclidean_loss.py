import torch
from mmpose.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class EuclideanLoss(nn.Module):
    """Half the squared distance, summed over a sample, averaged over them.

    ``1 / (2 B) * sum_b sum_i w_bi (x_bi - y_bi)^2``: the "Euclidean loss" of
    the paper's Eq. 3 in the sense of Caffe, in which it was written.
    """

    def __init__(self, loss_weight: float = 1.0) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(
        self, output: Tensor, target: Tensor, target_weight: Tensor
    ) -> Tensor:
        """``output``, ``target`` (B, ...), weight broadcastable to them."""
        # masked before the square: an unknown target may be NaN, and so would
        # be the gradient
        difference = torch.where(target_weight > 0, output - target, 0.0)
        squared = difference.square() * target_weight
        return self.loss_weight * squared.sum() / (2 * max(len(output), 1))
