"""A later stage of DeepPose: one network per landmark on a patch round it."""

from copy import deepcopy
from typing import Dict, List, Union

import torch
from mmengine.model import BaseModule, ModuleList
from mmpose.utils.typing import ConfigType, OptConfigType
from torch import Tensor, nn

from dfa_mm.models.pose_estimators.cascade_stage import CascadeStage
from dfa_mm.models.stage_data import StageOutput, StageTargets
from projects.deeppose.patches import (
    cut_patches,
    to_crop_frame,
    to_patch_frame,
)

# Paper, App. B.2: 120 x 120 pixels of the crop of 224 x 224.
PATCH_SHARE = 120 / 224


class PatchStage(BaseModule):
    """K networks; network k moves landmark k by what its patch shows.

    Each is a network of the cascade for a single landmark, whose position in
    the patch, [-0.5, 0.5] from side to side, is the offset it has to learn.
    Visibility is predicted by the same network (paper, Table 5).

    The K networks are trained in one run by the sum of their losses. They
    share no parameter, so each gets the gradients that it would get alone;
    only a limit on the norm of all gradients (``clip_grad``) couples them.
    They see the previous stage's own estimates; DeepPose also draws displaced
    ones, round the truth, from a Gaussian fitted to that stage's errors.

    Args:
        backbone (dict), head (dict), neck (dict, optional): Of each network;
            the head's ``num_landmarks`` is the number K of networks.
        share (float): Side of a patch as a share of the crop's, 120 / 224 in
            the paper.
    """

    # what the estimator asks of every stage
    pseudo_label = None

    def __init__(
        self,
        backbone: ConfigType,
        head: ConfigType,
        neck: OptConfigType = None,
        share: float = PATCH_SHARE,
    ) -> None:
        super().__init__()
        if share <= 0:
            raise ValueError(f'share must be positive, but is {share}')
        self.share = share
        single = deepcopy(head)
        single.update(num_landmarks=1)
        self.networks = ModuleList(
            CascadeStage(backbone, single, neck)
            for _ in range(head['num_landmarks'])
        )

    @property
    def branches(self) -> List[nn.Module]:
        """The K networks; of :class:`CascadeStage`, alternatives."""
        return [network.branches[0] for network in self.networks]

    def forward(
        self, inputs: Tensor, previous: StageOutput, route: None = None
    ) -> StageOutput:
        """Crops (B, C, H, W) and landmarks to better landmarks."""
        before = previous.landmarks
        fields = zip(*self._in_patches(inputs, before))
        output = StageOutput(*(torch.cat(field, 1) for field in fields))
        return output._replace(
            landmarks=to_crop_frame(output.landmarks, before, self.share)
        )

    def loss(
        self,
        inputs: Tensor,
        previous: StageOutput,
        targets: StageTargets,
        route: None = None,
    ) -> Dict[str, Tensor]:
        """Sum of the K networks' losses, each on its own landmark."""
        before = previous.landmarks
        targets = targets._replace(
            landmarks=to_patch_frame(targets.landmarks, before, self.share)
        )
        losses = [
            network.head.loss_by_targets(output, _only(targets, k), None)
            for k, (network, output) in enumerate(
                zip(self.branches, self._in_patches(inputs, before))
            )
        ]
        return {name: sum(each[name] for each in losses) for name in losses[0]}

    def copy_weights_from(
        self, other: Union[CascadeStage, 'PatchStage']
    ) -> int:
        """Start each network from the same landmark's in ``other``.

        Or from its only network; see :meth:`CascadeStage.copy_weights_from`.
        """
        sources = [other] * len(self.networks)
        if isinstance(other, PatchStage):
            sources = other.networks
        copied = [
            own.copy_weights_from(source)
            for own, source in zip(self.networks, sources)
        ]
        return copied[0]

    def _in_patches(
        self, inputs: Tensor, centres: Tensor
    ) -> List[StageOutput]:
        """Output of every network, in the frame of its own patch."""
        return [
            network(cut_patches(inputs, centres[:, k], self.share), None)
            for k, network in enumerate(self.branches)
        ]


def _only(targets: StageTargets, landmark: int) -> StageTargets:
    return StageTargets(
        *(field[:, landmark : landmark + 1] for field in targets)
    )
