"""One network of a stage, and how it starts from another's weights."""

from typing import Optional, Tuple

import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType, OptConfigType
from torch import Tensor

from dfa_mm.models.stage_data import StageOutput

_FC7 = 'head.fc7.weight'
_OWN_OUTPUTS = ('fc_landmarks', 'fc_pseudo_label')


class StageNetwork(BaseModule):
    """Backbone, optional neck, and head of one network."""

    def __init__(
        self, backbone: ConfigType, head: ConfigType, neck: OptConfigType
    ) -> None:
        super().__init__()
        self.backbone = MODELS.build(backbone)
        self.neck = MODELS.build(neck) if neck else None
        self.head = MODELS.build(head)

    def forward(
        self, inputs: Tensor, previous: Optional[Tensor]
    ) -> StageOutput:
        # convolutions are up to twice as fast in this layout
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        feats = self.backbone(inputs)
        if self.neck is not None:
            feats = self.neck(as_tuple(feats))
        return self.head(feats, previous)

    def copy_weights_from(self, other: 'StageNetwork') -> int:
        """Start from another stage's network.

        Copies each parameter and buffer of the same name and shape, except
        those of the layers of landmarks and pseudo-labels, whose meaning
        differs from stage to stage. Of fc7, which in a later stage takes the
        previous landmarks too, the columns of fc6 are copied.

        Returns:
            int: Number of tensors copied.
        """
        own = self.state_dict()
        shared = {
            name: _widened(value, own[name]) if name == _FC7 else value
            for name, value in other.state_dict().items()
            if name in own
            and _fits(name, value, own[name])
            and not any(output in name for output in _OWN_OUTPUTS)
        }
        self.load_state_dict(shared, strict=False)
        return len(shared)


def as_tuple(feats) -> Tuple:
    """Backbones may give a bare map; necks read several."""
    return tuple(feats) if isinstance(feats, (list, tuple)) else (feats,)


def _fits(name: str, value: Tensor, own: Tensor) -> bool:
    """Whether it has the shape of ``own``; of fc7 the outputs' number."""
    if name == _FC7:
        return len(value) == len(own) and value.shape[1] <= own.shape[1]
    return value.shape == own.shape


def _widened(value: Tensor, own: Tensor) -> Tensor:
    """``value``, and behind it the columns that only ``own`` has."""
    return torch.cat([value, own[:, value.shape[1] :]], 1)
