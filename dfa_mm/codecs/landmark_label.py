"""Landmarks of a crop as regression targets in [-0.5, 0.5]."""

from typing import Optional, Tuple

import numpy as np
from mmpose.codecs.base import BaseKeypointCodec
from mmpose.registry import KEYPOINT_CODECS

from dfa_mm.structures import Visibility, has_position


@KEYPOINT_CODECS.register_module()
class LandmarkLabel(BaseKeypointCodec):
    """Crop pixels <-> [-0.5, 0.5], with three states of visibility.

    The crop is the box's padded square (paper, App. B.1), so (0, 0) is its
    centre and +-0.5 its border. A truncated landmark has no position and
    causes no position loss.

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
    """

    auxiliary_encode_keys = {'landmark_visibility'}
    label_mapping_table = dict(
        keypoint_labels='keypoint_labels',
        keypoint_weights='keypoint_weights',
        landmark_visibility_labels='landmark_visibility_labels',
    )

    def __init__(
        self, input_size: Tuple[int, int], margin: float = 0.1
    ) -> None:
        super().__init__()
        if margin < 0:
            raise ValueError(f'margin must not be negative, but is {margin}')
        self.input_size = tuple(input_size)
        self.margin = margin

    def encode(
        self,
        keypoints: np.ndarray,
        keypoints_visible: Optional[np.ndarray] = None,
        landmark_visibility: Optional[np.ndarray] = None,
    ) -> dict:
        """Encode landmarks given in crop pixels.

        Args:
            keypoints (np.ndarray): (N, K, 2) in crop pixels.
            keypoints_visible (np.ndarray, optional): (N, K), positive where a
                landmark has a position. Read only where a data set has no
                ``landmark_visibility``; then 0 counts as truncated.
            landmark_visibility (np.ndarray, optional): (N, K) codes of
                ``Visibility``.
        """
        states = _states(keypoints, keypoints_visible, landmark_visibility)
        labels = keypoints / np.asarray(self.input_size) - 0.5
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
        keypoints = (encoded + 0.5) * np.asarray(self.input_size)
        return keypoints, np.ones(encoded.shape[:2], dtype=np.float32)


def _states(keypoints, keypoints_visible, landmark_visibility) -> np.ndarray:
    if landmark_visibility is not None:
        return np.asarray(landmark_visibility)
    if keypoints_visible is None:
        return np.full(keypoints.shape[:2], int(Visibility.VISIBLE))
    return np.where(
        np.asarray(keypoints_visible) > 0,
        int(Visibility.VISIBLE),
        int(Visibility.TRUNCATED),
    )
