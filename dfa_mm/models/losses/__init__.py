from .euclidean_loss import EuclideanLoss
from .landmark_map_loss import LandmarkMapLoss

__all__ = ['EuclideanLoss', 'LandmarkMapLoss']
