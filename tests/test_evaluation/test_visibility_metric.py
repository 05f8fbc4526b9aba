import numpy as np
import pytest

STILL = [(0, 0)] * 2


def test_by_hand(evaluate, sample):
    # Three landmarks take part: truth 0, 1 and 0, the last slot is absent.
    samples = [
        sample(STILL, [0, 1], predicted=[[0, 0], [0, 1]], clothes_type=1),
        sample(STILL, [0, -1], predicted=[[1, 0], [2, 0]], clothes_type=1),
    ]
    numbers, evaluator = evaluate(samples, 'VisibilityAccuracy')
    assert numbers == {'visibility_accuracy': pytest.approx(2 / 3)}
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
