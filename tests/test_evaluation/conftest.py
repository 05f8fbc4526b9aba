from functools import partial

import numpy as np
import pytest
from mmengine.evaluator import Evaluator

import dfa_mm.evaluation  # noqa: F401  registers the metrics
from dfa_mm.structures import LSP_SET, LandmarkSet

PAIR_SET = LandmarkSet('pair', ('left hem', 'right hem'))
GT = np.array([[10.0, 20], [60, 20]])
# Someone with stretched arms. From left shoulder to right hip: 60 across and
# 80 down, 100. Lengths of the sticks: torso 80, head 20, upper arms 20, lower
# arms 10, upper and lower legs 40.
PERSON = {
    'right ankle': (20, 200),
    'right knee': (20, 160),
    'right hip': (20, 120),
    'left hip': (80, 120),
    'left knee': (80, 160),
    'left ankle': (80, 200),
    'right wrist': (0, 50),
    'right elbow': (0, 40),
    'right shoulder': (20, 40),
    'left shoulder': (80, 40),
    'left elbow': (100, 40),
    'left wrist': (100, 50),
    'neck': (50, 30),
    'head top': (50, 10),
}


def make_sample(
    offsets,
    states=None,
    box=(0, 0, 100, 50),
    predicted=None,
    truth=GT,
    presence=None,
    **extra,
):
    """A data-sample dict of a 200 x 100 picture with two landmarks.

    ``offsets`` is (2, 2), or (S, 2, 2) for a cascade of S stages.
    """
    stages = truth + np.asarray(offsets, dtype=float)
    final = stages if stages.ndim == 2 else stages[-1]
    ones = np.ones((1, len(truth)))
    pred = {'keypoints': final[None], 'keypoint_scores': ones}
    if stages.ndim == 3:
        pred['stage_keypoints'] = stages[None]
    if predicted is not None:
        pred['stage_visibility'] = np.asarray(predicted)[None]
        pred['landmark_visibility'] = np.asarray(predicted)[None, -1]
    if presence is not None:
        pred['presence_scores'] = np.array([presence])
    if 'branch' in extra:
        pred['branch'] = np.array([extra.pop('branch')])
    gt = {
        'keypoints': truth[None].copy(),
        'keypoints_visible': ones,
        'bboxes': np.array([box], dtype=float),
    }
    if states is not None:
        gt['landmark_visibility'] = np.asarray(states)[None]
    return dict(
        pred_instances=pred, gt_instances=gt, ori_shape=(100, 200), **extra
    )


def make_person(*stages, moved=None, states=None, **extra):
    """A data-sample dict of :data:`PERSON`.

    Args:
        stages: One dict per stage, joint to how far off it is predicted.
        moved: Joint to how far the truth is off :data:`PERSON`.
        states: Joint to its visibility state; the others are visible.
    """
    truth = np.array([PERSON[name] for name in LSP_SET.landmarks], float)
    offsets = [_by_joint(stage, (2,)) for stage in stages]
    return make_sample(
        offsets if len(stages) > 1 else offsets[0],
        _by_joint(states or {}, ()),
        truth=truth + _by_joint(moved or {}, (2,)),
        **extra,
    )


def _by_joint(values, shape):
    array = np.zeros((len(LSP_SET), *shape))
    for name, value in values.items():
        array[LSP_SET.index(name)] = value
    return array


@pytest.fixture
def evaluate():
    """Data samples and metrics to the log's numbers and metrics."""

    def run(samples, *metrics, landmark_set=PAIR_SET):
        evaluator = Evaluator([dict(type=f'mmpose.{m}') for m in metrics])
        evaluator.dataset_meta = landmark_set.metainfo()
        evaluator.process(samples)
        return evaluator.evaluate(len(samples)), evaluator

    return run


@pytest.fixture
def sample():
    return make_sample


@pytest.fixture
def person():
    return make_person


@pytest.fixture
def evaluate_people(evaluate):
    """:func:`evaluate` with LSP's joints."""
    return partial(evaluate, landmark_set=LSP_SET)
