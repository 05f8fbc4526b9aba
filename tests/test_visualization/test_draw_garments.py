import numpy as np
import pytest
from mmengine.structures import InstanceData

from dfa_mm.structures import FLD_SETS, Visibility
from dfa_mm.visualization import (
    TYPE_COLORS,
    draw_garment_stages,
    draw_garments,
    garments,
)

META = FLD_SETS['all'].metainfo()
GREY = np.full((400, 600, 3), 128, np.uint8)
SEEN, CUT, ABSENT = Visibility.VISIBLE, Visibility.TRUNCATED, Visibility.ABSENT


def garment(box, states):
    """All landmarks in the box's middle."""
    box = np.array([box], float)
    middle = (box[:, :2] + box[:, 2:]) / 2
    points = np.repeat(middle[:, None], 8, axis=1)
    return InstanceData(
        bboxes=box,
        keypoints=points,
        landmark_visibility=np.array([states]),
        stage_keypoints=points[:, None],
        stage_visibility=np.array([[states]]),
    )


TOP = garment([50, 60, 250, 200], [SEEN] * 4 + [ABSENT] * 2 + [SEEN] * 2)
SKIRT = garment([300, 150, 500, 300], [ABSENT] * 4 + [SEEN] * 4)


def drawn(preds, types, **options):
    return draw_garments(GREY, preds, META, types, types, **options)


def test_each_box_has_the_colour_of_its_type():
    image = drawn([TOP, SKIRT], ['upper', 'lower'])
    assert image.shape == GREY.shape
    assert (image[130, 50] == TYPE_COLORS['upper']).all()
    assert (image[225, 500] == TYPE_COLORS['lower']).all()
    # the tags above their upper left corners
    assert (image[50, 52] == TYPE_COLORS['upper']).all()
    assert (image[140, 302] == TYPE_COLORS['lower']).all()
    # the picture is left as it was
    assert (GREY == 128).all()


def test_a_tag_stays_in_the_picture():
    pred = garment([500, 0, 600, 300], [SEEN] * 8)
    image = draw_garments(GREY, [pred], META, ['full'], ['full 123456789'])
    pink = (image == TYPE_COLORS['full']).all(2)
    rows, columns = np.nonzero(pink)
    assert rows.min() == 0
    # further left than the box, whose frame starts at column 499
    assert columns.min() < 490


def test_without_boxes_landmarks_only():
    image = drawn([TOP], ['upper'], show_boxes=False)
    assert not (image == TYPE_COLORS['upper']).all(2).any()
    changed = (image != GREY).any(2)
    rows, columns = np.nonzero(changed)
    # all landmarks lie at (150, 130)
    assert abs(rows - 130).max() < 20
    assert abs(columns - 150).max() < 20


def test_marks_shrink_with_the_garments():
    sizes = [
        garments._mark_size(np.array([[0, 0, side, 10]]), GREY.shape)
        for side in (600, 300, 240, 60)
    ]
    # twice the share of 600 pixels, from 0.5 to 1
    assert sizes == pytest.approx([1, 1, 0.8, 0.5])


@pytest.mark.parametrize(
    ('states', 'text'),
    [
        ([SEEN] * 8, ''),
        ([SEEN] * 6 + [CUT, SEEN], 'L hem'),
        ([SEEN, CUT, SEEN, SEEN, SEEN, SEEN, CUT, CUT], 'R collar, hem'),
    ],
)
def test_what_is_cut_off(states, text):
    assert garments._cut_off(np.array(states), META) == text


def test_landmarks_are_above_the_note():
    low = garment([50, 300, 450, 400], [SEEN] * 6 + [CUT] * 2)
    image = drawn([low], ['full'])
    # (250, 350) is in no strip; put it at the lower edge
    low.keypoints[..., 1] = 395
    beneath = drawn([low], ['full'])
    assert (image[395, 250] != beneath[395, 250]).any()


def test_a_row_of_stages_for_each():
    one = draw_garment_stages(GREY, [TOP], META, ['upper'])
    two = draw_garment_stages(GREY, [TOP, SKIRT], META, ['upper', 'lower'])
    assert two.shape[0] > 1.8 * one.shape[0]


def test_nothing_is_the_picture_itself():
    np.testing.assert_array_equal(drawn([], []), GREY)
    np.testing.assert_array_equal(
        draw_garment_stages(GREY, [], META, []), GREY
    )
