"""Percentage of detected landmarks, PDL (paper, Sect. 4, Fig. 5 and 6)."""

import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import has_position

from .landmark_metric import LandmarkMetric, of_stages
from .means import as_landmarks, as_mask, share_within
from .protocols import box_long_side, box_size
from .records import Records

# Side of the crop whose pixels PDL counts; the paper speaks of "the image
# size of 224 x 224" (caption of Table 2).
REFERENCE_SIZE = 224
THRESHOLD = 15  # pixels, of Fig. 6
CURVE_THRESHOLDS = np.arange(51)  # pixels, the range of Fig. 5


def to_reference_frame(points, boxes) -> np.ndarray:
    """Image pixels to pixels of the 224 crop, the frame of PDL.

    The box's long side becomes 224 with the aspect kept; the box's centre
    becomes (112, 112).

    Args:
        points (np.ndarray): (N, K, 2) in image pixels.
        boxes (np.ndarray): (N, 4) x1 y1 x2 y2 in image pixels.

    Returns:
        np.ndarray: (N, K, 2); NaN for a box without width or height.
    """
    points = np.asarray(points, dtype=np.float64)
    boxes = np.asarray(boxes, dtype=np.float64)
    scale = REFERENCE_SIZE / box_long_side(boxes)
    centre = boxes[:, :2] + box_size(boxes) / 2
    shifted = points - centre[:, None]
    return shifted * scale[:, None, None] + REFERENCE_SIZE / 2


def percentage_detected_landmarks(pred, gt, mask, thr, per_landmark=False):
    """Share of the landmarks that lie within ``thr`` of the truth.

    Args:
        pred (np.ndarray), gt (np.ndarray): (N, K, 2) in the frame whose
            pixel is meant, see :func:`to_reference_frame`. A prediction that
            is not finite counts as not detected.
        mask, thr, per_landmark: And the result, see :func:`share_within`.

    Raises:
        ValueError: If the shapes do not fit.
    """
    pred, gt = as_landmarks(pred, gt)
    mask = as_mask(mask, pred.shape[:2])
    with np.errstate(invalid='ignore'):
        distance = np.linalg.norm(pred - gt, axis=-1)
    return share_within(distance, mask, thr, per_landmark)


@METRICS.register_module()
class PDL(LandmarkMetric):
    """Share of the landmarks within a distance, in pixels of the 224 crop.

    Every landmark with a position takes part, seen or hidden. A sample whose
    box has no size has no such pixel and is left out.

    Log: ``PDL@15``, and ``PDL@15/stage1`` ... for a cascade.

    Report: ``frame``, ``threshold``, ``thresholds`` (of the curves),
    ``unusable`` and ``stages``: stage -> ``share``, ``curve``, ``count``
    (landmarks), ``landmark`` -> ``share`` and ``curve``; the same for every
    clothes type, variation and branch.
    """

    name = 'PDL'

    def make_report(self, records: Records) -> dict:
        usable = np.isfinite(box_long_side(records.boxes))
        return {
            'frame': f'long side of the box = {REFERENCE_SIZE} px',
            'threshold': THRESHOLD,
            'thresholds': CURVE_THRESHOLDS,
            'unusable': (~usable).sum(),
            'stages': records.by_stage(
                self._describe,
                records.landmarks,
                records.truth,
                records.boxes,
                has_position(records.true_states) & usable[:, None],
            ),
        }

    def _describe(self, landmarks, truth, boxes, mask) -> dict:
        arrays = (
            to_reference_frame(landmarks, boxes),
            to_reference_frame(truth, boxes),
            *(mask, CURVE_THRESHOLDS),
        )
        each = percentage_detected_landmarks(*arrays, per_landmark=True)
        return {
            **_numbers(percentage_detected_landmarks(*arrays)),
            'count': mask.sum(),
            'landmark': self.by_landmark(map(_numbers, each.T)),
        }

    def summary(self, report: dict) -> dict:
        return of_stages(f'PDL@{THRESHOLD}', report['stages'], 'share')


def _numbers(curve: np.ndarray) -> dict:
    (share,) = curve[CURVE_THRESHOLDS == THRESHOLD]
    return {'share': share, 'curve': curve}
