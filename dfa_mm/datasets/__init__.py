from . import transforms
from .fld_dataset import FLDDataset
from .landmark_dataset import LandmarkDataset

__all__ = ['FLDDataset', 'LandmarkDataset', 'transforms']
