from .landmark_random_flip import LandmarkRandomFlip
from .pack_landmark_inputs import PackLandmarkInputs

__all__ = ['LandmarkRandomFlip', 'PackLandmarkInputs']
