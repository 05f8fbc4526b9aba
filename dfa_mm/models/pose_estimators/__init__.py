from .cascade_stage import CascadeStage
from .routing_topdown import RoutingTopdownPoseEstimator

__all__ = ['CascadeStage', 'RoutingTopdownPoseEstimator']
