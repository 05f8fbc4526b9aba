from .euclidean_loss import EuclideanLoss

__all__ = ['EuclideanLoss']
