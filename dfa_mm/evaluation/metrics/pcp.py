import numpy as np
from mmpose.registry import METRICS

from dfa_mm.structures import LSP_STICK_GROUPS, LSP_STICKS

from ..functional import loose_pcp, mean_known, stick_lengths, strict_pcp
from .landmark_metric import LandmarkMetric, with_groups
from .records import FINAL, Records

VARIANTS = {'strict': strict_pcp, 'loose': loose_pcp}
# The log shows the stages under the variant of the paper's Table 4.
STAGE_VARIANT = 'strict'


@METRICS.register_module()
class PCP(LandmarkMetric):
    """Share of LSP's ten sticks that are right, strictly and loosely.

    Every landmark with a position takes part, seen or hidden; a stick that
    lacks one takes no part.

    Log: ``PCP/strict`` and ``PCP/loose``, means over the sticks, and
    ``PCP/strict/stage1`` ... for a cascade. Higher is better:
    ``save_best='PCP/strict', rule='greater'``.

    Report: ``threshold``, ``strict`` and ``loose`` -> stage -> ``mean``,
    ``count`` (sticks), ``stick``, ``group`` (the columns of Table 4); the
    same for every clothes type, variation and branch.

    Args:
        thr (float): Share of the true stick's length. Defaults to 0.5.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.
    """

    name = 'PCP'

    def __init__(self, thr: float = 0.5, **kwargs) -> None:
        super().__init__(**kwargs)
        self.thr = thr

    def make_report(self, records: Records) -> dict:
        report = {'threshold': self.thr}
        for variant in VARIANTS:
            report[variant] = {
                stage: self._describe(records, landmarks, variant)
                for stage, landmarks in records.landmarks.items()
            }
        return report

    def summary(self, report: dict) -> dict:
        numbers = {
            f'PCP/{variant}': report[variant][FINAL]['mean']
            for variant in VARIANTS
        }
        for stage, described in report[STAGE_VARIANT].items():
            if stage != FINAL:
                numbers[f'PCP/{STAGE_VARIANT}/{stage}'] = described['mean']
        return numbers

    def _describe(self, records, landmarks, variant) -> dict:
        truth = records.known_truth
        sticks = [self.stick_indices(ends) for ends in LSP_STICKS.values()]
        known = np.isfinite(stick_lengths(truth, sticks))

        def describe(chosen):
            shares = VARIANTS[variant](
                landmarks[chosen], truth[chosen], sticks, self.thr
            )
            by_stick = dict(zip(LSP_STICKS, shares))
            return {
                'mean': mean_known(shares),
                'count': known[chosen].sum(),
                'stick': by_stick,
                'group': {
                    group: mean_known([by_stick[name] for name in members])
                    for group, members in LSP_STICK_GROUPS.items()
                },
            }

        return with_groups(records, describe)
