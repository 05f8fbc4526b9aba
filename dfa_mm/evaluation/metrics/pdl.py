import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import has_position

from ..functional import (
    REFERENCE_SIZE,
    box_long_side,
    percentage_detected_landmarks,
    to_reference_frame,
    usable_norm,
)
from .landmark_metric import LandmarkMetric, with_groups
from .records import FINAL, Records

FIGURE_6_THRESHOLD = 15
CURVE_THRESHOLDS = np.arange(51)  # pixels, the range of Fig. 5


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

    Args:
        thr (float): Distance of the log's number, in pixels. Defaults to 15,
            the paper's Fig. 6.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.
    """

    name = 'PDL'

    def __init__(self, thr: float = FIGURE_6_THRESHOLD, **kwargs) -> None:
        super().__init__(**kwargs)
        self.thr = thr

    def make_report(self, records: Records) -> dict:
        truth = to_reference_frame(records.truth, records.boxes)
        usable = usable_norm(box_long_side(records.boxes))
        mask = has_position(records.true_states) & usable[:, None]
        return {
            'frame': f'long side of the box = {REFERENCE_SIZE} px',
            'threshold': self.thr,
            'thresholds': CURVE_THRESHOLDS,
            'unusable': (~usable).sum(),
            'stages': {
                stage: self._describe(records, landmarks, truth, mask)
                for stage, landmarks in records.landmarks.items()
            },
        }

    def summary(self, report: dict) -> dict:
        name = f'PDL@{self.thr:g}'
        return {
            name if stage == FINAL else f'{name}/{stage}': described['share']
            for stage, described in report['stages'].items()
        }

    def _describe(self, records, landmarks, truth, mask) -> dict:
        pred = to_reference_frame(landmarks, records.boxes)

        def describe(chosen):
            arrays = pred[chosen], truth[chosen], mask[chosen]
            return {
                **self._numbers(*arrays),
                'count': mask[chosen].sum(),
                'landmark': self._per_landmark(*arrays),
            }

        return with_groups(records, describe)

    def _numbers(self, *arrays) -> dict:
        return {
            'share': percentage_detected_landmarks(*arrays, self.thr),
            'curve': percentage_detected_landmarks(*arrays, CURVE_THRESHOLDS),
        }

    def _per_landmark(self, pred, truth, mask) -> dict:
        return {
            name: self._numbers(pred[:, [k]], truth[:, [k]], mask[:, [k]])
            for k, name in enumerate(self.landmark_names(mask.shape[1]))
        }
