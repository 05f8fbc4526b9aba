from . import transforms
from .combined_dataset import CombinedLandmarkDataset
from .fld_dataset import FLDDataset
from .landmark_dataset import LandmarkDataset
from .lsp_dataset import LSPDataset

__all__ = [
    'CombinedLandmarkDataset',
    'FLDDataset',
    'LSPDataset',
    'LandmarkDataset',
    'transforms',
]
