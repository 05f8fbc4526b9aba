from .backbones import EfficientNetLite
from .heads import (
    AnyTypeMapDFAHead,
    DFAHead,
    LocalDFAHead,
    MapDFAHead,
)
from .losses import EuclideanLoss, LandmarkMapLoss
from .pose_estimators import (
    CascadeStage,
    RoutingTopdownPoseEstimator,
)
from .pseudo_labels import PseudoLabel
from .routers import ErrorRouter

__all__ = [
    'AnyTypeMapDFAHead',
    'CascadeStage',
    'DFAHead',
    'EfficientNetLite',
    'ErrorRouter',
    'EuclideanLoss',
    'LandmarkMapLoss',
    'LocalDFAHead',
    'MapDFAHead',
    'PseudoLabel',
    'RoutingTopdownPoseEstimator',
]
