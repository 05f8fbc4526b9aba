from .landmark_metric import LandmarkMetric
from .normalized_error import NormalizedError
from .pdl import PDL
from .visibility_accuracy import VisibilityAccuracy

__all__ = ['LandmarkMetric', 'NormalizedError', 'PDL', 'VisibilityAccuracy']
