"""One network of a stage, and how it starts from another's weights."""

from typing import Dict, Optional, Tuple

import torch
from mmengine.model import BaseModule
from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType, OptConfigType
from torch import Tensor

from dfa_mm.models.stage_data import StageOutput, StageTargets

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
        feats = as_tuple(self.backbone(inputs))
        if self.neck is not None:
            feats = as_tuple(self.neck(feats))
        return self.head(feats, previous)

    def loss(
        self,
        inputs: Tensor,
        previous: Optional[Tensor],
        targets: StageTargets,
        labels: Optional[Tensor],
    ) -> Dict[str, Tensor]:
        """Eq. 3; ``labels`` (B, C) are Eq. 1's, ``None`` trains without."""
        output = self(inputs, previous)
        return self.head.loss_by_targets(output, targets, labels)

    def copy_weights_from(self, other: 'StageNetwork') -> int:
        """Start from another stage's network.

        Copies each parameter and buffer of the same name and shape, except
        those of the layers of landmarks and pseudo-labels, whose meaning
        differs from stage to stage. Of fc7, which in a later stage takes the
        previous landmarks too, the columns of fc6 are copied.

        Returns:
            int: Number of tensors copied.
        """
        own, shared = self.state_dict(), {}
        for name, value in other.state_dict().items():
            if name not in own or any(part in name for part in _OWN_OUTPUTS):
                continue
            if name == _FC7 and len(value) == len(own[name]):
                columns = value.shape[1]
                value = torch.cat([value, own[name][:, columns:]], 1)
            if value.shape == own[name].shape:
                shared[name] = value
        self.load_state_dict(shared, strict=False)
        return len(shared)


def as_tuple(feats) -> Tuple:
    """Backbones may give a bare map; necks and heads read several."""
    return tuple(feats) if isinstance(feats, (list, tuple)) else (feats,)
