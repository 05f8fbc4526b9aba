from .landmark_metric import LandmarkMetric
from .normalized_error import NormalizedError
from .pck import TorsoPCK
from .pcp import PCP
from .pdl import PDL
from .presence_accuracy import PresenceAccuracy
from .visibility_accuracy import VisibilityAccuracy

__all__ = [
    'LandmarkMetric',
    'NormalizedError',
    'PCP',
    'PDL',
    'PresenceAccuracy',
    'TorsoPCK',
    'VisibilityAccuracy',
]
