from .fld import CLOTHES_TYPES, FLD_SETS, TYPE_SLOTS, VARIATION_TYPES
from .landmark_sets import LandmarkSet
from .visibility import (
    NUM_VISIBILITY_STATES,
    Visibility,
    from_coco,
    has_position,
    to_coco,
)

__all__ = [
    'CLOTHES_TYPES',
    'FLD_SETS',
    'LandmarkSet',
    'NUM_VISIBILITY_STATES',
    'TYPE_SLOTS',
    'VARIATION_TYPES',
    'Visibility',
    'from_coco',
    'has_position',
    'to_coco',
]
