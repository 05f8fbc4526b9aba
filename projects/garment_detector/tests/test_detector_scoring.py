import numpy as np
import pytest

from projects.garment_detector.boxes import Labelled
from projects.garment_detector.scoring import (
    Detection,
    average_precision,
    match,
    quiet_threshold,
    summary,
)

TYPES = ('upper', 'lower', 'full')
TOP = Labelled('upper', (0, 0, 10, 10))
SKIRT = Labelled('lower', (0, 10, 10, 20))


def seen(kind, box, score=0.9):
    return Detection(kind, box, score)


def test_the_surest_takes_the_garment():
    matches = match(
        [seen('upper', (0, 0, 10, 9), 0.5), seen('upper', (0, 0, 10, 10))],
        [TOP],
    )
    assert matches.found == [1]
    assert matches.false == [0]


def test_half_an_overlap_is_enough_and_less_is_not():
    # 10 x 5 of 10 x 10, and 10 x 4.9
    assert match([seen('upper', (0, 0, 10, 5))], [TOP]).found == [0]
    assert match([seen('upper', (0, 0, 10, 4.9))], [TOP]).found == [-1]


def test_the_type_must_be_right_unless_any_will_do():
    one = [seen('full', TOP.box)]
    assert match(one, [TOP]).found == [-1]
    assert match(one, [TOP], any_type=True).found == [0]


def test_ignored_boxes_forgive_their_type_only():
    unknown = Labelled('lower', (0, 0, 100, 100), ignored=True)
    inside = [seen('lower', (5, 5, 9, 9)), seen('upper', (5, 5, 9, 9))]
    assert match(inside, [], [unknown]).false == [1]


def test_average_precision_by_hand():
    # Hit, miss, hit of two garments: precision 1 up to recall 1/2, 2/3 up to
    # 1. Of COCO's 101 points 51 are at 0 ... 0.5.
    expected = (51 * 1 + 50 * 2 / 3) / 101
    assert average_precision([0.9, 0.8, 0.7], [1, 0, 1], 2) == pytest.approx(
        expected
    )


def test_average_precision_of_a_half_found_set():
    # one of two, at once: 51 points of 101 at precision 1
    assert average_precision([0.9], [1], 2) == pytest.approx(51 / 101)
    assert average_precision([], [], 2) == 0
    assert np.isnan(average_precision([], [], 0))


def test_average_precision_is_cocos():
    from mmdet.datasets.api_wrappers import COCO, COCOeval

    rng = np.random.default_rng(0)
    truth = [
        dict(id=i + 1, image_id=i // 3 + 1, category_id=1, iscrowd=0, area=100,
             bbox=[float(40 * (i % 3)), 0.0, 10.0, 10.0])
        for i in range(30)
    ]  # fmt: skip
    found = [
        dict(image_id=one['image_id'], category_id=1, score=float(s),
             bbox=[one['bbox'][0] + float(shift), 0.0, 10.0, 10.0])
        for one in truth
        for s, shift in zip(rng.random(2), rng.choice([0.0, 2, 6, 20], 2))
    ]  # fmt: skip
    coco = COCO()
    coco.dataset = dict(
        images=[dict(id=i + 1) for i in range(10)],
        annotations=truth,
        categories=[dict(id=1)],
    )
    coco.createIndex()
    evaluation = COCOeval(coco, coco.loadRes(found), 'bbox')
    evaluation.params.iouThrs = np.array([0.5])
    evaluation.evaluate()
    evaluation.accumulate()
    expected = evaluation.eval['precision'][0, :, 0, 0, -1].mean()

    def corners(box):
        return (box[0], box[1], box[0] + box[2], box[1] + box[3])

    pictures = [
        (
            [
                Detection('upper', corners(one['bbox']), one['score'])
                for one in found
                if one['image_id'] == i + 1
            ],
            [
                Labelled('upper', corners(one['bbox']))
                for one in truth
                if one['image_id'] == i + 1
            ],
        )
        for i in range(10)
    ]
    assert 0.1 < expected < 0.95
    result = summary(pictures, ('upper',), 0.0)['ap50']
    assert result == pytest.approx(expected, abs=1e-4)


def test_the_summary_by_hand():
    pictures = [
        # the top, and the skirt too unsure
        (
            [seen('upper', TOP.box), seen('lower', SKIRT.box, 0.2)],
            [TOP, SKIRT],
        ),
        # a false one and a skirt taken for a dress
        ([seen('upper', (50, 50, 60, 60)), seen('full', SKIRT.box)], [SKIRT]),
    ]
    result = summary(pictures, TYPES, threshold=0.3)
    assert result['garments'] == {'upper': 1, 'lower': 2, 'full': 0}
    assert result['found'] == pytest.approx(1 / 3, abs=1e-4)
    assert result['found_by_type'] == {
        'upper': 1.0,
        'lower': 0.0,
        'full': None,
    }
    assert result['found_any_type'] == pytest.approx(2 / 3, abs=1e-4)
    assert result['false_per_picture'] == 1.0
    # equal scores: the true one is first; 51 of 101 points for lower
    assert result['ap50_by_type']['upper'] == 1.0
    assert result['ap50_by_type']['lower'] == pytest.approx(51 / 101, abs=1e-4)


def test_the_threshold_above_every_false_alarm():
    assert quiet_threshold([0.0, 0.234, 0.1]) == 0.24
    assert quiet_threshold([0.0]) == 0.01
