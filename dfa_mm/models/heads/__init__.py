from .any_type_map_dfa_head import AnyTypeMapDFAHead
from .dfa_head import DFAHead
from .local_dfa_head import LocalDFAHead
from .map_dfa_head import MapDFAHead

__all__ = ['AnyTypeMapDFAHead', 'DFAHead', 'LocalDFAHead', 'MapDFAHead']
