from collections.abc import Sequence
from typing import Optional

from mmengine.evaluator import BaseMetric
from mmpose.registry import METRICS

from dfa_mm.evaluation.records import read_record


@METRICS.register_module()
class ByDataset(BaseMetric):
    """Landmark metrics of every part of a combined data set by itself.

    MMPose's ``MultiDatasetEvaluator`` tells data sets apart by their class's
    meta information, which parts with the same landmarks share; this metric
    by the samples' ``dataset_name`` (see ``NameDataset``).

    Log: the metrics' own names behind the data set's and a slash.

    Report: data set -> metric -> its report.

    Args:
        metrics (Sequence[dict]): Configs of ``LandmarkMetric``s.
        **kwargs: Of :class:`mmengine.evaluator.BaseMetric`.
    """

    default_prefix = ''
    name = 'datasets'
    report: Optional[dict] = None

    def __init__(self, metrics: Sequence[dict], **kwargs) -> None:
        super().__init__(**kwargs)
        self.metrics = [METRICS.build(dict(metric)) for metric in metrics]

    def process(self, data_batch, data_samples: Sequence[dict]) -> None:
        self.results.extend(
            (sample['dataset_name'], read_record(sample))
            for sample in data_samples
        )

    def compute_metrics(self, results: list) -> dict:
        parts: dict[str, list] = {}
        for name, record in results:
            parts.setdefault(name, []).append(record)
        self.report, numbers = {}, {}
        for name, records in parts.items():
            self.report[name] = {}
            for metric in self.metrics:
                metric.dataset_meta = self.dataset_meta
                found = metric.compute_metrics(records)
                numbers.update({f'{name}/{k}': v for k, v in found.items()})
                self.report[name][metric.name] = metric.report
        return numbers
