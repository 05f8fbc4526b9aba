"""Whether a model knows which landmarks a garment has."""

from mmpose.registry import METRICS

from dfa_mm.structures import Visibility

from .landmark_metric import LandmarkMetric
from .records import Records


@METRICS.register_module()
class PresenceAccuracy(LandmarkMetric):
    """Share of the garments whose present landmarks are all told.

    For models that tell absent landmarks (``AnyTypeMapDFAHead``), on sets
    with slots that not every garment has (``FLDDataset`` with
    ``subset='all'``). A model that predicts no presence gives no number and an
    empty report.

    Log: ``presence_accuracy``, the share of the garments all of whose slots
    are right: that their type is known.

    Report: ``garments``, ``slots`` (share of all single slots) and ``count``
    (garments); the same for every clothes type, variation and branch.
    """

    name = 'presence'

    def make_report(self, records: Records) -> dict:
        if records.presence is None:
            return {}
        truth = records.true_states != Visibility.ABSENT
        right = (records.presence >= 0.5) == truth
        return records.by_group(self._describe, right)

    def _describe(self, right) -> dict:
        return {
            'garments': right.all(axis=1).mean(),
            'slots': right.mean(),
            'count': len(right),
        }

    def summary(self, report: dict) -> dict:
        return {'presence_accuracy': report['garments']} if report else {}
