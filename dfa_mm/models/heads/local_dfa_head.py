"""A departure from the paper: a look round the previous landmarks."""

from typing import List, Optional, Sequence

from mmpose.registry import MODELS
from mmpose.utils.typing import ConfigType
from torch import Tensor, nn

from .dfa_head import DFAHead
from .landmark_sampler import LandmarkSampler


@MODELS.register_module()
class LocalDFAHead(DFAHead):
    """A later stage also sees the features round the previous landmarks.

    Stage 1, which has none, is the paper's.

    Args:
        sampler (dict): Arguments of :class:`LandmarkSampler`, which reads the
            first feature map.
        kwargs: Of :class:`DFAHead`.
    """

    maps_read = (0, -1)

    def __init__(self, sampler: ConfigType, **kwargs) -> None:
        super().__init__(**kwargs)
        if self.refine:
            self.sampler = LandmarkSampler(
                self.in_channels, self.num_landmarks, **sampler
            )
            self.fc7 = nn.Linear(
                self.fc7.in_features + self.sampler.out_channels,
                self.fc7.out_features,
            )

    def _fc6(
        self, feats: Sequence[Tensor], previous: Optional[Tensor]
    ) -> List[Tensor]:
        x = super()._fc6(feats, previous)
        if self.refine:
            x.append(self.sampler(feats[0], previous))
        return x
