from .curves import plot_curves
from .landmarks import draw_landmarks, truncation_note
from .panels import contact_sheet, crop_round_box, stages_side_by_side
from .visualizer import FashionLandmarkVisualizer

__all__ = [
    'FashionLandmarkVisualizer',
    'contact_sheet',
    'crop_round_box',
    'draw_landmarks',
    'plot_curves',
    'stages_side_by_side',
    'truncation_note',
]
