"""Garments at random places, boxes drawn and written in several ways."""

import numpy as np
import pytest

from dfa_mm.datasets.box_audit import (
    CORNERS,
    XYWH,
    BoxAudit,
    single_problem,
)

PICTURE = (400, 300)


def garments(number, margin=(0.02, 0.1), seed=0, picture=PICTURE):
    """Boxes (N, 4) as corners, and six visible landmarks in each."""
    rng = np.random.default_rng(seed)
    size = rng.uniform(0.3, 0.7, (number, 2)) * picture
    low = rng.uniform(0.05, 0.95, (number, 2)) * (picture - size)
    sides = rng.uniform(*margin, (number, 2, 2)) * size[:, None]
    first, last = low + sides[:, 0], low + size - sides[:, 1]
    share = rng.uniform(0, 1, (number, 6, 2))
    share[:, 0], share[:, 1] = 0, 1  # to the ends
    points = first[:, None] + share * (last - first)[:, None]
    return np.hstack([low, low + size]), points


def audit(boxes, points, form=XYWH, picture=PICTURE):
    audit = BoxAudit(form)
    for box, visible in zip(boxes.tolist(), points.tolist()):
        audit.add(tuple(box), visible, [], picture)
    return audit.problem()


@pytest.mark.parametrize('number', [1, 3, 10, 100])
@pytest.mark.parametrize('form', [XYWH, CORNERS])
def test_right_boxes(number, form):
    for seed in range(20):
        assert audit(*garments(number, seed=seed), form) is None


@pytest.mark.parametrize('margin', [(0, 0), (0.1, 0.2), (0.1, 0.3)])
def test_boxes_tight_and_loose(margin):
    for number in (3, 100):
        assert audit(*garments(number, margin)) is None


def test_large_boxes_near_the_corner():
    """They hold their landmarks as corners, too, whatever they mean."""
    rng = np.random.default_rng(0)
    boxes, points = garments(100, (0.1, 0.25))
    shift = boxes[:, :2] - rng.uniform(1, 15, (100, 2))
    boxes -= np.tile(shift, 2)
    points -= shift[:, None]
    picture = (320, 240)  # the largest garments are 280 x 210
    assert audit(boxes, points, picture=picture) is None


@pytest.mark.parametrize('number', [3, 10, 100])
def test_corners_read_as_x_y_w_h(number):
    for seed in range(20):
        boxes, points = garments(number, seed=seed)
        read = np.hstack([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]])
        assert 'corners' in audit(read, points).remedy


@pytest.mark.parametrize('number', [3, 10, 100])
def test_x_y_w_h_read_as_corners(number):
    boxes, points = garments(number)
    read = np.hstack([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]])
    problem = audit(read, points, CORNERS)
    assert problem.kind == 'boxes'
    if number > 3:
        assert 'be there if read as x y width height' in problem.remedy


@pytest.mark.parametrize(
    ('move', 'hint'), [(1, 'one row below'), (-1, 'one row above')]
)
def test_boxes_of_other_rows(move, hint):
    boxes, points = garments(20)
    problem = audit(np.roll(boxes, move, axis=0), points)
    assert hint in problem.remedy


def test_middle_read_as_corner():
    boxes, points = garments(20)
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    problem = audit(boxes + np.tile(half, 2), points)
    assert 'begin with the middle' in problem.remedy


@pytest.mark.parametrize(
    ('unit', 'name'), [(1, 'shares'), (100, 'percent'), (1000, 'thousandths')]
)
@pytest.mark.parametrize('number', [1, 3, 100])
def test_parts_of_the_picture(unit, name, number):
    picture = (3000, 2000)
    boxes, points = garments(number, picture=picture, seed=3)
    scale = np.divide(unit, picture)
    scaled = audit(boxes * np.tile(scale, 2), points * scale, picture=picture)
    assert scaled.kind == 'unit'
    assert name in scaled.remedy
    alone = audit(boxes, points * scale, picture=picture)
    assert alone.kind in ('unit', 'boxes')


@pytest.mark.parametrize(
    ('number', 'scale'), [(5, 0.4), (20, 0.5), (30, 0.7), (100, 0.75)]
)
def test_labels_of_a_smaller_picture(number, scale):
    boxes, points = garments(number)
    problem = audit(boxes * scale, points * scale)
    assert problem.kind == 'unit'
    assert 'smaller' in problem.remedy


def test_labels_of_a_network_input():
    """Of 224 x 224, and one box that is right."""
    picture = (500, 600)
    boxes, points = garments(20, picture=picture)
    scale = np.divide(224, picture)
    boxes[1:] *= np.tile(scale, 2)
    points[1:] *= scale
    assert audit(boxes, points, picture=picture).kind == 'unit'


def test_hidden_landmarks_may_be_outside():
    boxes, points = garments(50)
    audit = BoxAudit(XYWH)
    for box, visible in zip(boxes.tolist(), points.tolist()):
        audit.add(tuple(box), visible, [(box[0] - 30, box[1])], PICTURE)
    assert audit.problem() is None


def test_most_landmarks_outside():
    audit = BoxAudit(XYWH)
    for box in garments(5)[0].tolist():
        audit.add(tuple(box), [], [(box[0] - 30, box[1])] * 3, PICTURE)
    assert '15 of 15 landmarks outside' in audit.problem().found


def test_one_box_far_from_its_landmark():
    # 100 x 50; the second lies 30 px, 30 % of 100, at its right
    problem = single_problem((10, 10, 110, 60), [(20, 20), (140, 30)])
    assert '30%' in problem.found
    assert single_problem((10, 10, 110, 60), [(20, 20), (134, 30)]) is None
    assert single_problem((10, 10, 110, 60), []) is None
