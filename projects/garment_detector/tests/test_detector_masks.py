import numpy as np
import pytest

from projects.garment_detector.boxes import Labelled, iou
from projects.garment_detector.masks import (
    more_garments,
    parts,
    tagged_but_unlabelled,
)

NAMES = ['null', 'shirt', 'jeans', 'coat', 'dress', 'bag']
SHIRT, JEANS, COAT, DRESS, BAG = range(1, 6)


def mask(*pieces):
    """100 x 100 pixels; pieces are (value, x1, y1, x2, y2)."""
    result = np.zeros((100, 100), np.uint8)
    for value, x_1, y_1, x_2, y_2 in pieces:
        result[y_1:y_2, x_1:x_2] = value
    return result


OUTFIT = mask((SHIRT, 30, 20, 70, 50), (JEANS, 35, 50, 65, 90))


def test_a_mask_names_a_box_for_every_garment():
    found = parts(OUTFIT, NAMES)
    assert [(one.name, one.box) for one in found] == [
        ('shirt', (30, 20, 70, 50)),
        ('jeans', (35, 50, 65, 90)),
    ]
    # 40 x 30 and 30 x 40 of 10,000 pixels
    assert [one.share for one in found] == [0.12, 0.12]


def test_bags_are_no_garments():
    assert parts(mask((BAG, 10, 10, 40, 40)), NAMES) == []


def test_slips_of_the_mask_do_not_widen_the_box():
    # 2 x 2 of 1204 pixels
    with_slip = OUTFIT.copy()
    with_slip[95:97, 2:4] = SHIRT
    assert parts(with_slip, NAMES)[0].box == (30, 20, 70, 50)


def test_two_halves_of_an_open_jacket_are_one_garment():
    open_coat = mask((COAT, 20, 20, 35, 60), (COAT, 60, 20, 80, 60))
    assert parts(open_coat, NAMES)[0].box == (20, 20, 80, 60)


def test_an_unlabelled_photograph_gets_its_garments():
    assert more_garments(parts(OUTFIT, NAMES), [], add=True) == [
        Labelled('upper', (30, 20, 70, 50)),
        Labelled('lower', (35, 50, 65, 90)),
    ]


def test_labelled_garments_are_not_found_again():
    # 40 x 30 against 40 x 28: IoU 0.93
    shirt = Labelled('upper', (30, 22, 70, 50))
    found = more_garments(parts(OUTFIT, NAMES), [shirt], add=True)
    assert found == [Labelled('lower', (35, 50, 65, 90))]


def test_what_complete_labels_leave_out_is_ignored():
    found = more_garments(parts(OUTFIT, NAMES), [], add=False)
    assert [one.ignored for one in found] == [True, True]


def test_the_garment_worn_over_others_is_the_one():
    layers = mask((COAT, 20, 20, 80, 70), (SHIRT, 45, 25, 55, 60))
    found = more_garments(parts(layers, NAMES), [], add=True)
    assert Labelled('upper', (20, 20, 80, 70)) in found
    assert Labelled('upper', (45, 25, 55, 60), ignored=True) in found
    # a coat may be a full-body garment, too
    assert Labelled('full', (20, 20, 80, 70), ignored=True) in found
    assert len(found) == 3


def test_a_dress_under_a_coat_is_not_sure():
    layers = mask((COAT, 20, 20, 80, 70), (DRESS, 30, 70, 70, 85))
    found = more_garments(parts(layers, NAMES), [], add=True)
    of_dress = [one for one in found if one.box == (30, 70, 70, 85)]
    assert {one.type for one in of_dress} == {'upper', 'lower', 'full'}
    assert all(one.ignored for one in of_dress)


def test_a_dress_alone_is_full_body():
    found = more_garments(
        parts(mask((DRESS, 30, 20, 70, 85)), NAMES), [], add=True
    )
    assert found[0] == Labelled('full', (30, 20, 70, 85))


@pytest.mark.parametrize(
    ('tags', 'labelled', 'hidden'),
    [
        (['shirt', 'jeans', 'bag'], ['upper'], ['lower']),
        (['shirt', 'jeans'], ['upper', 'lower'], []),
        # labelled as an upper garment
        (['coat', 'jeans'], ['upper', 'lower'], []),
        (['coat', 'jeans'], ['lower'], ['upper', 'full']),
        (['bag'], [], []),
    ],
)
def test_tags_tell_types_without_a_label(tags, labelled, hidden):
    labelled = [Labelled(kind, (0, 0, 1, 1)) for kind in labelled]
    assert tagged_but_unlabelled(tags, labelled) == hidden


def test_iou_by_hand():
    # 5 x 10 shared of 100 + 100 - 50
    assert iou((0, 0, 10, 10), (5, 0, 15, 10)) == pytest.approx(1 / 3)
    assert iou((0, 0, 10, 10), (10, 0, 20, 10)) == 0
    assert iou((0, 0, 10, 10), (20, 20, 30, 30)) == 0
