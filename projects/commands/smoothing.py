"""Landmarks of a video that do not tremble."""

from typing import Optional

import numpy as np
from mmengine.structures import InstanceData

from dfa_mm.models.visibility_calibration import decide
from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility

# Of the noise of a landmark at rest about a third is left at 25 frames a
# second; a garment that crosses its box in two seconds is followed with a
# delay of less than 0.06 s.
MIN_CUTOFF = 1.0  # Hz, at rest: less trembles less
BETA = 4.0  # Hz per box length a second
SPEED_CUTOFF = 1.0  # Hz, of the speed itself, the authors' choice


class OneEuroFilter:
    """A low-pass filter that opens with speed.

    Casiez, Roussel and Vogel: 1 Euro Filter, CHI 2012.

    Args:
        beta (float): Growth of the cut-off frequency with speed, in Hz per
            unit a second: more lags less. 0 makes a plain low-pass filter.
    """

    def __init__(self, beta: float = BETA) -> None:
        self.beta = beta
        self._seconds: Optional[float] = None

    def __call__(self, value: np.ndarray, seconds: float) -> np.ndarray:
        """The filtered value of any shape, at a later time than the last.

        Raises:
            ValueError: If time does not go on.
        """
        value = np.asarray(value, dtype=np.float64)
        if self._seconds is None:
            self._value, self._speed = value, np.zeros_like(value)
        else:
            self._advance(value, seconds - self._seconds)
        self._seconds = seconds
        return self._value.copy()

    def _advance(self, value: np.ndarray, step: float) -> None:
        if not step > 0:
            raise ValueError(f'a step in time of {step} s, must be positive')
        speed = (value - self._value) / step
        mixed = smoothing_factor(step, SPEED_CUTOFF)
        self._speed = self._speed + mixed * (speed - self._speed)
        cutoff = MIN_CUTOFF + self.beta * np.abs(self._speed)
        factor = smoothing_factor(step, cutoff)
        self._value = self._value + factor * (value - self._value)


def smoothing_factor(step: float, cutoff):
    """Share of the new value after ``step`` seconds at ``cutoff`` Hz."""
    radians = 2 * np.pi * cutoff * step
    return radians / (radians + 1)


class LandmarkSmoother:
    """Smooths one garment's landmarks and visibility from frame to frame.

    Box and landmarks of every stage go through a :class:`OneEuroFilter`, in
    lengths of the first box so that its numbers hold for any picture.
    Probabilities go through a low-pass filter, and the states follow them:
    one frame of doubt does not switch a state. The branch is left as it is.
    """

    def __init__(self) -> None:
        self._box = OneEuroFilter()
        self._landmarks = OneEuroFilter()
        self._scores = OneEuroFilter(beta=0)
        self._presence = OneEuroFilter(beta=0)
        self._size: Optional[float] = None

    def __call__(self, pred: InstanceData, seconds: float) -> InstanceData:
        """A smoothed copy of a frame's prediction.

        Args:
            pred (InstanceData): With ``stage_keypoints``; N garments, the
                same ones in every frame.
            seconds (float): When the frame was taken.
        """
        if self._size is None:
            corners = np.asarray(pred.bboxes[0], dtype=float).reshape(2, 2)
            self._size = (corners[1] - corners[0]).max()
        smooth = pred.clone()
        boxes = np.asarray(pred.bboxes) / self._size
        smooth.bboxes = self._box(boxes, seconds) * self._size
        stages = self._landmarks(pred.stage_keypoints / self._size, seconds)
        smooth.stage_keypoints = stages * self._size
        smooth.keypoints = smooth.stage_keypoints[:, -1]
        if 'visibility_scores' in pred:
            scores = self._scores(pred.visibility_scores, seconds)
            smooth.visibility_scores = scores
            smooth.keypoint_scores = 1 - scores[..., Visibility.TRUNCATED]
            states = pred.stage_visibility.copy()
            biases = pred.get(
                'visibility_biases', np.zeros((1, NUM_VISIBILITY_STATES))
            )
            states[:, -1] = decide(scores, biases[:, None])
            smooth.stage_visibility = states
            smooth.landmark_visibility = states[:, -1].copy()
        if 'presence_scores' in pred:
            present = self._presence(pred.presence_scores, seconds)
            smooth.presence_scores = present
            smooth.keypoint_scores = smooth.keypoint_scores * present
            smooth.landmark_visibility[present < 0.5] = Visibility.ABSENT
        return smooth
