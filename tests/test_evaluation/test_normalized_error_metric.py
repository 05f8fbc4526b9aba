import numpy as np
import pytest
import torch

ROOT2 = 2**0.5


def test_cascade_by_hand(evaluate, sample):
    # Stage 1 is off by (20, 10), stage 2 by (10, 5).
    far, near = [(20, 10)] * 2, [(10, 5)] * 2
    samples = [
        sample([far, near], [0, 1], clothes_type=1, variation_type=1),
        sample([far, far], [0, 2], clothes_type=2, variation_type=1),
    ]
    numbers, evaluator = evaluate(samples, 'NormalizedError')
    # box 100 x 50, visible only: left hem .1 sqrt 2 and .2 sqrt 2, right
    # hem in no sample; mean .15 sqrt 2.
    assert numbers['NE/box'] == pytest.approx(0.15 * ROOT2)
    assert numbers['NE/box/stage1'] == pytest.approx(0.2 * ROOT2)
    assert numbers['NE/box/stage2'] == numbers['NE/box']
    # image 200 x 100, with a position: left (.05 + .1) / 2 sqrt 2 = .075
    # sqrt 2, right .05 sqrt 2; mean .0625 sqrt 2.
    assert numbers['NE/image'] == pytest.approx(0.0625 * ROOT2)
    # square, side 100: sqrt 125 / 100 and sqrt 500 / 100 = twice that, so
    # left 1.5 and right 1 times sqrt 1.25 / 10; mean 1.25 times.
    assert numbers['NE/square'] == pytest.approx(1.25 * 1.25**0.5 / 10)

    report = evaluator.metrics[0].report
    assert list(report) == ['image', 'box', 'square']
    assert list(report['box']) == ['stage1', 'stage2', 'final']
    final = report['box']['final']
    assert final['count'] == 2
    assert final['landmark']['left hem'] == numbers['NE/box']
    assert final['landmark']['right hem'] is None
    types = final['clothes_type']
    assert list(types) == ['upper', 'lower']
    assert types['upper']['mean'] == pytest.approx(0.1 * ROOT2)
    assert types['lower']['mean'] == pytest.approx(0.2 * ROOT2)
    assert final['variation']['normal']['count'] == 2


def test_branches(evaluate, sample):
    samples = [
        sample([(10, 0)] * 2, [0, 0], branch=0),
        sample([(30, 0)] * 2, [0, 0], branch=1),
    ]
    _, evaluator = evaluate(samples, 'NormalizedError')
    branches = evaluator.metrics[0].report['square']['final']['branch']
    assert branches['easy']['mean'] == pytest.approx(0.1)
    assert branches['hard']['mean'] == pytest.approx(0.3)


def test_plain_mmpose_samples(evaluate, sample):
    one = sample([(10, 0), (30, 0)])
    # The second has no position for MMPose and so is absent.
    one['gt_instances']['keypoints_visible'] = np.array([[1.0, 0]])
    numbers, evaluator = evaluate([one], 'NormalizedError')
    assert list(numbers) == ['NE/image', 'NE/box', 'NE/square', 'NE/gross']
    assert numbers['NE/box'] == pytest.approx(0.1)
    final = evaluator.metrics[0].report['box']['final']
    assert final['clothes_type'] == {}
    assert final['landmark']['right hem'] is None


def test_flags_with_weights_and_tensors(evaluate, sample):
    one = sample([(10, 0), (30, 0)])
    one['gt_instances']['keypoints_visible'] = np.array([[[1, 1], [0, 1]]])
    pred = one['pred_instances']
    pred['keypoints'] = torch.tensor(pred['keypoints'], requires_grad=True)
    numbers, _ = evaluate([one], 'NormalizedError')
    assert numbers['NE/box'] == pytest.approx(0.1)


def test_absent_slots_take_no_part(evaluate, sample):
    one = sample([(10, 0), (1e6, 0)], [0, -1])
    numbers, _ = evaluate([one], 'NormalizedError')
    for name in ('NE/box', 'NE/square'):
        assert numbers[name] == pytest.approx(0.1)


def test_no_visible_landmark(evaluate, sample):
    one = sample([(10, 0)] * 2, [1, 2])
    numbers, evaluator = evaluate([one], 'NormalizedError')
    assert np.isnan(numbers['NE/box'])
    assert numbers['NE/square'] == pytest.approx(0.1)
    final = evaluator.metrics[0].report['box']['final']
    assert (final['mean'], final['count'], final['unusable']) == (None, 0, 0)


def test_a_box_without_size_is_reported(evaluate, sample):
    samples = [
        sample([(10, 0)] * 2, [0, 0]),
        sample([(90, 0)] * 2, [0, 0], box=(5, 5, 5, 5)),
    ]
    numbers, evaluator = evaluate(samples, 'NormalizedError')
    assert numbers['NE/box'] == pytest.approx(0.1)
    report = evaluator.metrics[0].report
    assert report['box']['final']['unusable'] == 1
    assert report['box']['final']['count'] == 1
    assert report['image']['final']['unusable'] == 0


def test_several_garments_in_a_sample_are_refused(evaluate, sample):
    one = sample([(10, 0)] * 2)
    pred = one['pred_instances']
    pred['keypoints'] = np.repeat(pred['keypoints'], 2, axis=0)
    with pytest.raises(ValueError, match='one instance'):
        evaluate([one], 'NormalizedError')


def test_samples_must_agree_in_their_stages(evaluate, sample):
    two, one = sample([[(1, 0)] * 2] * 2), sample([(1, 0)] * 2)
    with pytest.raises(ValueError, match='stage1'):
        evaluate([two, one], 'NormalizedError')


def test_tail_by_state(evaluate, sample):
    # Box 100 x 50: errors .1 and .4 of visible ones, .2 of an occluded one;
    # one is cut off. Stage 1 is off by .3 everywhere.
    first = [(30, 0)] * 2
    samples = [
        sample([first, [(10, 0), (40, 0)]], [0, 0], clothes_type=1),
        sample([first, [(20, 0), (90, 0)]], [1, 2], clothes_type=2),
    ]
    numbers, evaluator = evaluate(samples, 'NormalizedError')
    assert numbers['NE/gross'] == 0.5
    report = evaluator.metrics[0].report['box']
    tail = report['final']['tail']
    assert list(tail) == ['visible', 'occluded', 'all']
    visible = tail['visible']
    assert visible['mean'] == visible['median'] == pytest.approx(0.25)
    # .1 + .9 * .3
    assert visible['p90'] == pytest.approx(0.37)
    assert (visible['gross'], visible['count']) == (0.5, 2)
    assert visible['landmark']['left hem']['gross'] == 0
    assert visible['landmark']['right hem']['mean'] == pytest.approx(0.4)
    occluded = tail['occluded']
    assert occluded['mean'] == pytest.approx(0.2)
    assert (occluded['gross'], occluded['count']) == (1, 1)
    assert occluded['landmark']['right hem']['mean'] is None
    assert tail['all']['mean'] == pytest.approx(0.7 / 3)
    assert tail['all']['count'] == 3
    lower = report['final']['clothes_type']['lower']['tail']
    assert (lower['visible']['count'], lower['all']['count']) == (0, 1)
    assert report['stage1']['tail']['all']['mean'] == pytest.approx(0.3)
    assert 'tail' not in evaluator.metrics[0].report['image']['final']
