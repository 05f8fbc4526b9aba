"""The formulas of the metrics, arrays in, numbers out, under one name.

What other tools may rely on; each stands above its metric.
"""

from .calibration import expected_calibration_error
from .normalized_error import mean_normalized_error, normalized_error
from .pck import area_under_curve, percentage_correct_keypoints
from .pcp import loose_pcp, strict_pcp
from .pdl import percentage_detected_landmarks, to_reference_frame
from .protocols import PROTOCOLS
from .tail import describe_tail, gross_share
from .visibility import (
    confusion_matrix,
    recall_by_state,
    visibility_accuracy,
)

__all__ = [
    'PROTOCOLS',
    'area_under_curve',
    'confusion_matrix',
    'describe_tail',
    'expected_calibration_error',
    'gross_share',
    'loose_pcp',
    'mean_normalized_error',
    'normalized_error',
    'percentage_correct_keypoints',
    'percentage_detected_landmarks',
    'recall_by_state',
    'strict_pcp',
    'to_reference_frame',
    'visibility_accuracy',
]
