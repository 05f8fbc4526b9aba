import numpy as np
import torch
from mmdet.structures.bbox import HorizontalBoxes

from projects.garment_detector.transforms import ClipGarments


def clipped(boxes, ignored=None):
    boxes = torch.tensor(boxes, dtype=torch.float).reshape(-1, 4)
    count = len(boxes)
    return ClipGarments(0.3).transform(
        dict(
            img_shape=(100, 50),
            gt_bboxes=HorizontalBoxes(boxes),
            gt_bboxes_labels=np.arange(count),
            gt_ignore_flags=np.array(ignored or [False] * count, bool),
        )
    )


def test_boxes_end_at_the_picture():
    result = clipped([[-10, 10, 40, 120]])
    assert result['gt_bboxes'].tensor.tolist() == [[0, 10, 40, 100]]
    # 40 x 90 of 50 x 110 is left
    assert result['gt_ignore_flags'].tolist() == [False]


def test_what_little_is_left_of_is_ignored():
    # 2.9 and 3 of 10 columns
    result = clipped([[-7.1, 0, 2.9, 10], [-7, 0, 3, 10]])
    assert result['gt_ignore_flags'].tolist() == [True, False]


def test_what_is_outside_is_gone():
    result = clipped([[60, 0, 80, 10], [0, 0, 10, 10]])
    assert result['gt_bboxes_labels'].tolist() == [1]
    assert len(result['gt_bboxes']) == len(result['gt_ignore_flags']) == 1


def test_ignored_stays_ignored():
    assert clipped([[0, 0, 9, 9]], [True])['gt_ignore_flags'].tolist() == [
        True
    ]


def test_pictures_without_garments_pass():
    assert len(clipped([])['gt_bboxes']) == 0
