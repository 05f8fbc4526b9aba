from .fld import CLOTHES_TYPES, FLD_SETS, TYPE_SLOTS, VARIATION_TYPES
from .landmark_sets import LandmarkSet, check_metainfo
from .lsp import LSP_SET, LSP_STICK_GROUPS, LSP_STICKS, LSP_TORSO
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
    'LSP_SET',
    'LSP_STICKS',
    'LSP_STICK_GROUPS',
    'LSP_TORSO',
    'LandmarkSet',
    'NUM_VISIBILITY_STATES',
    'TYPE_SLOTS',
    'VARIATION_TYPES',
    'Visibility',
    'check_metainfo',
    'from_coco',
    'has_position',
    'to_coco',
]
