"""One stage of the cascade: one network, or the two branches of stage 3."""

from typing import Dict, Optional, Tuple

import torch
from mmengine.model import BaseModule, ModuleList
from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType, OptConfigType
from torch import Tensor

from dfa_mm.models.pseudo_labels import PseudoLabel
from dfa_mm.models.stage_data import (
    StageInput,
    StageOutput,
    StageTargets,
    merge,
    pick,
    pick_input,
)

# what StageNetwork.copy_weights_from widens, and what it leaves
_FC7 = 'head.fc7.weight'
_OWN_OUTPUTS = ('fc_landmarks', 'fc_pseudo_label')


class CascadeStage(BaseModule):
    """The networks of one stage and the pseudo-label they share.

    Args:
        backbone (dict, optional), head (dict), neck (dict, optional): Of each
            network. Without a backbone its inputs are maps.
        pseudo_label (dict, optional): Arguments of :class:`PseudoLabel`;
            ``None`` trains without pseudo-labels.
        branches (int): Number of networks, 1 or 2.
    """

    def __init__(
        self,
        backbone: OptConfigType,
        head: ConfigType,
        neck: OptConfigType = None,
        pseudo_label: OptConfigType = None,
        branches: int = 1,
    ) -> None:
        super().__init__()
        if branches not in (1, 2):
            raise ValueError(f'a stage has 1 or 2 branches, not {branches}')
        self.pseudo_label = (
            PseudoLabel(**pseudo_label) if pseudo_label else None
        )
        self.branches = ModuleList(
            StageNetwork(backbone, head, neck) for _ in range(branches)
        )

    def forward(
        self,
        inputs: StageInput,
        previous: Optional[StageOutput] = None,
        route: Optional[Tensor] = None,
    ) -> StageOutput:
        """Run the one network, the routed branch, or the mean of both.

        Of crops (B, 3, H, W) or a trunk's maps, what the stage before said
        and each sample's branch (B,), ``None`` for all branches.
        """
        if route is None:
            outputs = [network(inputs, previous) for network in self.branches]
            if len(outputs) == 1:
                return outputs[0]
            return self.branches[0].head.average(outputs)
        parts, indices = [], []
        for i, network in enumerate(self.branches):
            chosen = (route == i).nonzero().flatten()
            if len(chosen):
                parts.append(
                    network(pick_input(inputs, chosen), pick(previous, chosen))
                )
                indices.append(chosen)
        return merge(parts, indices)

    def loss(
        self,
        inputs: StageInput,
        previous: Optional[StageOutput],
        targets: StageTargets,
        route: Optional[Tensor],
    ) -> Dict[str, Tensor]:
        """Eq. 3 for each branch on the samples that take it."""
        labels = None
        if self.pseudo_label is not None:
            labels = self.pseudo_label(
                None if previous is None else previous.landmarks,
                targets.landmarks,
                targets.weights,
            )
        if len(self.branches) == 1:
            return self.branches[0].loss(inputs, previous, targets, labels)
        losses = {}
        for i, network in enumerate(self.branches):
            chosen = slice(None) if route is None else route == i
            own = dict(loss_landmark=targets.landmarks.new_zeros(()))
            mine = pick(targets, chosen)
            if len(mine.landmarks):
                own = network.loss(
                    pick_input(inputs, chosen),
                    pick(previous, chosen),
                    mine,
                    None if labels is None else labels[chosen],
                )
            losses.update({f'branch{i + 1}.{k}': v for k, v in own.items()})
        return losses

    def copy_weights_from(self, other: 'CascadeStage') -> int:
        """Start every branch from the first of ``other``."""
        for network in self.branches:
            copied = network.copy_weights_from(other.branches[0])
        return copied


class StageNetwork(BaseModule):
    """Backbone, where it has its own, optional neck, and head."""

    def __init__(
        self,
        backbone: OptConfigType,
        head: ConfigType,
        neck: OptConfigType,
    ) -> None:
        super().__init__()
        self.backbone = MODELS.build(backbone) if backbone else None
        self.neck = MODELS.build(neck) if neck else None
        self.head = MODELS.build(head)

    def forward(
        self, inputs: StageInput, previous: Optional[StageOutput]
    ) -> StageOutput:
        feats = inputs
        if self.backbone is not None:
            # convolutions are up to twice as fast in this layout
            inputs = inputs.contiguous(memory_format=torch.channels_last)
            feats = as_tuple(self.backbone(inputs))
        if self.neck is not None:
            feats = as_tuple(self.neck(feats))
        return self.head(feats, previous)

    def loss(
        self,
        inputs: StageInput,
        previous: Optional[StageOutput],
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
