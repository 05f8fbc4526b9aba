from .dfa_head import DFAHead
from .hypothesis_dfa_head import HypothesisDFAHead
from .local_dfa_head import LocalDFAHead
from .map_dfa_head import AnyTypeMapDFAHead, MapDFAHead

__all__ = [
    'AnyTypeMapDFAHead',
    'DFAHead',
    'HypothesisDFAHead',
    'LocalDFAHead',
    'MapDFAHead',
]
