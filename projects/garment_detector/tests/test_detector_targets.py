import pytest
import torch
from mmengine.config import ConfigDict
from mmengine.structures import InstanceData

from projects.garment_detector.head import cell_boxes, without_doubles
from projects.garment_detector.targets import garment_targets, gaussian

SHAPE = (3, 40, 28)
NONE = torch.zeros(0, 4), torch.zeros(0, dtype=torch.long)


def targets(boxes, labels, ignored=NONE):
    return garment_targets(
        torch.tensor(boxes, dtype=torch.float).reshape(-1, 4),
        torch.tensor(labels, dtype=torch.long),
        *ignored,
        SHAPE,
    )


def test_a_garment_is_one_at_its_centre_only():
    # centre (11, 14) of x 4 ... 18 and y 8 ... 20
    bump = gaussian(torch.tensor([4.0, 8, 18, 20]), SHAPE[1:])
    assert bump[14, 11] == 1
    assert (bump == 1).sum() == 1
    # half of the width 7 * 0.54 = 3.78, of the height 6 * 0.54 = 3.24: three
    # cells to each side
    assert bump[14, 8] > 0
    assert bump[14, 7] == 0
    assert bump[17, 11] > 0
    assert bump[18, 11] == 0


def test_the_smallest_garment_has_a_value_of_one_too():
    bump = gaussian(torch.tensor([4.2, 4.2, 4.6, 4.6]), SHAPE[1:])
    assert bump[4, 4] == 1
    assert bump.sum() == 1


def test_garments_weigh_the_same():
    result = targets([[0, 0, 28, 40], [2, 2, 8, 6]], [2, 0])
    small = result.boxes[2] == 8
    assert result.box_weight[small].sum() == pytest.approx(1)
    # nothing of the large one is covered
    assert result.box_weight.sum() == pytest.approx(2)


def test_shared_cells_belong_to_the_smaller():
    result = targets([[4, 5, 24, 35], [10, 16, 18, 24]], [2, 0])
    assert result.boxes[:, 20, 14].tolist() == [10, 16, 18, 24]
    assert result.heat[2, 20, 14] == 1
    assert result.heat[0, 20, 14] == 1


def test_ignored_boxes_count_for_their_type_only():
    ignored = torch.tensor([[0.0, 0, 10, 10]]), torch.tensor([1])
    weight = targets([], [], ignored).heat_weight
    assert weight[1, :10, :10].sum() == 0
    assert weight.sum() == 3 * 40 * 28 - 100


def test_garments_inside_ignored_boxes_count():
    ignored = torch.tensor([[0.0, 0, 28, 40]]), torch.tensor([1])
    result = targets([[4, 8, 18, 20]], [1], ignored)
    assert result.heat_weight[1, 14, 11] == 1
    assert result.heat_weight[1, 30, 20] == 0


def test_ignored_boxes_may_leave_the_map():
    ignored = torch.tensor([[-5.0, 35, 90, 90]]), torch.tensor([0])
    weight = targets([], [], ignored).heat_weight
    assert weight[0, 35:].sum() == 0
    assert weight[0, :35].all()


def test_cells_tell_boxes_as_centernet_decodes_them():
    sizes = torch.zeros(1, 2, 6, 5)
    offsets = torch.zeros(1, 2, 6, 5)
    sizes[0, :, 3, 2] = torch.tensor([2.0, 4.0])
    offsets[0, :, 3, 2] = torch.tensor([0.5, 0.25])
    # centre (2.5, 3.25)
    assert cell_boxes(sizes, offsets)[0, :, 3, 2].tolist() == [
        1.5,
        1.25,
        3.5,
        5.25,
    ]


def test_of_doubles_the_surer_stays_whatever_the_type():
    found = InstanceData(
        bboxes=torch.tensor(
            [[0.0, 0, 10, 10], [0, 0, 10, 9], [0, 5, 10, 15], [20, 0, 30, 10]]
        ),
        scores=torch.tensor([0.6, 0.9, 0.5, 0.1]),
        labels=torch.tensor([0, 2, 1, 0]),
    )
    # IoU 0.9 of the first two, 4 / 15 and 5 / 15 with the third
    kept = without_doubles(found, ConfigDict(score_thr=0.3, iou_thr=0.7))
    assert kept.labels.tolist() == [2, 1]
