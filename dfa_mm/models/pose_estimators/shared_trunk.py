"""Departure from the paper: one backbone for all stages."""

from typing import Optional, Tuple

import torch
from mmengine.model import ModuleDict
from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType, OptConfigType, SampleList
from torch import Tensor, nn

from dfa_mm.models.clothes_type import (
    UNKNOWN,
    ClothesTypeInput,
    clothes_types,
)

from .cascade_stage import StageNetwork, as_tuple
from .routing_topdown import RoutingTopdownPoseEstimator


@MODELS.register_module()
class SharedTrunkPoseEstimator(RoutingTopdownPoseEstimator):
    """A cascade whose stages are heads on the maps of one trunk, run once.

    The trunk is trained with stage 1 and frozen with it.

    Args:
        backbone (dict), neck (dict): The trunk.
        head (dict): Of every stage.
        type_input (dict, optional): Arguments of :class:`ClothesTypeInput`,
            between backbone and neck. Without it the clothes type, of which a
            crop's meta information may tell, is not read.
        kwargs: Of :class:`RoutingTopdownPoseEstimator`. ``test_cfg`` may have
            ``type_known=False``, which withholds the type in testing, too.
    """

    def __init__(
        self,
        backbone: ConfigType,
        head: ConfigType,
        neck: ConfigType,
        type_input: OptConfigType = None,
        **kwargs,
    ) -> None:
        super().__init__(backbone=None, head=head, **kwargs)
        self.trunk = ModuleDict(
            dict(backbone=MODELS.build(backbone), neck=MODELS.build(neck))
        )
        if type_input is not None:
            self.trunk['type_input'] = ClothesTypeInput(**type_input)
        if self.finished_stages:
            self.trunk.eval()
            self.trunk.requires_grad_(False)

    def train(self, mode: bool = True) -> 'SharedTrunkPoseEstimator':
        super().train(mode)
        if self.finished_stages:
            self.trunk.eval()
        return self

    def trunk_of(self, network: StageNetwork) -> Tuple[nn.Module, nn.Module]:
        return self.trunk['backbone'], self.trunk['neck']

    def look(
        self, inputs: Tensor, data_samples: Optional[SampleList]
    ) -> Tuple[Tensor, ...]:
        """The trunk's maps of crops (B, 3, H, W)."""
        feats = as_tuple(self.trunk['backbone'](inputs))
        if 'type_input' in self.trunk:
            feats = self.trunk['type_input'](
                feats, self._types(inputs, data_samples)
            )
        return as_tuple(self.trunk['neck'](feats))

    def _types(
        self, inputs: Tensor, data_samples: Optional[SampleList]
    ) -> Tensor:
        if data_samples is None:
            return inputs.new_full((len(inputs),), UNKNOWN, dtype=torch.long)
        types = clothes_types(data_samples).to(inputs.device)
        if self.training:
            return self.trunk['type_input'].withhold(types)
        if not self.test_cfg.get('type_known', True):
            return torch.full_like(types, UNKNOWN)
        return types
