from . import functional, metrics
from .metrics import (
    PCP,
    PDL,
    LandmarkMetric,
    NormalizedError,
    PresenceAccuracy,
    TorsoPCK,
    VisibilityAccuracy,
)
from .plain import to_plain
from .report import collect_report, versions, write_results
from .tables import landmark_table, results_table, stick_table

__all__ = [
    'LandmarkMetric',
    'NormalizedError',
    'PCP',
    'PDL',
    'PresenceAccuracy',
    'TorsoPCK',
    'VisibilityAccuracy',
    'collect_report',
    'functional',
    'landmark_table',
    'metrics',
    'results_table',
    'stick_table',
    'to_plain',
    'versions',
    'write_results',
]
