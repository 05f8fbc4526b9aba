"""What the landmark metrics share."""

import logging
from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import Optional

import numpy as np
from mmengine.evaluator import BaseMetric
from mmengine.logging import print_log

from .records import FINAL, Records, read_record, stack_records
from .report import to_plain


class LandmarkMetric(BaseMetric):
    """Gathers landmarks, computes a short summary and a full report.

    The summary goes to the log and to ``save_best``. The report stays in
    :attr:`report`, a nested plain-Python dict without NaN, and is collected
    with :func:`dfa_mm.evaluation.collect_report`.

    A subclass names its part of the report (:attr:`name`) and implements
    :meth:`make_report` and :meth:`summary`.
    """

    # Not None, which MMEngine warns about: the keys stay as they are.
    default_prefix = ''
    name = ''
    report: Optional[dict] = None

    def process(self, data_batch, data_samples: Sequence[dict]) -> None:
        self.results.extend(read_record(sample) for sample in data_samples)

    def compute_metrics(self, results: list) -> dict:
        if not results:
            self.report = {}
            return {}
        report = self.make_report(stack_records(results))
        self.report = to_plain(report)
        summary = self.summary(report)
        tell_missing(summary, len(results))
        return summary

    @abstractmethod
    def make_report(self, records: Records) -> dict:
        """Everything there is to know, as a nested dict."""

    @abstractmethod
    def summary(self, report: dict) -> dict:
        """The few numbers for the log, by flat name."""

    @property
    def landmark_names(self) -> list[str]:
        names = self.dataset_meta['keypoint_id2name']
        return [names[k] for k in range(len(names))]

    def by_landmark(self, values: Iterable) -> dict:
        """K values by the landmarks' names, in the set's order."""
        return dict(zip(self.landmark_names, values))

    def stick_indices(self, ends: Sequence) -> list[list[int]]:
        """A stick's two ends, from landmarks' names to their places.

        Raises:
            ValueError: If the data set has no landmark of that name.
        """
        known = self.dataset_meta['keypoint_name2id']
        for name in (name for end in ends for name in end):
            if name not in known:
                raise ValueError(
                    f'{type(self).__name__} needs the landmark {name!r}; the '
                    f'data set {self.dataset_meta["dataset_name"]!r} has '
                    f'{list(known)}'
                )
        return [[known[name] for name in end] for end in ends]


def tell_missing(summary: dict, count: int) -> None:
    """Say why some of the log's numbers of so many samples are none."""
    reasons = {
        f'no landmark of the {count} samples takes part': np.isnan,
        'predictions are not finite': np.isinf,
    }
    for reason, applies in reasons.items():
        names = [name for name, number in summary.items() if applies(number)]
        if names:
            print_log(
                f'{", ".join(names)}: no number, because {reason}',
                logger='current',
                level=logging.WARNING,
            )


def of_stages(name: str, stages: dict[str, dict], key: str) -> dict:
    """The log's numbers: the final one's name has no stage."""
    return {
        name if stage == FINAL else f'{name}/{stage}': described[key]
        for stage, described in stages.items()
    }
