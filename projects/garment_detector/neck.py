"""A pyramid from coarse to fine that ends in one map."""

from typing import Sequence, Tuple

from mmcv.cnn import ConvModule
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional


@MODELS.register_module()
class TopDownNeck(BaseModule):
    """Adds coarser maps to finer ones, as an FPN does (Lin et al., CVPR 2017).

    Only the finest map is smoothed and given back, as CenterNet looks at one.

    Args:
        in_channels (Sequence[int]): Of the backbone's maps, finest first.
        out_channels (int): Of the map given back.
    """

    def __init__(
        self, in_channels: Sequence[int], out_channels: int, init_cfg=None
    ) -> None:
        super().__init__(init_cfg)
        self.laterals = nn.ModuleList(
            ConvModule(channels, out_channels, 1, norm_cfg=dict(type='BN'))
            for channels in in_channels
        )
        self.smooth = ConvModule(
            out_channels, out_channels, 3, padding=1, norm_cfg=dict(type='BN')
        )

    def forward(self, maps: Sequence[Tensor]) -> Tuple[Tensor]:
        """(B, C_i, H_i, W_i), finest first, to one (B, C, H_0, W_0)."""
        *finer, coarsest = [
            lateral(x) for lateral, x in zip(self.laterals, maps)
        ]
        merged = coarsest
        for x in reversed(finer):
            merged = x + functional.interpolate(merged, size=x.shape[-2:])
        return (self.smooth(merged),)
