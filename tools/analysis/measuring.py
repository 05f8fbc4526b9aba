"""The metrics of landmarks that come as one array, not from a test loop."""

from typing import Dict, List, Optional

import numpy as np
from mmengine.evaluator import Evaluator
from rich.table import Table

from dfa_mm.evaluation import collect_report
from dfa_mm.evaluation.functional import PROTOCOLS
from dfa_mm.evaluation.records import FINAL

METRICS = (dict(type='NormalizedError'), dict(type='PDL'))


def read_annotations(dataset) -> List[dict]:
    """The entries of a split's garments, none of their pictures."""
    return [dataset.get_data_info(i) for i in range(len(dataset))]


def evaluate(
    predicted: np.ndarray, garments: List[dict], dataset_meta: dict
) -> dict:
    """The metrics' reports, as in results.json.

    Args:
        predicted (np.ndarray): (N, K, 2) in image pixels.
        garments (list[dict]): Of :func:`read_annotations`.
    """
    evaluator = Evaluator(list(METRICS))
    evaluator.dataset_meta = dataset_meta
    samples = [
        dict(
            pred_instances=dict(keypoints=points[None]),
            gt_instances=dict(
                keypoints=garment['keypoints'],
                landmark_visibility=garment['landmark_visibility'],
                bboxes=garment['bbox'],
            ),
            ori_shape=garment.get('ori_shape', (np.nan, np.nan)),
            clothes_type=garment.get('clothes_type', 0),
        )
        for points, garment in zip(predicted, garments)
    ]
    evaluator.offline_evaluate(samples)
    return collect_report(evaluator)


def score_table(reports: Dict[str, dict], title: str) -> Table:
    """A row for every report of :func:`evaluate`."""
    table = Table(title=title)
    table.add_column('prediction')
    for heading in (*(f'NE {name}' for name in PROTOCOLS), 'PDL@15'):
        table.add_column(heading, justify='right')
    for name, report in reports.items():
        errors = [report['NE'][each][FINAL]['mean'] for each in PROTOCOLS]
        share = report['PDL']['stages'][FINAL]['share']
        table.add_row(name, *map(_number, (*errors, share)))
    return table


def _number(value: Optional[float]) -> str:
    return '-' if value is None else f'{value:.4f}'
