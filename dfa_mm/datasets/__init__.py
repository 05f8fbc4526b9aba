from . import transforms
from .combined_dataset import CombinedLandmarkDataset
from .fld_dataset import FLDDataset
from .landmark_dataset import LandmarkDataset

__all__ = [
    'CombinedLandmarkDataset',
    'FLDDataset',
    'LandmarkDataset',
    'transforms',
]
