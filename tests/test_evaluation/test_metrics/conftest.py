import numpy as np
import pytest
from mmengine.evaluator import Evaluator

import dfa_mm.evaluation  # noqa: F401  registers the metrics
from dfa_mm.structures import LandmarkSet

PAIR_SET = LandmarkSet('pair', ('left hem', 'right hem'))
GT = np.array([[10.0, 20], [60, 20]])


def make_sample(
    offsets, states=None, box=(0, 0, 100, 50), predicted=None, **extra
):
    """A data-sample dict of a 200 x 100 picture with two landmarks.

    ``offsets`` is (2, 2), or (S, 2, 2) for a cascade of S stages.
    """
    stages = GT + np.asarray(offsets, dtype=float)
    final = stages if stages.ndim == 2 else stages[-1]
    pred = {'keypoints': final[None], 'keypoint_scores': np.ones((1, 2))}
    if stages.ndim == 3:
        pred['stage_keypoints'] = stages[None]
    if predicted is not None:
        pred['stage_visibility'] = np.asarray(predicted)[None]
        pred['landmark_visibility'] = np.asarray(predicted)[None, -1]
    if 'branch' in extra:
        pred['branch'] = np.array([extra.pop('branch')])
    gt = {
        'keypoints': GT[None].copy(),
        'keypoints_visible': np.ones((1, 2)),
        'bboxes': np.array([box], dtype=float),
    }
    if states is not None:
        gt['landmark_visibility'] = np.asarray(states)[None]
    return dict(
        pred_instances=pred, gt_instances=gt, ori_shape=(100, 200), **extra
    )


@pytest.fixture
def evaluate():
    """Data samples and metric configs to the log's numbers and metrics."""

    def run(samples, *metrics):
        evaluator = Evaluator([dict(type=f'mmpose.{m}') for m in metrics])
        evaluator.dataset_meta = PAIR_SET.metainfo()
        evaluator.process(samples)
        return evaluator.evaluate(len(samples)), evaluator

    return run


@pytest.fixture
def sample():
    return make_sample
