from .backbones import EfficientNetLite
from .heads import DFAHead
from .losses import EuclideanLoss, LandmarkMapLoss
from .pose_estimators import (
    CascadeStage,
    RoutingTopdownPoseEstimator,
)
from .pseudo_labels import PseudoLabel
from .routers import ErrorRouter

__all__ = [
    'CascadeStage',
    'DFAHead',
    'EfficientNetLite',
    'ErrorRouter',
    'EuclideanLoss',
    'LandmarkMapLoss',
    'PseudoLabel',
    'RoutingTopdownPoseEstimator',
]
