from .landmarks import draw_errors, draw_landmarks, truncation_note
from .panels import contact_sheet, crop_round_box
from .prediction import draw_prediction, draw_stages, enlarge
from .prediction_sheet import prediction_sheet
from .text import draw_heading, draw_note
from .visualizer import FashionLandmarkVisualizer

__all__ = [
    'FashionLandmarkVisualizer',
    'contact_sheet',
    'crop_round_box',
    'draw_errors',
    'draw_heading',
    'draw_landmarks',
    'draw_note',
    'draw_prediction',
    'draw_stages',
    'enlarge',
    'prediction_sheet',
    'truncation_note',
]
