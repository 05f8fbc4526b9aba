"""A departure from the paper: garments of any type, which is not told."""

from mmpose.registry import MODELS
from torch import Tensor

from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

from .map_dfa_head import MapDFAHead


@MODELS.register_module()
class AnyTypeMapDFAHead(MapDFAHead):
    """Tells which landmarks a garment does not have.

    The slots that it does not have are a fourth class of visibility, for a
    model of all clothes types that is not told which one it sees.
    """

    num_states = NUM_VISIBILITY_STATES + 1

    def _classes(self, visibility: Tensor) -> Tensor:
        return visibility.masked_fill(
            visibility == int(Visibility.ABSENT), NUM_VISIBILITY_STATES
        )
