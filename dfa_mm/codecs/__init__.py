from .landmark_label import LandmarkLabel

__all__ = ['LandmarkLabel']
