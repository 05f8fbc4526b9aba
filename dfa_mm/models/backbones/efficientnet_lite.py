from typing import Tuple

from mmpose.models.backbones.base_backbone import BaseBackbone
from mmpose.registry import MODELS
from torch import Tensor

try:
    from efficientnet_lite_pytorch import EfficientNet
except ImportError:
    EfficientNet = None


@MODELS.register_module()
class EfficientNetLite(BaseBackbone):
    """EfficientNet-Lite0..4 of the package ``efficientnet-lite-pytorch``.

    Keeps that package's parameter names, so that its published ImageNet
    weights load with ``init_cfg=dict(type='Pretrained', checkpoint=...)``.
    Input: RGB, (x - 127) / 128. Output: one map of stride 32.

    Args:
        arch (str): ``lite0`` ... ``lite4``.
    """

    def __init__(self, arch: str = 'lite0', init_cfg=None) -> None:
        super().__init__(init_cfg)
        if EfficientNet is None:
            raise ImportError(
                'the backbone EfficientNetLite needs its package: '
                'pip install efficientnet-lite-pytorch==0.1.0'
            )
        net = EfficientNet.from_name(f'efficientnet-{arch}')
        self._conv_stem, self._bn0 = net._conv_stem, net._bn0
        self._blocks, self._activate = net._blocks, net._swish
        self._drop_connect_rate = net._global_params.drop_connect_rate or 0.0

    def forward(self, inputs: Tensor) -> Tuple[Tensor]:
        x = self._activate(self._bn0(self._conv_stem(inputs)))
        for i, block in enumerate(self._blocks):
            rate = self._drop_connect_rate * i / len(self._blocks)
            x = block(x, drop_connect_rate=rate)
        return (x,)
