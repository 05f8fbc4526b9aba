from .detail_tables import detail_tables
from .landmark_metric import LandmarkMetric
from .normalized_error import NormalizedError
from .pck import TorsoPCK
from .pcp import PCP
from .pdl import PDL
from .presence import PresenceAccuracy
from .report import collect_report, to_plain, write_results
from .tables import landmark_table, results_table, stick_table
from .visibility import VisibilityAccuracy

__all__ = [
    'LandmarkMetric',
    'NormalizedError',
    'PCP',
    'PDL',
    'PresenceAccuracy',
    'TorsoPCK',
    'VisibilityAccuracy',
    'collect_report',
    'detail_tables',
    'landmark_table',
    'results_table',
    'stick_table',
    'to_plain',
    'write_results',
]
