import numpy as np
import pytest

STILL = [(0, 0)] * 2


def test_by_hand(evaluate, sample):
    # Three landmarks take part: truth 0, 1 and 0, the last slot is absent.
    # None is truncated: there is no such recall.
    samples = [
        sample(STILL, [0, 1], predicted=[[0, 0], [0, 1]], clothes_type=1),
        sample(STILL, [0, -1], predicted=[[1, 0], [2, 0]], clothes_type=1),
    ]
    numbers, evaluator = evaluate(samples, 'VisibilityAccuracy')
    assert numbers == {
        'visibility_accuracy': pytest.approx(2 / 3),
        'recall/visible': 0.5,
        'recall/occluded': 1.0,
    }
    report = evaluator.metrics[0].report
    assert report['states'] == ['visible', 'occluded', 'truncated']
    assert report['stages']['stage1']['accuracy'] == pytest.approx(1 / 3)
    final = report['stages']['final']
    assert final['confusion'] == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]
    assert final['recall'] == {
        'visible': 0.5,
        'occluded': 1.0,
        'truncated': None,
    }
    assert final['landmark'] == {'left hem': 0.5, 'right hem': 1.0}
    assert final['clothes_type']['upper']['count'] == 3
    assert final['ece'] is None


def test_a_model_without_visibility_gives_no_number(evaluate, sample):
    numbers, evaluator = evaluate(
        [sample(STILL, [0, 1])], 'VisibilityAccuracy'
    )
    assert numbers == {}
    assert evaluator.metrics[0].report == {}


def test_flags_are_no_states(evaluate, sample):
    """MMPose's flags do not tell occluded from visible: no truth."""
    one = sample(STILL, predicted=[[0, 0]])
    numbers, _ = evaluate([one], 'VisibilityAccuracy')
    assert np.isnan(numbers['visibility_accuracy'])


def test_calibration_by_stage(evaluate, sample):
    one = sample(STILL, [0, 1], predicted=[[0, 0], [0, 1]])
    # Stage 1: .6 and right, .8 and wrong. Stage 2: .9 and .7, both right.
    one['pred_instances']['stage_visibility_scores'] = np.array(
        [
            [
                [[0.6, 0.4, 0], [0.8, 0.2, 0]],
                [[0.9, 0.1, 0], [0.2, 0.7, 0.1]],
            ]
        ]
    )
    _, evaluator = evaluate([one], 'VisibilityAccuracy')
    report = evaluator.metrics[0].report
    assert report['ece_bins'] == 15
    stages = report['stages']
    assert stages['stage1']['ece'] == pytest.approx((0.4 + 0.8) / 2)
    assert stages['final']['ece'] == pytest.approx((0.1 + 0.3) / 2)
    assert stages['stage2'] == stages['final']
