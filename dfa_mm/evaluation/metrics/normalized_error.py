import numpy as np
from mmpose.registry import METRICS

from ..functional import (
    PROTOCOLS,
    Protocol,
    mean_normalized_error,
    normalized_error,
    usable_norm,
)
from .landmark_metric import LandmarkMetric, with_groups
from .records import FINAL, Records

# The log shows the stages under the protocol of most published numbers.
STAGE_PROTOCOL = 'box'


@METRICS.register_module()
class NormalizedError(LandmarkMetric):
    """NE under every protocol of :mod:`..functional.protocols`.

    Log: ``NE/image``, ``NE/box``, ``NE/square``, and ``NE/box/stage1`` ...
    for a cascade. Lower is better: ``save_best='NE/box', rule='less'``.

    Report: protocol -> stage -> ``mean``, ``count`` (samples with a landmark
    that takes part), ``landmark``, and the same for every clothes type,
    variation and branch; ``unusable`` counts the samples left out because
    their box or image has no size.
    """

    name = 'NE'

    def make_report(self, records: Records) -> dict:
        return {
            name: {
                stage: self._describe(records, landmarks, protocol)
                for stage, landmarks in records.landmarks.items()
            }
            for name, protocol in PROTOCOLS.items()
        }

    def summary(self, report: dict) -> dict:
        numbers = {
            f'NE/{name}': stages[FINAL]['mean']
            for name, stages in report.items()
        }
        for stage, described in report[STAGE_PROTOCOL].items():
            if stage != FINAL:
                numbers[f'NE/{STAGE_PROTOCOL}/{stage}'] = described['mean']
        return numbers

    def _describe(
        self, records: Records, landmarks: np.ndarray, protocol: Protocol
    ) -> dict:
        norm = protocol.norm(records.image_sizes, records.boxes)
        mask = protocol.mask(records.true_states)
        errors = normalized_error(landmarks, records.truth, mask, norm)

        def describe(chosen):
            per_landmark, mean = mean_normalized_error(errors[chosen])
            return {
                'mean': mean,
                'count': (~np.isnan(errors[chosen])).any(axis=1).sum(),
                'unusable': (~usable_norm(norm[chosen])).sum(),
                'landmark': self.by_landmark(per_landmark),
            }

        return with_groups(records, describe)
