"""Samples as MMPose's own pipelines and heads make them: no clothes type, no
stages, no three visibility states."""

import numpy as np
import pytest
from mmengine.structures import InstanceData
from mmpose.datasets.transforms import PackPoseInputs

from dfa_mm.structures import LSP_SET

METRICS = ['NormalizedError', 'PDL', 'VisibilityAccuracy', 'PCP', 'TorsoPCK']


@pytest.fixture
def packed(person):
    """A function: joint offsets to the dict that a metric is given."""

    def pack(offsets):
        ours = person(offsets)
        flags = np.ones((1, len(LSP_SET)))
        flags[0, LSP_SET.index('left wrist')] = 0
        results = dict(
            img=np.zeros((8, 8, 3), np.uint8),
            img_path='person.jpg',
            ori_shape=(220, 110),
            bbox=np.array([[0.0, 10, 100, 200]]),
            keypoints=ours['gt_instances']['keypoints'],
            keypoints_visible=flags,
        )
        sample = PackPoseInputs().transform(results)['data_samples']
        keypoints = ours['pred_instances']['keypoints']
        sample.pred_instances = InstanceData(keypoints=keypoints)
        return sample.to_dict()

    return pack


def test_every_metric_takes_them(packed, evaluate_people):
    # One wrist is 19 off, the other is not labelled.
    sample = packed({'right wrist': (19, 0), 'left wrist': (999, 0)})
    numbers, evaluator = evaluate_people([sample], *METRICS)
    assert numbers == {
        # 19 px over 110, 100 and 190, in one of 13 landmarks
        'NE/image': pytest.approx(19 / 110 / 13),
        'NE/box': pytest.approx(19 / 100 / 13),
        'NE/square': pytest.approx(19 / 190 / 13),
        'NE/gross': pytest.approx(1 / 13),  # 19 px over 100
        'PDL@15': pytest.approx(12 / 13),  # 19 x 224 / 190 = 22.4 > 15
        'PCP/strict': pytest.approx(8 / 9),  # the right lower arm is 10 long
        'PCP/loose': pytest.approx(8 / 9),  # 9.5 > 5
        'PCK@0.2': 1,
    }
    reports = {metric.name: metric.report for metric in evaluator.metrics}
    assert reports['visibility'] == {}
    final = reports['PCP']['strict']['final']
    assert final['clothes_type'] == final['branch'] == {}
    assert list(reports['PCK']['stages']) == ['final']


def test_colour_pictures_and_landmarks_with_a_third_number(evaluate, sample):
    # ori_shape may have the channels, keypoints a depth or a score behind
    one = sample([(10, 0), (10, 0)])
    one['ori_shape'] = (100, 200, 3)
    truth = one['gt_instances']
    depth = np.full((1, 2, 1), 77.0)
    truth['keypoints'] = np.concatenate([truth['keypoints'], depth], -1)
    numbers, _ = evaluate([one], 'NormalizedError')
    assert numbers['NE/image'] == pytest.approx(10 / 200)


def test_only_groups_with_a_member_are_reported(evaluate, sample):
    one = sample([(10, 0), (10, 0)], clothes_type=3)
    _, evaluator = evaluate([one], 'NormalizedError')
    final = evaluator.metrics[0].report['box']['final']
    assert list(final['clothes_type']) == ['full']


def test_a_sample_without_an_instance_is_refused(evaluate, sample):
    one = sample([(10, 0), (10, 0)])
    one['pred_instances']['keypoints'] = np.zeros((0, 2, 2))
    with pytest.raises(ValueError, match=r'keypoints \(0, 2, 2\) must hold'):
        evaluate([one], 'NormalizedError')
