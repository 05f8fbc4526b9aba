"""A departure from the paper: stages hand on maps with all their modes."""

from typing import List, Optional, Sequence

import torch
from mmcv.cnn import ConvModule
from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType
from torch import Tensor, nn
from torch.nn import functional as F

from dfa_mm.models.hypotheses import disturbed, hypotheses

from .local_dfa_head import LandmarkSampler
from .map_dfa_head import AnyTypeMapDFAHead, MapStageOutput


class HypothesisReader(nn.Module):
    """What the stage before held possible, beside the features.

    Its maps, states and pseudo-label, that is the shape it took the garment
    for, are read together with the features by separable convolutions that
    see most of the crop, so that one landmark can choose among its modes by
    where the others are. It starts without effect.

    Args:
        in_channels (int): Of the features.
        num_maps (int): Of the hypotheses.
        num_values (int): States and pseudo-label, as one vector.
        channels (int): Within.
        depth (int): Separable convolutions.
        kernel_size (int): Theirs, in cells.
    """

    def __init__(
        self,
        in_channels: int,
        num_maps: int,
        num_values: int,
        channels: int = 96,
        depth: int = 3,
        kernel_size: int = 9,
    ) -> None:
        super().__init__()
        self.join = nn.Conv2d(in_channels + num_maps, channels, 1)
        self.shape = nn.Linear(num_values, channels)
        self.blocks = nn.ModuleList(
            _separable(channels, kernel_size) for _ in range(depth)
        )
        self.out = nn.Conv2d(channels, in_channels, 1)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, x: Tensor, maps: Tensor, values: Tensor) -> Tensor:
        """(B, C, h, w), (B, K, h, w) and (B, V) to (B, C, h, w)."""
        joined = self.join(torch.cat([x, maps.to(x.dtype)], 1))
        joined = F.relu(joined + self.shape(values)[..., None, None])
        for block in self.blocks:
            joined = joined + block(joined)
        return x + self.out(joined)


def _separable(channels: int, kernel_size: int) -> nn.Sequential:
    norm = dict(type='BN')
    return nn.Sequential(
        ConvModule(
            channels,
            channels,
            kernel_size,
            padding=kernel_size // 2,
            groups=channels,
            norm_cfg=norm,
            act_cfg=None,
        ),
        ConvModule(channels, channels, 1, norm_cfg=norm),
    )


@MODELS.register_module()
class HypothesisDFAHead(AnyTypeMapDFAHead):
    """A later stage that chooses among the hypotheses of the one before.

    Of the gross errors of one stage the truth is often another mode of its
    map, which a stage that is told one point cannot find. States are read off
    the features round the previous landmarks, too. Stage 1 is an
    :class:`AnyTypeMapDFAHead`.

    Args:
        reader (dict): Arguments of :class:`HypothesisReader`.
        sampler (dict): Arguments of :class:`LandmarkSampler`.
        previous_clusters (int): Length of the pseudo-label of the stage
            before, 0 for none.
        disturbance (float): How often, in training, a landmark's map is made
            as wrong as it is on pictures that were not trained on, see
            :func:`disturbed`.
        kwargs: Of :class:`AnyTypeMapDFAHead`.
    """

    def __init__(
        self,
        reader: ConfigType,
        sampler: ConfigType,
        previous_clusters: int = 0,
        disturbance: float = 0.2,
        **kwargs,
    ) -> None:
        refine = kwargs.pop('refine', False)
        # no coordinates: the maps have them
        super().__init__(refine=False, **kwargs)
        self.disturbance = disturbance
        self.reader = None
        if refine:
            values = self.num_states * self.num_landmarks + previous_clusters
            self.reader = HypothesisReader(
                self.in_channels, self.num_landmarks, values, **reader
            )
            self.sampler = LandmarkSampler(
                self.in_channels, self.num_landmarks, **sampler
            )
            self.fc7 = nn.Linear(
                self.fc7.in_features + self.sampler.out_channels,
                self.fc7.out_features,
            )

    def forward(
        self,
        feats: Sequence[Tensor],
        previous: Optional[MapStageOutput] = None,
    ) -> MapStageOutput:
        if self.reader is not None:
            fine = self._with_hypotheses(feats[0], previous)
            feats = (fine, *feats[1:])
        return super().forward(feats, previous)

    def _fc6(
        self, feats: Sequence[Tensor], previous: Optional[MapStageOutput]
    ) -> List[Tensor]:
        x = super()._fc6(feats, previous)
        if self.reader is not None:
            x.append(self.sampler(feats[0], previous.landmarks))
        return x

    def _with_hypotheses(self, x: Tensor, previous: MapStageOutput) -> Tensor:
        maps = previous.maps
        if self.training:
            maps = disturbed(maps, self.disturbance)
        states = previous.visibility.softmax(-1).flatten(1)
        values = torch.cat([states, previous.pseudo_label], 1)
        return self.reader(x, hypotheses(maps, x.shape[-2:]), values)
