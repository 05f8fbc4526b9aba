from .cascade_stage import CascadeStage
from .deeppose_topdown import DeepPoseTopdownEstimator
from .patch_stage import PatchStage
from .routing_topdown import RoutingTopdownPoseEstimator

__all__ = [
    'CascadeStage',
    'DeepPoseTopdownEstimator',
    'PatchStage',
    'RoutingTopdownPoseEstimator',
]
