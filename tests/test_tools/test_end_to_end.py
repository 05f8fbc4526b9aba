"""Garments found in photographs, scored by hand."""

import numpy as np
import pytest
from demo_files import load_script

load_script('tools/analysis/measuring.py')  # what lies beside it is found
from end_to_end import (  # noqa: E402
    Garment,
    Photograph,
    describe_photograph,
    score,
)

# Two landmarks; boxes of 100 x 50.
TRUTH = np.array([[10.0, 10], [90, 10]])
BOX = np.array([0.0, 0, 100, 50])


def garment(kind='upper', offset=0.0, states=(0, 0), x=0.0, **extra):
    """Landmarks off by ``offset`` pixels to the right, all of it by ``x``."""
    return Garment(
        kind,
        BOX + [x, 0, x, 0],
        TRUTH + [x + offset, 0],
        np.array(states),
        **extra,
    )


@pytest.fixture
def photographs():
    """Of four garments two are found of the right type, one of another.

    One visible landmark is off by 0.1, two by 0.2 of the box.
    """
    hidden = garment('full', states=(0, 1), x=400)
    return [
        Photograph(
            'a.jpg',
            [garment(), garment('lower', x=200)],
            [
                garment(offset=20, score=0.9),
                garment('full', x=200, states=(0, -1), score=0.8),
                garment('lower', x=300, score=0.7),
            ],
            complete=True,
        ),
        Photograph(
            'b.jpg',
            [hidden],
            [
                garment('full', offset=10, x=400, states=(0, 2)),
                garment('upper', x=600),
            ],
            complete=False,
        ),
        Photograph('c.jpg', [garment()], [], complete=True),
    ]


def test_garments(photographs):
    found = score(photographs)
    assert found['garments'] == {'all': 4, 'upper': 2, 'lower': 1, 'full': 1}
    assert found['found'] == {'all': 0.5, 'upper': 0.5, 'lower': 0, 'full': 1}
    any_type = {'all': 0.75, 'upper': 0.5, 'lower': 1, 'full': 1}
    assert found['found_any_type'] == any_type
    # In a.jpg the one of the wrong type and the one beside; c.jpg has none;
    # b.jpg may have garments without a label.
    assert found['complete_photographs'] == 2
    assert found['false_per_photograph'] == 1
    assert (found['photographs'], found['without_any']) == (3, 1)


def test_landmarks(photographs):
    found = score(photographs)
    right = found['landmarks']
    assert right['garments'] == 2
    # left .2 and .1, right .2; mean of .15 and .2
    assert right['NE_box'] == pytest.approx(0.175)
    assert right['tail']['median'] == pytest.approx(0.2)
    assert right['tail']['gross'] == pytest.approx(2 / 3)
    assert right['missed'] == 0
    # Told 2 and 1 (the other is cut off), labelled 2 and 2.
    assert right['per_garment'] == 1.5
    assert right['labelled_per_garment'] == 2
    either = found['landmarks_any_type']
    # of five visible ones that of a garment taken for another type
    assert either['missed'] == pytest.approx(1 / 5)
    # Of seven visible landmarks, .1 is right; .2 and those not found are not.
    assert found['landmarks_right'] == pytest.approx(1 / 7)


def test_a_photograph(photographs):
    assert describe_photograph(photographs[0]) == {
        'image': 'a.jpg',
        'labelled': ['upper', 'lower'],
        'found': ['upper', 'full', 'lower'],
        'matched': 1,
        'false': 2,
        'errors': [pytest.approx(0.2)],
    }
    assert describe_photograph(photographs[1])['false'] is None


def test_nothing_found():
    found = score([Photograph('a.jpg', [garment()], [], complete=True)])
    assert found['found'] == {'all': 0, 'upper': 0}
    assert found['landmarks'] == {'garments': 0}
    assert found['landmarks_right'] == 0
