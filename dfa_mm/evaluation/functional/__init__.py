from .detected_landmarks import (
    REFERENCE_SIZE,
    percentage_detected_landmarks,
    to_reference_frame,
)
from .mean_shape import from_crop_frame, mean_shape, to_crop_frame
from .normalized_error import (
    mean_normalized_error,
    normalized_error,
    usable_norm,
)
from .protocols import (
    PROTOCOLS,
    Protocol,
    box_long_side,
    box_size,
    is_visible,
)
from .strict_pcp import correct_sticks, strict_pcp
from .visibility import (
    confusion_matrix,
    recall_by_state,
    visibility_accuracy,
)

__all__ = [
    'PROTOCOLS',
    'Protocol',
    'REFERENCE_SIZE',
    'box_long_side',
    'box_size',
    'confusion_matrix',
    'correct_sticks',
    'from_crop_frame',
    'is_visible',
    'mean_normalized_error',
    'mean_shape',
    'normalized_error',
    'percentage_detected_landmarks',
    'recall_by_state',
    'strict_pcp',
    'to_crop_frame',
    'to_reference_frame',
    'usable_norm',
    'visibility_accuracy',
]
