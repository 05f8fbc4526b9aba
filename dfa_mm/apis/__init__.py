from .default_model import default_model_files, load_default
from .errors import InputError
from .inferencer import LandmarkInferencer
from .landmarks import find_landmarks, look_closer
from .model import choose_device, load_model
from .pictures import as_picture, find_pictures, open_video, read_picture
from .predictions import (
    branch_name,
    complete,
    describe,
    hidden_slots,
    landmark_rows,
)
from .saved_predictions import extend_saved_predictions

extend_saved_predictions()

__all__ = [
    'InputError',
    'LandmarkInferencer',
    'as_picture',
    'branch_name',
    'choose_device',
    'complete',
    'default_model_files',
    'describe',
    'find_landmarks',
    'find_pictures',
    'hidden_slots',
    'landmark_rows',
    'load_default',
    'load_model',
    'look_closer',
    'open_video',
    'read_picture',
]
