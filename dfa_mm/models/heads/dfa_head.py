"""The head of one network: landmarks, visibility and pseudo-labels."""

from typing import Dict, List, Optional, Sequence, Tuple

import torch
from mmengine.model import BaseModule
from mmpose.registry import KEYPOINT_CODECS, MODELS
from mmpose.utils.typing import OptConfigType, OptMultiConfig
from torch import Tensor, nn

from dfa_mm.models.mirroring import mirror_landmarks
from dfa_mm.models.precision import in_float32
from dfa_mm.models.pseudo_labels import NUM_CLUSTERS, label_entropy
from dfa_mm.models.stage_data import StageOutput, StageTargets, mean
from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

# Offsets are learnt as so many times themselves in the released networks.
OFFSET_SCALE = 5.0

# Kaiming's scale keeps the signal alive in narrow layers, behind features of
# about unit scale; VGG-16's are larger, see its config
DEFAULT_INIT_CFG = [
    dict(type='Kaiming', layer='Linear', mode='fan_in'),
    dict(type='Normal', layer='OutputLayer', std=0.01),
]


class OutputLayer(nn.Linear):
    """A linear layer that an ``init_cfg`` can tell from the hidden ones."""


@MODELS.register_module()
class DFAHead(BaseModule):
    """fc6 (+ previous landmarks) - fc7 - three outputs.

    With ``refine`` the head takes the landmarks of the stage before and
    predicts a correction: its output is ``OFFSET_SCALE`` times (previous -
    truth), so ``landmarks = previous - output / OFFSET_SCALE``. The paper
    defines the offset with this sign but adds it; the released networks
    subtract, as here.

    Args:
        in_channels (int): Of the feature maps, of which the last is read.
        num_clusters (int): Length C of the pseudo-label, 0 for none.
        refine (bool): Whether there is a stage before.
        pool_size (int): The feature map is averaged to this size. 7 leaves
            VGG-16's map at 224 x 224 as it is.
        fc_channels (tuple[int, int]): Widths of fc6 and fc7.
        previous_channels (int): Width of what fc7 takes of the previous
            landmarks beside fc6.
        dropout (float): After fc6 and fc7.
        loss_landmark (dict, optional): Loss of the positions, called with
            (output (B, K, 2), target (B, K, 2), weight (B, K, 1)); Eq. 3's
            :class:`EuclideanLoss` by default.
        loss_pseudo_label (dict, optional): ``None`` trains without.
        visibility_weight (float): Factor on the cross-entropy of the states,
            summed over landmarks; 0 trains without.
        decoder (dict, optional): The ``LandmarkLabel`` codec.
        init_cfg (dict | list, optional): Its ``layer`` may be ``Linear``, all
            layers, and after it ``OutputLayer``, the three outputs.
    """

    num_states = NUM_VISIBILITY_STATES
    maps_read: Tuple[int, ...] = (-1,)
    """Which of the feature maps."""

    def __init__(
        self,
        in_channels: int,
        num_landmarks: int,
        num_clusters: int = NUM_CLUSTERS,
        refine: bool = False,
        pool_size: int = 7,
        fc_channels: Sequence[int] = (4096, 4096),
        previous_channels: int = 512,
        dropout: float = 0.5,
        loss_landmark: OptConfigType = None,
        loss_pseudo_label: OptConfigType = None,
        visibility_weight: float = 1.0,
        decoder: OptConfigType = None,
        init_cfg: OptMultiConfig = None,
    ) -> None:
        super().__init__(init_cfg or DEFAULT_INIT_CFG)
        self.in_channels = in_channels
        self.num_landmarks = num_landmarks
        self.refine = refine
        self.visibility_weight = visibility_weight
        self.auxiliary_weights = dict(alpha=1.0, beta=1.0)

        fc6, fc7 = fc_channels
        self.pool = nn.AdaptiveAvgPool2d(pool_size)
        self.fc6 = nn.Linear(in_channels * pool_size**2, fc6)
        if refine:
            self.fc_previous = nn.Linear(2 * num_landmarks, previous_channels)
            fc6 += previous_channels
        self.activate = nn.Sequential(nn.ReLU(), nn.Dropout(dropout))
        self.fc7 = nn.Linear(fc6, fc7)
        self.fc_landmarks = OutputLayer(fc7, 2 * num_landmarks)
        self.fc_visibility = OutputLayer(fc7, self.num_states * num_landmarks)
        self.fc_pseudo_label = (
            OutputLayer(fc7, num_clusters) if num_clusters else None
        )

        self.loss_landmark = MODELS.build(
            loss_landmark or dict(type='EuclideanLoss')
        )
        self.loss_pseudo_label = (
            MODELS.build(loss_pseudo_label) if loss_pseudo_label else None
        )
        self.loss_visibility = nn.CrossEntropyLoss(
            ignore_index=int(Visibility.ABSENT), reduction='sum'
        )
        self.decoder = KEYPOINT_CODECS.build(decoder) if decoder else None

    @property
    def pools_vectors(self) -> bool:
        """Whether it reads vectors (B, in_channels) as maps of one cell."""
        return self.pool.output_size == 1 and self.maps_read == (-1,)

    def forward(
        self, feats: Sequence[Tensor], previous: Optional[StageOutput] = None
    ) -> StageOutput:
        """Of maps (B, in_channels, H, W) and what the stage before said."""
        x = self._fc7(feats, previous)
        landmarks = self._landmarks(x, previous)
        return StageOutput(landmarks, *self._states_and_label(x))

    def _fc7(
        self, feats: Sequence[Tensor], previous: Optional[StageOutput]
    ) -> Tensor:
        x = self.activate(torch.cat(self._fc6(feats, previous), 1))
        return self.activate(self.fc7(x))

    def _fc6(
        self, feats: Sequence[Tensor], previous: Optional[StageOutput]
    ) -> List[Tensor]:
        """fc6 and beside it what is known of the previous landmarks."""
        x = feats[-1]
        x = x[:, :, None, None] if x.ndim == 2 else x
        x = [self.fc6(self.pool(x).flatten(1))]
        if self.refine:
            landmarks = previous.landmarks.flatten(1)
            x.append(in_float32(self.fc_previous)(landmarks))
        return x

    @in_float32
    def _landmarks(self, x: Tensor, previous: Optional[StageOutput]) -> Tensor:
        output = self._by_landmark(self.fc_landmarks(x))
        if not self.refine:
            return output
        return previous.landmarks - output / OFFSET_SCALE

    def _states_and_label(self, x: Tensor) -> Tuple[Tensor, Tensor]:
        label = x.new_zeros(len(x), 0)
        if self.fc_pseudo_label is not None:
            label = self.fc_pseudo_label(x)
        return self._by_landmark(self.fc_visibility(x)), label.float()

    def _by_landmark(self, x: Tensor) -> Tensor:
        return x.reshape(len(x), self.num_landmarks, -1).float()

    def average(self, outputs: Sequence[StageOutput]) -> StageOutput:
        """One output of several that saw the same batch."""
        return mean(outputs)

    def mirror(
        self, output: StageOutput, flip_indices: Sequence[int]
    ) -> StageOutput:
        """An output for mirrored crops, seen in the crops themselves."""
        return output._replace(
            landmarks=mirror_landmarks(
                output.landmarks, flip_indices, self.decoder
            ),
            visibility=output.visibility[:, list(flip_indices)],
        )

    def loss_by_targets(
        self,
        output: StageOutput,
        targets: StageTargets,
        pseudo_labels: Optional[Tensor],
    ) -> Dict[str, Tensor]:
        """Eq. 3: every term that is trained, and what tells of its health."""
        alpha = self.auxiliary_weights['alpha']
        beta = self.auxiliary_weights['beta']
        losses = dict(loss_landmark=self._position_loss(output, targets))
        if self.visibility_weight:
            weight = alpha * self.visibility_weight / len(output.landmarks)
            losses['loss_visibility'] = weight * self.loss_visibility(
                output.visibility.flatten(0, 1),
                self._classes(targets.visibility).flatten(),
            )
        if self.loss_pseudo_label is not None and pseudo_labels is not None:
            known = (targets.weights.sum(1) > 0).float()[:, None]
            losses['loss_pseudo_label'] = beta * self.loss_pseudo_label(
                output.pseudo_label, pseudo_labels, known
            )
            losses['label_entropy'] = label_entropy(pseudo_labels).mean()
            losses['label_max'] = pseudo_labels.amax(1).mean()
        return losses

    def _position_loss(
        self, output: StageOutput, targets: StageTargets
    ) -> Tensor:
        """Taken on what the network puts out, offsets in its own scale."""
        scale = OFFSET_SCALE if self.refine else 1.0
        return in_float32(self.loss_landmark)(
            output.landmarks * scale,
            targets.landmarks * scale,
            targets.weights[..., None],
        )

    def _classes(self, visibility: Tensor) -> Tensor:
        """Codes of ``Visibility`` to class indices."""
        return visibility
