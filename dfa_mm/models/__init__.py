from .backbones import EfficientNetLite
from .heads import AnyTypeMapDFAHead, DFAHead, LocalDFAHead, MapDFAHead
from .losses import EuclideanLoss, LandmarkMapLoss
from .pose_estimators import RoutingTopdownPoseEstimator

__all__ = [
    'AnyTypeMapDFAHead',
    'DFAHead',
    'EfficientNetLite',
    'EuclideanLoss',
    'LandmarkMapLoss',
    'LocalDFAHead',
    'MapDFAHead',
    'RoutingTopdownPoseEstimator',
]
