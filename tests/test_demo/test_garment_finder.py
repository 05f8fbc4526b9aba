from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from mmengine.registry import DefaultScope
from mmpose.apis import inference_topdown

from dfa_mm.apis import InputError, find_landmarks, load_model
from dfa_mm.structures import FLD_SETS
from projects.commands.garments import GarmentFinder, garment_labels

IMAGE = np.random.default_rng(0).integers(0, 256, (90, 60, 3), np.uint8)
TOP, SKIRT = [10.0, 5, 50, 45], [12.0, 40, 48, 85]
SEEN = SimpleNamespace(
    # the last one lies beside the picture
    boxes=np.array([TOP, SKIRT, [0, 0, 0, 9]], np.float32),
    types=['upper', 'lower', 'upper'],
    scores=np.array([0.75, 0.5, 0.4], np.float32),
)
NOTHING = SimpleNamespace(boxes=np.zeros((0, 4)), types=[], scores=np.zeros(0))


@pytest.fixture(scope='module')
def model(cascade):
    return load_model(cascade.config, cascade.checkpoint)


@pytest.fixture
def detector(monkeypatch):
    """Sees :data:`SEEN`, or what is put in ``seen``; counts its pictures."""

    class Detector:
        seen, asked = SEEN, 0

    def find(image, detector):
        detector.asked += 1
        return detector.seen

    monkeypatch.setattr('projects.commands.garments.find_garments', find)
    return Detector()


def assert_same(pred, expected):
    np.testing.assert_allclose(pred.keypoints, expected.keypoints, atol=1e-3)
    np.testing.assert_array_equal(
        pred.landmark_visibility, expected.landmark_visibility
    )


def test_every_garment_as_if_its_box_and_type_were_given(model, detector):
    found = GarmentFinder(model, detector)(IMAGE)
    assert [one.type for one in found] == ['upper', 'lower']
    assert [one.score for one in found] == [0.75, 0.5]
    for garment, box in zip(found, (TOP, SKIRT)):
        assert garment.box.tolist() == box
        alone = find_landmarks(model, IMAGE, box, garment.type)
        assert_same(garment.landmarks, alone)


def test_the_type_reaches_the_pipeline(model, detector, monkeypatch):
    told = []

    def predict(model, crops):
        told.extend(crop['data_samples'].get('clothes_type') for crop in crops)
        return []

    monkeypatch.setattr('dfa_mm.apis.landmarks.predict', predict)
    find = GarmentFinder(model, detector)
    find(IMAGE)
    replace(find, boxes=[TOP])(IMAGE)
    replace(find, boxes=[TOP], clothes_type='full')(IMAGE)
    assert told == [1, 2, None, 3]


def test_nothing_seen(model, detector):
    detector.seen = NOTHING
    find = GarmentFinder(model, detector)
    assert find(IMAGE) == []
    assert find.nothing_found('sea.jpg') == 'no garment found in sea.jpg'
    top = replace(find, clothes_type='upper')
    assert top.nothing_found('a.jpg') == 'no upper garment found in a.jpg'
    # the picture as it was, but for its size
    assert find.draw(IMAGE, []).shape == (384, 256, 3)
    assert find.draw(IMAGE, [], stages=True).shape == (384, 256, 3)


def test_one_type_only(model, detector):
    find = GarmentFinder(model, detector, clothes_type='lower')
    (skirt,) = find(IMAGE)
    assert skirt.box.tolist() == SKIRT


def test_given_boxes_are_believed(model, detector):
    find = GarmentFinder(model, detector, boxes=[SKIRT, TOP])
    found = find(IMAGE)
    assert detector.asked == 0
    assert [one.box.tolist() for one in found] == [SKIRT, TOP]
    assert [one.score for one in found] == [1, 1]
    # this model does not say which landmarks there are
    assert [one.type for one in found] == [None, None]
    (top,) = replace(find, boxes=[TOP], clothes_type='upper')(IMAGE)
    assert top.type == 'upper'
    assert_same(top.landmarks, find_landmarks(model, IMAGE, TOP, 'upper'))


def test_the_whole_picture(model, detector):
    find = GarmentFinder(model, detector, whole=True, closer_look=False)
    (found,) = find(IMAGE)
    assert detector.asked == 0
    assert found.box.tolist() == [0, 0, 60, 90]
    assert not find.shows_boxes
    (sample,) = inference_topdown(model, IMAGE)
    np.testing.assert_allclose(
        found.landmarks.keypoints, sample.pred_instances.keypoints, atol=1e-3
    )


def test_a_model_of_one_type_is_asked_about_no_other(upper_cascade, detector):
    model = load_model(upper_cascade.config, upper_cascade.checkpoint)
    find = GarmentFinder(model, detector)
    (top,) = find(IMAGE)
    assert top.type == 'upper'
    assert top.landmarks.keypoints.shape == (1, len(FLD_SETS['upper']), 2)
    with pytest.raises(InputError, match='landmarks of lower clothes'):
        replace(find, clothes_type='lower')


def test_whatever_scope_the_detector_leaves(model, detector):
    with DefaultScope.overwrite_default_scope('mmdet'):
        assert len(GarmentFinder(model, detector)(IMAGE)) == 2


def test_labels_tell_garments_apart(model, detector):
    top, skirt = GarmentFinder(model, detector)(IMAGE)
    assert garment_labels([top, skirt]) == ['upper', 'lower']
    unknown = top._replace(type=None)
    assert garment_labels([skirt, top, skirt, unknown]) == [
        'lower 1',
        'upper',
        'lower 2',
        'garment',
    ]
    assert garment_labels([skirt._replace(track=3)]) == ['lower 3']
