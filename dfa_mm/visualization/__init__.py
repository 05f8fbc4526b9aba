from .curves import plot_curves
from .errors import draw_errors
from .landmarks import draw_garments, draw_landmarks, truncation_note
from .panels import contact_sheet, crop_round_box, stages_side_by_side
from .prediction import draw_prediction, draw_stages, enlarge
from .prediction_sheet import prediction_sheet
from .text import draw_heading, draw_note
from .visualizer import FashionLandmarkVisualizer

__all__ = [
    'FashionLandmarkVisualizer',
    'contact_sheet',
    'crop_round_box',
    'draw_errors',
    'draw_garments',
    'draw_heading',
    'draw_landmarks',
    'draw_note',
    'draw_prediction',
    'draw_stages',
    'enlarge',
    'plot_curves',
    'prediction_sheet',
    'stages_side_by_side',
    'truncation_note',
]
