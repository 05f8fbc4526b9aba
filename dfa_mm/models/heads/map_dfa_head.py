"""Departures from the paper: landmarks are read off maps."""

from typing import NamedTuple, Optional, Sequence

from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType, OptConfigType
from torch import Tensor

from dfa_mm.models.landmark_maps import decode_maps
from dfa_mm.models.mirroring import mirror_maps
from dfa_mm.models.precision import in_float32
from dfa_mm.models.stage_data import StageOutput, StageTargets
from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

from .dfa_head import DFAHead
from .landmark_map_layers import LandmarkMapLayers


class MapStageOutput(NamedTuple):
    """A ``StageOutput`` and what its landmarks were read off."""

    landmarks: Tensor
    visibility: Tensor
    pseudo_label: Tensor
    maps: Tensor  # (B, K, H, W) logits


@MODELS.register_module()
class MapDFAHead(DFAHead):
    """Landmarks off one map each, instead of regressed by fc7.

    Visibility and pseudo-label, a function of offsets as before, are still
    fc7's. A later stage sees the previous landmarks drawn.

    Args:
        maps (dict): Arguments of :class:`LandmarkMapLayers`, which reads the
            first feature map.
        loss_landmark (dict, optional): Called with (maps (B, K, H, W), target
            (B, K, 2), weight (B, K, 1)), as :class:`LandmarkMapLoss`.
        kwargs: Of :class:`DFAHead`.
    """

    maps_read = (0, -1)

    def __init__(
        self, maps: ConfigType, loss_landmark: OptConfigType = None, **kwargs
    ) -> None:
        loss_landmark = loss_landmark or dict(type='LandmarkMapLoss')
        super().__init__(loss_landmark=loss_landmark, **kwargs)
        del self.fc_landmarks
        self.maps = LandmarkMapLayers(
            self.in_channels, self.num_landmarks, self.refine, **maps
        )

    def forward(
        self, feats: Sequence[Tensor], previous: Optional[StageOutput] = None
    ) -> MapStageOutput:
        x = self._fc7(feats, previous)
        maps = self._maps(feats, previous)
        return MapStageOutput(
            decode_maps(maps), *self._states_and_label(x), maps
        )

    def _maps(
        self, feats: Sequence[Tensor], previous: Optional[StageOutput]
    ) -> Tensor:
        drawn = previous.landmarks if self.refine else None
        return self.maps(feats[0], drawn)

    def average(self, outputs: Sequence[MapStageOutput]) -> MapStageOutput:
        """With the landmarks that are read off the mean maps."""
        output = super().average(outputs)
        return output._replace(landmarks=decode_maps(output.maps))

    def mirror(
        self, output: MapStageOutput, flip_indices: Sequence[int]
    ) -> MapStageOutput:
        maps = mirror_maps(output.maps, flip_indices, self.decoder)
        return super().mirror(output, flip_indices)._replace(maps=maps)

    def _position_loss(
        self, output: MapStageOutput, targets: StageTargets
    ) -> Tensor:
        return in_float32(self.loss_landmark)(
            output.maps, targets.landmarks, targets.weights[..., None]
        )


@MODELS.register_module()
class AnyTypeMapDFAHead(MapDFAHead):
    """Tells which landmarks a garment does not have.

    Their slots are a fourth class of visibility, for a model of all clothes
    types that is not told which one it sees.
    """

    num_states = NUM_VISIBILITY_STATES + 1

    def _classes(self, visibility: Tensor) -> Tensor:
        return visibility.masked_fill(
            visibility == int(Visibility.ABSENT), NUM_VISIBILITY_STATES
        )
