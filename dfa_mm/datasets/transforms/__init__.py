from .averaging_topdown_affine import AveragingTopdownAffine, averaging
from .landmark_random_flip import LandmarkRandomFlip
from .load_picture import LoadPicture
from .pack_landmark_inputs import PackLandmarkInputs
from .random_context import RandomContext
from .random_cut import RandomCut
from .random_occlusion import RandomOcclusion

__all__ = [
    'AveragingTopdownAffine',
    'LandmarkRandomFlip',
    'LoadPicture',
    'PackLandmarkInputs',
    'RandomContext',
    'RandomCut',
    'RandomOcclusion',
    'averaging',
]
