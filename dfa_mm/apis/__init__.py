from .default_model import (
    default_model_files,
    garment_detector_files,
    load_default,
)
from .errors import InputError, PictureError
from .garments import (
    Garment,
    describe_garment,
    describe_picture,
    garment_labels,
    known_types,
    own_type,
)
from .inferencer import LandmarkInferencer
from .landmarks import (
    can_show,
    find_landmarks,
    find_landmarks_in_boxes,
    look_closer,
)
from .model import choose_device, load_model
from .pictures import as_picture, find_pictures, open_video, read_picture
from .predictions import (
    branch_name,
    complete,
    hidden_slots,
    landmark_rows,
)
from .saved_predictions import extend_saved_predictions
from .scope import kept_scope
from .stages import at_stage, stage_rows

extend_saved_predictions()

__all__ = [
    'Garment',
    'InputError',
    'PictureError',
    'LandmarkInferencer',
    'as_picture',
    'at_stage',
    'branch_name',
    'can_show',
    'choose_device',
    'complete',
    'default_model_files',
    'describe_garment',
    'describe_picture',
    'find_landmarks',
    'find_landmarks_in_boxes',
    'find_pictures',
    'garment_detector_files',
    'garment_labels',
    'hidden_slots',
    'kept_scope',
    'known_types',
    'landmark_rows',
    'load_default',
    'load_model',
    'look_closer',
    'open_video',
    'own_type',
    'read_picture',
    'stage_rows',
]
