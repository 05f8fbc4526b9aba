import numpy as np
import pytest

from dfa_mm.structures import LSP_STICK_GROUPS, LSP_STICKS

# 6 of 10, the length of a lower arm: both ends must be within 5.
WRIST = {'right wrist': (0, 6)}
# 41 of 80, the torso's half being 40, and of 40, the upper legs' being 20.
HIPS = {'right hip': (0, 41), 'left hip': (0, 41)}


def test_cascade_by_hand(evaluate_people, person):
    # Stage 1. Strict: the right lower arm (6 > 5), the torso (41 > 40) and
    # all legs (41 > 20) but the lower ones are wrong: 4 of 10. Loose: half
    # of 6, 41 and 41 are 3, 20.5 and 20.5, so only the upper legs are.
    samples = [
        person({**WRIST, **HIPS}, WRIST, branch=0),
        person({**WRIST, **HIPS}, {}, branch=1),
    ]
    numbers, evaluator = evaluate_people(samples, 'PCP')
    assert numbers == {
        'PCP/strict/stage1': pytest.approx(0.6),
        # 0.5 of the right lower arm and 1 of the nine others
        'PCP/strict/stage2': pytest.approx(0.95),
        'PCP/strict': pytest.approx(0.95),
        'PCP/loose': 1,
    }
    report = evaluator.metrics[0].report
    assert list(report) == ['threshold', 'strict', 'loose']
    assert report['threshold'] == 0.5
    assert list(report['strict']) == ['stage1', 'stage2', 'final']
    assert report['loose']['stage1']['mean'] == pytest.approx(0.8)

    final = report['strict']['final']
    assert final['count'] == 20
    assert list(final['stick']) == list(LSP_STICKS)
    assert final['stick']['right lower arm'] == 0.5
    assert final['stick']['left lower arm'] == 1
    # The columns of Table 4: the mean of left and right.
    assert list(final['group']) == list(LSP_STICK_GROUPS)
    assert final['group']['l.arms'] == pytest.approx(0.75)
    first = report['strict']['stage1']['group']
    assert (first['torso'], first['u.legs'], first['l.legs']) == (0, 0, 1)
    branches = final['branch']
    assert branches['easy']['mean'] == pytest.approx(0.9)
    assert branches['easy']['count'] == 10
    assert branches['easy']['group']['l.arms'] == 0.5
    assert branches['hard']['mean'] == 1


def test_the_torso_ends_in_the_middle(evaluate_people, person):
    # One hip is 60 off, the middle of both 30 <= 40.
    one = person({'left hip': (60, 0)})
    _, evaluator = evaluate_people([one], 'PCP')
    sticks = evaluator.metrics[0].report['strict']['final']['stick']
    assert sticks['torso'] == 1
    assert sticks['left upper leg'] == 0
    assert sticks['right upper leg'] == 1


def test_exactly_half_is_right(evaluate_people, person):
    samples = [person({'right wrist': (3, 4)})]
    numbers, _ = evaluate_people(samples, 'PCP')
    assert numbers['PCP/strict'] == 1
    samples = [person({'right wrist': (3, 4.01)})]
    numbers, _ = evaluate_people(samples, 'PCP')
    assert numbers['PCP/strict'] == pytest.approx(0.9)


def test_hidden_joints_count_and_unknown_ones_do_not(evaluate_people, person):
    hidden = person(WRIST, states={'right wrist': 1})
    numbers, _ = evaluate_people([hidden], 'PCP')
    assert numbers['PCP/strict'] == pytest.approx(0.9)
    for state in (2, -1):
        unknown = person(WRIST, states={'right wrist': state})
        numbers, evaluator = evaluate_people([unknown], 'PCP')
        assert numbers['PCP/strict'] == 1
        final = evaluator.metrics[0].report['strict']['final']
        assert final['count'] == 9
        assert final['stick']['right lower arm'] is None
        assert final['group']['l.arms'] == 1


def test_a_stick_without_length_must_be_met_exactly(evaluate_people, person):
    folded = {'right wrist': (0, -10)}
    for off, expected in (((0, 0), 1), ((0, 0.1), 0.9)):
        samples = [person({'right wrist': off}, moved=folded)]
        numbers, _ = evaluate_people(samples, 'PCP')
        assert numbers['PCP/strict'] == pytest.approx(expected)


def test_no_joint_at_all(evaluate_people, person):
    nothing = person({}, states=dict.fromkeys(_names(), -1))
    numbers, evaluator = evaluate_people([nothing], 'PCP')
    assert np.isnan(numbers['PCP/strict'])
    final = evaluator.metrics[0].report['loose']['final']
    assert (final['mean'], final['count']) == (None, 0)


def test_a_data_set_without_the_joint_is_named(evaluate, sample):
    message = "PCP needs the landmark 'right shoulder'; .*'pair' .*'left hem'"
    with pytest.raises(ValueError, match=message):
        evaluate([sample([(0, 0)] * 2)], 'PCP')


def _names():
    return {n for ends in LSP_STICKS.values() for end in ends for n in end}
