from .cascade_stage import CascadeStage
from .routing_topdown import RoutingTopdownPoseEstimator
from .shared_trunk import SharedTrunkPoseEstimator

__all__ = [
    'CascadeStage',
    'RoutingTopdownPoseEstimator',
    'SharedTrunkPoseEstimator',
]
