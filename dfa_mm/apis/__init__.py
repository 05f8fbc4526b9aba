from .boxes import clip_box
from .closer_look import box_round_landmarks, look_closer
from .default_model import (
    DefaultModelError,
    default_model_files,
    load_default,
)
from .errors import InputError
from .inferencer import LandmarkInferencer
from .model import choose_device, load_model
from .pictures import as_picture, find_pictures, read_picture
from .predictions import branch_name, complete, hidden_slots, landmark_rows
from .saved_predictions import extend_saved_predictions
from .smoothing import LandmarkSmoother, OneEuroFilter
from .video import FrameRate, LatestFrame, VideoFile, open_video

extend_saved_predictions()

__all__ = [
    'DefaultModelError',
    'FrameRate',
    'InputError',
    'LandmarkInferencer',
    'LandmarkSmoother',
    'LatestFrame',
    'OneEuroFilter',
    'VideoFile',
    'as_picture',
    'box_round_landmarks',
    'branch_name',
    'choose_device',
    'clip_box',
    'complete',
    'default_model_files',
    'extend_saved_predictions',
    'find_pictures',
    'hidden_slots',
    'landmark_rows',
    'load_default',
    'load_model',
    'look_closer',
    'open_video',
    'read_picture',
]
