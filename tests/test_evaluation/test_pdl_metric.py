import numpy as np
import pytest


def test_by_hand(evaluate, sample):
    # Box 100 x 50: a pixel is 2.24 of the crop's. 6 px are 13.44, 7 px are
    # 15.68; occluded landmarks take part, truncated ones do not.
    samples = [
        sample(
            [[(7, 0), (7, 0)], [(6, 0), (7, 0)]],
            [0, 1],
            clothes_type=1,
            variation_type=4,
        ),
        sample(
            [[(7, 0), (0, 0)], [(0, 0), (0, 0)]],
            [0, 2],
            clothes_type=3,
            variation_type=5,
        ),
    ]
    numbers, evaluator = evaluate(samples, 'PDL')
    assert numbers == {
        'PDL@15/stage1': 0,
        'PDL@15/stage2': pytest.approx(2 / 3),
        'PDL@15': pytest.approx(2 / 3),
    }
    report = evaluator.metrics[0].report
    assert report['thresholds'] == list(range(51))
    final = report['stages']['final']
    # 0 px: one of three; from 14 px: two; from 16 px: all.
    assert [final['curve'][i] for i in (0, 13, 14, 15, 16)] == pytest.approx(
        [1 / 3, 1 / 3, 2 / 3, 2 / 3, 1]
    )
    assert final['count'] == 3
    assert final['landmark']['left hem']['share'] == 1
    assert final['landmark']['right hem']['share'] == 0
    assert final['landmark']['right hem']['curve'][16] == 1
    assert final['clothes_type']['upper']['share'] == 0.5
    assert final['variation']['large zoom-in']['share'] == 1


def test_the_pixel_is_that_of_the_crop(evaluate, sample):
    # 20 px of the picture are 11.2 px of the crop when the box is 400 long.
    near = [(20, 0)] * 2
    large, _ = evaluate([sample(near, box=(0, 0, 400, 50))], 'PDL')
    small, _ = evaluate([sample(near, box=(0, 0, 100, 50))], 'PDL')
    assert (large['PDL@15'], small['PDL@15']) == (1, 0)


def test_a_box_without_size_is_left_out(evaluate, sample):
    samples = [
        sample([(0, 0)] * 2),
        sample([(90, 0)] * 2, box=(5, 5, 5, 9)),
        sample([(0, 0)] * 2),
    ]
    numbers, evaluator = evaluate(samples, 'PDL')
    assert numbers['PDL@15'] == 1
    assert evaluator.metrics[0].report['unusable'] == 1


def test_nothing_to_detect(evaluate, sample):
    numbers, evaluator = evaluate([sample([(0, 0)] * 2, [2, -1])], 'PDL')
    assert np.isnan(numbers['PDL@15'])
    assert evaluator.metrics[0].report['stages']['final']['share'] is None
