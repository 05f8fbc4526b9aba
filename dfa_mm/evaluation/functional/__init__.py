from ._shapes import mean_known
from .detected_landmarks import (
    REFERENCE_SIZE,
    percentage_detected_landmarks,
    to_reference_frame,
)
from .normalized_error import (
    mean_normalized_error,
    normalized_error,
    usable_norm,
)
from .pck import area_under_curve, percentage_correct_keypoints
from .protocols import (
    PROTOCOLS,
    Protocol,
    box_long_side,
    box_size,
    is_visible,
)
from .strict_pcp import (
    correct_sticks,
    correct_sticks_loose,
    loose_pcp,
    stick_ends,
    stick_lengths,
    strict_pcp,
)
from .visibility import (
    confusion_matrix,
    recall_by_state,
    visibility_accuracy,
)

__all__ = [
    'PROTOCOLS',
    'Protocol',
    'REFERENCE_SIZE',
    'area_under_curve',
    'box_long_side',
    'box_size',
    'confusion_matrix',
    'correct_sticks',
    'correct_sticks_loose',
    'is_visible',
    'loose_pcp',
    'mean_known',
    'mean_normalized_error',
    'normalized_error',
    'percentage_correct_keypoints',
    'percentage_detected_landmarks',
    'recall_by_state',
    'stick_ends',
    'stick_lengths',
    'strict_pcp',
    'to_reference_frame',
    'usable_norm',
    'visibility_accuracy',
]
