import numpy as np
import pytest

from dfa_mm.evaluation.pck import sides_of_joints
from dfa_mm.structures import LSP_SET

# The torso is 100 long, so 20 is exactly 0.2 of it.
AT_LIMIT = {'right ankle': (12, 16), 'right knee': (21, 0)}


def test_cascade_by_hand(evaluate_people, person):
    samples = [
        person({'neck': (0, 50)}, AT_LIMIT, branch=0),
        person({}, {}, branch=1),
    ]
    numbers, evaluator = evaluate_people(samples, 'TorsoPCK')
    assert numbers == {
        'PCK@0.2/stage1': pytest.approx(13.5 / 14),  # half of the necks
        'PCK@0.2/stage2': pytest.approx(13.5 / 14),  # half of the knees
        'PCK@0.2': pytest.approx(13.5 / 14),
    }
    report = evaluator.metrics[0].report
    assert report['thresholds'][::25] == [0, 0.25, 0.5]
    assert report['thresholds'][-1] == 0.5
    assert (report['threshold'], report['unusable']) == (0.2, 0)

    final = report['stages']['final']
    assert final['count'] == 28
    # At .19 the ankle is wrong, too; at .21 all are right.
    assert [final['curve'][i] for i in (0, 19, 20, 21, 50)] == pytest.approx(
        [13 / 14, 13 / 14, 13.5 / 14, 1, 1]
    )
    # The ankle's curve is .5 but for 1 at the end, the last of 20 trapezoids
    # being (.5 + 1) / 2 high: .5 + .25 / 20; the knee's is .5.
    landmarks = final['landmark']
    assert list(landmarks) == list(LSP_SET.landmarks)
    assert landmarks['right ankle']['share'] == 1
    assert landmarks['right ankle']['auc'] == pytest.approx(0.5125)
    assert landmarks['right knee']['auc'] == pytest.approx(0.5)
    assert final['auc'] == pytest.approx((12 + 0.5125 + 0.5) / 14)
    joints = final['joint']
    assert joints['knee']['share'] == 0.75
    assert joints['ankle']['curve'][19:21] == [0.75, 1]
    assert joints['neck'] == landmarks['neck']
    assert final['branch']['easy']['share'] == pytest.approx(13 / 14)
    assert final['branch']['hard']['share'] == 1
    assert report['stages']['stage1']['landmark']['neck']['curve'][50] == 1


def test_sides_of_joints():
    joints = sides_of_joints(LSP_SET.landmarks)
    assert joints == {
        'ankle': [0, 5],
        'knee': [1, 4],
        'hip': [2, 3],
        'wrist': [6, 11],
        'elbow': [7, 10],
        'shoulder': [8, 9],
        'neck': [12],
        'head top': [13],
    }


def test_hidden_joints_count_and_unknown_ones_do_not(evaluate_people, person):
    off = {'neck': (0, 50)}
    hidden = person(off, states={'neck': 1})
    assert evaluate_people([hidden], 'TorsoPCK')[0] == {
        'PCK@0.2': pytest.approx(13 / 14)
    }
    for state in (2, -1):
        unknown = person(off, states={'neck': state})
        numbers, evaluator = evaluate_people([unknown], 'TorsoPCK')
        assert numbers == {'PCK@0.2': 1}
        final = evaluator.metrics[0].report['stages']['final']
        assert final['count'] == 13
        assert final['landmark']['neck']['share'] is None


def test_a_torso_without_length_is_left_out(evaluate_people, person):
    off = {'neck': (0, 90)}
    samples = [
        person({}),
        person(off, moved={'right hip': (60, -80)}),
        person(off, states={'left shoulder': 2}),
    ]
    numbers, evaluator = evaluate_people(samples, 'TorsoPCK')
    assert numbers == {'PCK@0.2': 1}
    report = evaluator.metrics[0].report
    assert report['unusable'] == 2
    assert report['stages']['final']['count'] == 14


def test_no_torso_at_all(evaluate_people, person):
    samples = [person({}, states={'left shoulder': -1})]
    numbers, evaluator = evaluate_people(samples, 'TorsoPCK')
    assert np.isnan(numbers['PCK@0.2'])
    final = evaluator.metrics[0].report['stages']['final']
    assert (final['share'], final['auc'], final['count']) == (None, None, 0)


def test_a_data_set_without_a_torso_is_named(evaluate, sample):
    with pytest.raises(ValueError, match="needs the landmark 'left shoulder'"):
        evaluate([sample([(0, 0)] * 2)], 'TorsoPCK')
