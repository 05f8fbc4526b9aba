"""Landmarks of a crop as regression targets in [-0.5, 0.5]."""

from typing import Optional, Tuple

import numpy as np
from mmpose.codecs.base import BaseKeypointCodec
from mmpose.registry import KEYPOINT_CODECS

from dfa_mm.structures import Visibility, has_position
from dfa_mm.structures.frame import from_pixels, to_pixels

PIXEL_CENTRES = (0.0, 0.5)


@KEYPOINT_CODECS.register_module()
class LandmarkLabel(BaseKeypointCodec):
    """Crop pixels <-> [-0.5, 0.5], with three states of visibility.

    The crop is the box's padded square, as in the released networks, its
    frame that of ``structures.frame``. A truncated landmark has no position
    and causes no position loss.

    A landmark that augmentation has moved out of the crop cannot be seen by
    the network: beyond ``margin`` it counts as truncated. Within it, it keeps
    its position, because boxes are tight and their corners are landmarks.

    Encoded:
        - keypoint_labels (N, K, 2): normalised positions
        - keypoint_weights (N, K): 1 where there is a position to learn
        - landmark_visibility_labels (N, K): codes of ``Visibility``

    Args:
        input_size (tuple[int, int]): (width, height) of the crop in pixels.
        margin (float): Width of the tolerated frame round the crop, as a
            share of the crop's size.
        pixel_centre (float): Where in its pixel a landmark in whole pixels
            lies: 0.5, in the middle. 0 only for checkpoints that were trained
            when labels were i / W - 0.5.
    """

    auxiliary_encode_keys = {'landmark_visibility'}
    label_mapping_table = dict(
        keypoint_labels='keypoint_labels',
        keypoint_weights='keypoint_weights',
        landmark_visibility_labels='landmark_visibility_labels',
    )

    def __init__(
        self,
        input_size: Tuple[int, int],
        margin: float = 0.1,
        pixel_centre: float = 0.5,
    ) -> None:
        super().__init__()
        if margin < 0:
            raise ValueError(f'margin must not be negative, but is {margin}')
        if pixel_centre not in PIXEL_CENTRES:
            raise ValueError(
                f'pixel_centre {pixel_centre} is not one of {PIXEL_CENTRES}'
            )
        self.pixel_centre = pixel_centre
        self.input_size = tuple(input_size)
        self.margin = margin

    def encode(
        self,
        keypoints: np.ndarray,
        keypoints_visible: Optional[np.ndarray] = None,
        landmark_visibility: Optional[np.ndarray] = None,
    ) -> dict:
        """Encode landmarks (N, K, 2) given in crop pixels.

        ``landmark_visibility`` (N, K) are codes of ``Visibility``. For a data
        set without them, ``keypoints_visible`` (N, K) is positive where a
        landmark has a position; 0 counts as truncated.
        """
        states = _states(keypoints, keypoints_visible, landmark_visibility)
        labels = from_pixels(keypoints + self._offset, self.input_size)
        near = (np.abs(labels) <= 0.5 + self.margin).all(axis=-1)
        positioned = has_position(states)
        return dict(
            keypoint_labels=labels.astype(np.float32),
            keypoint_weights=(positioned & near).astype(np.float32),
            landmark_visibility_labels=np.where(
                positioned & ~near, Visibility.TRUNCATED, states
            ).astype(np.int64),
        )

    def decode(self, encoded: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Normalised positions (N, K, 2) to crop pixels, with scores of 1."""
        keypoints = to_pixels(encoded, self.input_size) - self._offset
        return keypoints, np.ones(encoded.shape[:2], dtype=np.float32)

    @property
    def _offset(self) -> float:
        return self.pixel_centre - 0.5


def _states(keypoints, keypoints_visible, landmark_visibility) -> np.ndarray:
    if landmark_visibility is not None:
        return np.asarray(landmark_visibility)
    if keypoints_visible is None:
        return np.full(keypoints.shape[:2], int(Visibility.VISIBLE))
    seen = np.asarray(keypoints_visible) > 0
    return np.where(seen, int(Visibility.VISIBLE), int(Visibility.TRUNCATED))
