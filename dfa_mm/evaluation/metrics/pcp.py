from collections.abc import Mapping, Sequence
from typing import Optional

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
    """Share of the sticks that are right, strictly and loosely.

    Every landmark with a position takes part, seen or hidden; a stick that
    lacks one takes no part.

    Log: ``PCP/strict`` and ``PCP/loose``, means over the sticks, and
    ``PCP/strict/stage1`` ... for a cascade. Higher is better:
    ``save_best='PCP/strict', rule='greater'``.

    Report: ``threshold``, ``strict`` and ``loose`` -> stage -> ``mean``,
    ``count`` (sticks), ``stick``, ``group``; the same for every clothes
    type, variation and branch.

    Args:
        thr (float): Share of the true stick's length. Defaults to 0.5.
        sticks (Mapping, optional): Name of each stick to its two ends, each
            a landmark's name or several whose middle is the end. Defaults to
            LSP's ten.
        groups (Mapping, optional): Name of each group to its sticks, whose
            shares are averaged. Defaults to the columns of Table 4, or to
            none for other sticks than LSP's.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.

    Raises:
        ValueError: If a group names a stick that there is not.
    """

    name = 'PCP'

    def __init__(
        self,
        thr: float = 0.5,
        sticks: Optional[Mapping[str, Sequence]] = None,
        groups: Optional[Mapping[str, Sequence[str]]] = None,
        **kwargs,
    ) -> None:
        super().__init__(**kwargs)
        if groups is None:
            groups = LSP_STICK_GROUPS if sticks is None else {}
        self.thr = thr
        self.sticks = dict(LSP_STICKS if sticks is None else sticks)
        self.groups = dict(groups)
        for group, members in self.groups.items():
            for stick in members:
                if stick not in self.sticks:
                    raise ValueError(
                        f'group {group!r} names the stick {stick!r}, not one '
                        f'of {list(self.sticks)}'
                    )

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
        sticks = [self.stick_indices(ends) for ends in self.sticks.values()]
        known = np.isfinite(stick_lengths(truth, sticks))

        def describe(chosen):
            shares = VARIANTS[variant](
                landmarks[chosen], truth[chosen], sticks, self.thr
            )
            by_stick = dict(zip(self.sticks, shares))
            return {
                'mean': mean_known(shares),
                'count': known[chosen].sum(),
                'stick': by_stick,
                'group': {
                    group: mean_known([by_stick[name] for name in members])
                    for group, members in self.groups.items()
                },
            }

        return with_groups(records, describe)
