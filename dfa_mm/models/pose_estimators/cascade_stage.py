"""One stage of the cascade: one network, or the two branches of stage 3."""

from copy import deepcopy
from typing import Optional

import torch
from mmengine.model import BaseModule, ModuleList
from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType, OptConfigType
from torch import Tensor

from dfa_mm.models.pseudo_labels import PseudoLabel
from dfa_mm.models.stage_data import StageOutput

from .pairing import as_tuple

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


class CascadeStage(BaseModule):
    """The networks of one stage and the pseudo-label they share.

    Args:
        backbone (dict), head (dict), neck (dict, optional): Of each network.
        refine (bool): Whether there is a stage before.
        pseudo_label (dict, optional): Arguments of :class:`PseudoLabel`
            except ``num_landmarks``; ``None`` trains without pseudo-labels.
        branches (int): Number of networks, 1 or 2.
    """

    def __init__(
        self,
        backbone: ConfigType,
        head: ConfigType,
        neck: OptConfigType = None,
        refine: bool = False,
        pseudo_label: OptConfigType = None,
        branches: int = 1,
    ) -> None:
        super().__init__()
        if branches not in (1, 2):
            raise ValueError(f'a stage has 1 or 2 branches, not {branches}')
        head = deepcopy(head)
        head.update(refine=refine)
        self.pseudo_label = None
        if pseudo_label is None:
            head.update(num_clusters=0)
        else:
            self.pseudo_label = PseudoLabel(
                num_landmarks=head['num_landmarks'], **pseudo_label
            )
            head.update(num_clusters=len(self.pseudo_label.centers))
            head.setdefault('loss_pseudo_label', dict(type='EuclideanLoss'))
        self.branches = ModuleList(
            StageNetwork(backbone, head, neck) for _ in range(branches)
        )

    def copy_weights_from(self, other: 'CascadeStage') -> int:
        """Start every branch from the first branch of ``other``.

        Copies each parameter and buffer of the same name and shape, except
        those of the layers of landmarks and pseudo-labels, whose meaning
        differs from stage to stage. Of fc7, which in a later stage takes the
        previous landmarks too, the columns of fc6 are copied.

        Returns:
            int: Number of tensors copied per branch.
        """
        source = other.branches[0].state_dict()
        for branch in self.branches:
            own = branch.state_dict()
            shared = {
                name: _widened(value, own[name]) if name == _FC7 else value
                for name, value in source.items()
                if name in own
                and _fits(name, value, own[name])
                and not any(output in name for output in _OWN_OUTPUTS)
            }
            branch.load_state_dict(shared, strict=False)
        return len(shared)


def _fits(name: str, value: Tensor, own: Tensor) -> bool:
    """Whether it has the shape of ``own``; of fc7 the outputs' number."""
    if name == _FC7:
        return len(value) == len(own) and value.shape[1] <= own.shape[1]
    return value.shape == own.shape


def _widened(value: Tensor, own: Tensor) -> Tensor:
    """``value``, and behind it the columns that only ``own`` has."""
    return torch.cat([value, own[:, value.shape[1] :]], 1)
