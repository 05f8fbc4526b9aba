"""What the landmark metrics share."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Callable, Optional, Union

import numpy as np
from mmengine.evaluator import BaseMetric

from ..plain import to_plain
from .records import Records, read_record, stack_records


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
        return self.summary(report)

    @abstractmethod
    def make_report(self, records: Records) -> dict:
        """Everything there is to know, as a nested dict."""

    @abstractmethod
    def summary(self, report: dict) -> dict:
        """The few numbers for the log, by flat name."""

    def landmark_names(self, count: int) -> list:
        """Names from the data set's meta, else numbered ones."""
        names = (self.dataset_meta or {}).get('keypoint_id2name', {})
        return [names.get(i, f'landmark {i}') for i in range(count)]

    def by_landmark(self, values: np.ndarray) -> dict:
        """(K,) values as name to number, in the set's order."""
        return dict(zip(self.landmark_names(len(values)), values))

    def landmark_indices(self, names: Union[str, Sequence[str]]) -> list[int]:
        """Where one or more landmarks stand in the data set's order.

        Raises:
            ValueError: If the data set has no landmark of that name.
        """
        meta = self.dataset_meta or {}
        known = meta.get('keypoint_name2id', {})
        names = [names] if isinstance(names, str) else names
        for name in names:
            if name not in known:
                raise ValueError(
                    f'{type(self).__name__} needs the landmark {name!r}; the '
                    f'data set {meta.get("dataset_name")!r} has {list(known)}'
                )
        return [known[name] for name in names]

    def stick_indices(self, ends: Sequence) -> list[list[int]]:
        """A stick's two ends, each one landmark's name or several's."""
        return [self.landmark_indices(end) for end in ends]


def with_groups(
    records: Records, describe: Callable[[np.ndarray], dict]
) -> dict:
    """``describe`` all samples, and every group of them under its name.

    Args:
        records (Records): Gives the groups.
        describe (Callable): (N,) bool, the chosen samples, to numbers.
    """
    everyone = np.ones(len(records.truth), dtype=bool)
    described = describe(everyone)
    for grouping, groups in records.groups.items():
        described[grouping] = {
            name: describe(members) for name, members in groups.items()
        }
    return described
