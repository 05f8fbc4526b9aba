"""The metrics of landmarks that come as one array, not from a test loop."""

from dataclasses import dataclass

import numpy as np
from mmengine.evaluator import Evaluator

from dfa_mm.evaluation import collect_report
from dfa_mm.structures import Visibility

METRICS = (dict(type='NormalizedError'), dict(type='PDL'))


@dataclass
class Annotations:
    """A split's N garments in image pixels."""

    landmarks: np.ndarray  # (N, K, 2)
    states: np.ndarray  # (N, K)
    boxes: np.ndarray  # (N, 4)
    image_sizes: np.ndarray  # (N, 2) height, width; NaN where unknown
    clothes_types: np.ndarray  # (N,), 0 where unknown


def read_annotations(dataset) -> Annotations:
    infos = [dataset.get_data_info(i) for i in range(len(dataset))]
    return Annotations(
        landmarks=np.concatenate([info['keypoints'] for info in infos]),
        states=np.concatenate([_states(info) for info in infos]),
        boxes=np.concatenate([info['bbox'] for info in infos]),
        image_sizes=np.array(
            [info.get('ori_shape', (np.nan, np.nan)) for info in infos]
        ),
        clothes_types=np.array(
            [info.get('clothes_type', 0) for info in infos]
        ),
    )


def _states(info: dict) -> np.ndarray:
    """MMPose's own data sets only tell whether there is a position."""
    if 'landmark_visibility' in info:
        return info['landmark_visibility']
    placed = info['keypoints_visible'] > 0
    return np.where(placed, int(Visibility.VISIBLE), int(Visibility.ABSENT))


def evaluate(
    predicted: np.ndarray, test: Annotations, dataset_meta: dict
) -> dict:
    """The metrics' reports, as in results.json."""
    evaluator = Evaluator(list(METRICS))
    evaluator.dataset_meta = dataset_meta
    samples = [
        dict(
            pred_instances=dict(keypoints=predicted[[i]]),
            gt_instances=dict(
                keypoints=test.landmarks[[i]],
                landmark_visibility=test.states[[i]],
                bboxes=test.boxes[[i]],
            ),
            ori_shape=test.image_sizes[i],
            clothes_type=test.clothes_types[i],
        )
        for i in range(len(predicted))
    ]
    for metric in evaluator.metrics:
        metric.process(None, samples)
        metric.evaluate(len(samples))
    return collect_report(evaluator)
