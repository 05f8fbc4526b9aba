from . import functional, metrics
from .metrics import PDL, LandmarkMetric, NormalizedError, VisibilityAccuracy
from .plain import to_plain
from .report import collect_report, versions, write_results
from .tables import landmark_table, results_table

__all__ = [
    'LandmarkMetric',
    'NormalizedError',
    'PDL',
    'VisibilityAccuracy',
    'collect_report',
    'functional',
    'landmark_table',
    'metrics',
    'results_table',
    'to_plain',
    'versions',
    'write_results',
]
