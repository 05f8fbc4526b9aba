from typing import Sequence, Tuple, Union

import numpy as np
import torch
from mmpose.models.backbones.base_backbone import BaseBackbone
from mmpose.registry import MODELS
from torch import Tensor
from torch.nn.modules.batchnorm import _BatchNorm

try:
    from efficientnet_lite_pytorch import EfficientNet
except ImportError:
    EfficientNet = None

STEM_STRIDE = 2


@MODELS.register_module()
class EfficientNetLite(BaseBackbone):
    """EfficientNet-Lite0..4 of the package ``efficientnet-lite-pytorch``.

    Keeps that package's parameter names, so that its published ImageNet
    weights load with ``init_cfg=dict(type='Pretrained', checkpoint=...)``.
    Input: RGB, (x - 127) / 128. Output: one map per stride, finest first.

    Args:
        arch (str): ``lite0`` ... ``lite4``.
        out_stride (int | Sequence[int]): Strides of the maps, of 4, 8, 16 and
            32; what comes after the last is not built. Lite0 has 24, 40, 112
            and 320 channels there.
        norm_eval (bool): Keep the normalisation's statistics as they are. Of
            use in short training, as they follow new data very slowly
            (momentum 0.01).
        frozen_blocks (int): Leave the stem and so many blocks as they are.
            They see edges and colours, and half of the time of a backward
            pass goes into their large maps. Lite0's third ends at stride 4.
        channels_last (bool): Keep weights and maps with their channels last
            in memory. The same numbers, faster on CPUs.
    """

    def __init__(
        self,
        arch: str = 'lite0',
        out_stride: Union[int, Sequence[int]] = 32,
        norm_eval: bool = False,
        frozen_blocks: int = 0,
        channels_last: bool = True,
        init_cfg=None,
    ) -> None:
        super().__init__(init_cfg)
        if EfficientNet is None:
            raise ImportError(
                'the backbone EfficientNetLite needs its package: '
                'pip install efficientnet-lite-pytorch==0.1.0'
            )
        net = EfficientNet.from_name(f'efficientnet-{arch}')
        self._conv_stem, self._bn0 = net._conv_stem, net._bn0
        strides = [out_stride] if isinstance(out_stride, int) else out_stride
        self._ends = sorted(_blocks_until(net, stride) for stride in strides)
        self._blocks = net._blocks[: self._ends[-1]]
        self._activate = net._swish
        self._drop_connect_rate = net._global_params.drop_connect_rate or 0.0
        self._depth = len(net._blocks)
        self._not_built = (
            *('_conv_head.', '_bn1.', '_fc.'),
            *(f'_blocks.{i}.' for i in range(self._ends[-1], self._depth)),
        )
        self.norm_eval = norm_eval
        self._format = (
            torch.channels_last if channels_last else torch.contiguous_format
        )
        self.to(memory_format=self._format)
        if frozen_blocks:
            stem = self._conv_stem, self._bn0, *self._blocks[:frozen_blocks]
            for part in stem:
                part.requires_grad_(False)

    def init_weights(self) -> None:
        """Of a whole network's weights, those that are not built are left.

        MMEngine would warn of every single one.
        """
        hook = self._register_load_state_dict_pre_hook(self._leave_out)
        try:
            super().init_weights()
        finally:
            hook.remove()

    def _leave_out(self, state_dict: dict, prefix: str, *_) -> None:
        left = tuple(prefix + name for name in self._not_built)
        for key in [key for key in state_dict if key.startswith(left)]:
            del state_dict[key]

    def forward(self, inputs: Tensor) -> Tuple[Tensor]:
        x = inputs.contiguous(memory_format=self._format)
        x = self._activate(self._bn0(self._conv_stem(x)))
        maps = []
        for i, block in enumerate(self._blocks):
            rate = self._drop_connect_rate * i / self._depth
            x = block(x, drop_connect_rate=rate)
            if i + 1 in self._ends:
                maps.append(x)
        return tuple(maps)

    def train(self, mode: bool = True) -> 'EfficientNetLite':
        super().train(mode)
        if mode and self.norm_eval:
            for module in self.modules():
                if isinstance(module, _BatchNorm):
                    module.eval()
        return self


def _blocks_until(net, out_stride: int) -> int:
    """Number of blocks before the stride exceeds ``out_stride``."""
    steps = [np.max(block._depthwise_conv.stride) for block in net._blocks]
    strides = STEM_STRIDE * np.cumprod(steps)
    if strides[-1] < out_stride:
        raise ValueError(
            f'out_stride is {out_stride}, but the map has {strides[-1]} at '
            'most'
        )
    return int((strides <= out_stride).sum())
