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
    'is_visible',
    'mean_normalized_error',
    'normalized_error',
    'percentage_detected_landmarks',
    'recall_by_state',
    'strict_pcp',
    'to_reference_frame',
    'usable_norm',
    'visibility_accuracy',
]
