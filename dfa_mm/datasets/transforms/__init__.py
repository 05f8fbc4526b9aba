from .averaging_topdown_affine import AveragingTopdownAffine, averaging
from .landmark_random_flip import LandmarkRandomFlip
from .name_dataset import NameDataset
from .pack_landmark_inputs import PackLandmarkInputs
from .random_context import RandomContext

__all__ = [
    'AveragingTopdownAffine',
    'LandmarkRandomFlip',
    'NameDataset',
    'PackLandmarkInputs',
    'RandomContext',
    'averaging',
]
