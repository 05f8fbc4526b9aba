from .garments import TYPE_COLORS, draw_garment_stages, draw_garments
from .landmarks import draw_errors, draw_landmarks
from .panels import contact_sheet, crop_round_box
from .prediction import draw_prediction, draw_stages, enlarge
from .prediction_sheet import prediction_sheet
from .text import draw_heading
from .visualizer import FashionLandmarkVisualizer

__all__ = [
    'FashionLandmarkVisualizer',
    'TYPE_COLORS',
    'contact_sheet',
    'crop_round_box',
    'draw_errors',
    'draw_garment_stages',
    'draw_garments',
    'draw_heading',
    'draw_landmarks',
    'draw_prediction',
    'draw_stages',
    'enlarge',
    'prediction_sheet',
]
