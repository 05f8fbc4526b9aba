import pytest

STILL = [(0, 0)] * 2


def test_by_hand(evaluate, sample):
    samples = [
        sample(STILL, [0, -1], presence=[0.9, 0.1], clothes_type=1),
        sample(STILL, [0, 2], presence=[0.9, 0.1], clothes_type=3),
        sample(STILL, [0, 1], presence=[0.5, 0.7], clothes_type=3),
    ]
    numbers, evaluator = evaluate(samples, 'PresenceAccuracy')
    # the second garment's truncated landmark is taken for absent
    assert numbers == {'presence_accuracy': pytest.approx(2 / 3)}
    report = evaluator.metrics[0].report
    assert report['slots'] == pytest.approx(5 / 6)
    assert report['clothes_type']['upper']['garments'] == 1.0
    assert report['clothes_type']['full'] == {
        'garments': 0.5,
        'slots': 0.75,
        'count': 2,
    }


def test_a_model_without_presence_gives_no_number(evaluate, sample):
    numbers, evaluator = evaluate([sample(STILL, [0, 1])], 'PresenceAccuracy')
    assert numbers == {}
    assert evaluator.metrics[0].report == {}


def test_a_landmark_too_many_is_wrong(evaluate, sample):
    # the second slot of a garment without it is told to be there, at .5
    samples = [sample(STILL, [0, -1], presence=[0.9, 0.5])]
    numbers, evaluator = evaluate(samples, 'PresenceAccuracy')
    assert numbers == {'presence_accuracy': 0}
    assert evaluator.metrics[0].report['slots'] == 0.5


def test_a_sample_without_presence_gives_no_number(evaluate, sample):
    samples = [sample(STILL, presence=[0.9, 0.1]), sample(STILL)]
    numbers, _ = evaluate(samples, 'PresenceAccuracy')
    assert numbers == {}
