import numpy as np
import pytest
from mmengine.structures import InstanceData
from mmpose.apis import inference_topdown, init_model

from dfa_mm.apis import InputError, complete, find_landmarks, look_closer
from dfa_mm.apis.landmarks import box_round_landmarks, clip_box
from dfa_mm.structures import Visibility

PICTURE = np.zeros((200, 100, 3), np.uint8)
PHOTO = np.zeros((50, 80, 3), np.uint8)
SEEN, HIDDEN, CUT, ABSENT = (
    int(Visibility[name])
    for name in ('VISIBLE', 'OCCLUDED', 'TRUNCATED', 'ABSENT')
)


def garment(points, states):
    points = np.array([points], float)
    return complete(
        InstanceData(
            keypoints=points,
            keypoint_scores=np.ones(points.shape[:2]),
            landmark_visibility=np.array([states]),
        )
    )


def test_box_is_widened_and_stays_in_the_picture():
    pred = garment(
        [[20, 40], [60, 40], [40, 195], [99, 199]], [SEEN, SEEN, HIDDEN, CUT]
    )
    # 20 to 60 and 40 to 195 without the one that is cut off; a tenth of 40
    # and of 155 more on every side, at most to 200
    box = box_round_landmarks(pred, PICTURE, margin=0.1)
    assert box.tolist() == [16, 24.5, 64, 200]


@pytest.mark.parametrize(
    ('points', 'states'),
    [
        # two landmarks
        ([[20, 40], [60, 90], [0, 0]], [SEEN, SEEN, ABSENT]),
        # 10 pixels wide, 11 with the margin; a sixteenth of 200 is 12.5
        ([[20, 40], [30, 90], [25, 90]], [SEEN, SEEN, SEEN]),
        # beside the picture
        ([[120, 40], [180, 90], [150, 90]], [SEEN, SEEN, SEEN]),
    ],
)
def test_landmarks_that_do_not_tell(points, states):
    pred = garment(points, states)
    assert box_round_landmarks(pred, PICTURE, margin=0) is None
    # nobody is asked
    assert look_closer(None, PICTURE, pred) is pred


def test_boxes_are_cut_at_the_border():
    assert clip_box(None, PHOTO).tolist() == [0, 0, 80, 50]
    assert clip_box([10, 20, 30, 40], PHOTO).tolist() == [10, 20, 30, 40]
    assert clip_box([-9, 20, 30, 99], PHOTO).tolist() == [0, 20, 30, 50]


@pytest.mark.parametrize(
    'box',
    [
        (50, 20, 40, 45),  # x, y, width, height by mistake
        (10, 10, 10, 40),
        (90, 0, 99, 40),
        (float('nan'), 0, 10, 40),
    ],
)
def test_refuses_a_box_without_pixels(box):
    with pytest.raises(InputError, match='picture a.jpg, which is 80 x 50'):
        clip_box(box, PHOTO, 'a.jpg')


def test_refuses_another_number_of_numbers():
    with pytest.raises(InputError, match='x1 y1 x2 y2, not'):
        clip_box([1, 2, 3], PHOTO)


@pytest.fixture
def model(cascade):
    return init_model(cascade.config, cascade.checkpoint, device='cpu')


def ask(model, image, box):
    boxes = np.array([box], np.float32)
    return inference_topdown(model, image, boxes)[0].pred_instances


@pytest.fixture
def upper_left(monkeypatch):
    """Whatever is found, the garment is said to be there."""
    box = np.array([0, 0, 60, 60], np.float32)
    monkeypatch.setattr(
        'dfa_mm.apis.landmarks.box_round_landmarks', lambda *_: box
    )
    return box


def test_looks_where_the_garment_was_found(model, image, upper_left):
    found = find_landmarks(model, image)
    height, width = image.shape[:2]
    first = ask(model, image, [0, 0, width, height])
    second = ask(model, image, upper_left)
    np.testing.assert_allclose(found.bboxes, upper_left[None])
    for field in ('keypoints', 'stage_keypoints'):
        mean = (first[field] + second[field]) / 2
        np.testing.assert_allclose(found[field], mean, atol=1e-3)
    np.testing.assert_allclose(
        found.visibility_scores, second.visibility_scores, atol=1e-4
    )


@pytest.mark.parametrize('closer_look', [True, False])
def test_a_box_is_believed(model, image, upper_left, closer_look):
    box = (10, 20, 90, 100)
    found = find_landmarks(model, image, box, closer_look=closer_look)
    np.testing.assert_allclose(found.bboxes, [box])


def test_no_closer_look(model, image, upper_left):
    found = find_landmarks(model, image, closer_look=False)
    height, width = image.shape[:2]
    np.testing.assert_allclose(found.bboxes, [[0, 0, width, height]])
