"""What happens to the picture happens to the landmarks.

From a picture and boxes to landmarks, through the test pipeline and a tiny
cascade of random weights, as the demos call it. Positions are pixels of the
picture, whose centres are whole numbers.
"""

import cv2
import numpy as np
import pytest
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from tiny_cascade import CROP, LOWER

from dfa_mm.apis.landmarks import find_landmarks_in_boxes, preprocess

HEIGHT, WIDTH = 96, 120
# The first is as large as the crop, the last three and a half times.
BOXES = np.array(
    [
        [20, 30, 36, 46],
        [64, 30, 88, 54],
        [8, 48, 48, 88],
        [50, 10, 106, 66],
    ],
    float,
)
EXACT = 1e-3  # pixels: float32 within a crop of some 50 of them
PIPELINE = [
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='TopdownAffine', input_size=(CROP, CROP)),
    dict(type='PackLandmarkInputs'),
]


@pytest.fixture(scope='module')
def picture():
    """Smooth, so that between its pixels lies what one expects there."""
    noise = np.random.default_rng(0).uniform(0, 255, (HEIGHT, WIDTH, 3))
    smooth = cv2.GaussianBlur(noise, (0, 0), 4)
    smooth = (smooth - smooth.min()) / (smooth.max() - smooth.min())
    return (255 * smooth).astype(np.uint8)


@pytest.fixture
def model(make_model, picture):
    model = make_model(
        data_preprocessor=dict(
            type='mmpose.PoseDataPreprocessor', mean=[128] * 3, std=[64] * 3
        ),
        test_cfg=dict(flip_test=True),
    ).eval()
    model.cfg = Config(
        dict(test_dataloader=dict(dataset=dict(pipeline=PIPELINE)))
    )
    model.dataset_meta = LOWER.metainfo()
    # half of the boxes to each branch
    crops = pseudo_collate(preprocess(model, picture, BOXES))
    inputs = model.data_preprocessor(crops)['inputs']
    label = model.forward_finished(inputs)[-1].pseudo_label
    model.router.calibrate(label, model.stages[1].pseudo_label.errors)
    return model


def look(model, picture, boxes=BOXES):
    """Landmarks (N, K, 2), states (N, K) and branches (N,)."""
    found = find_landmarks_in_boxes(model, picture, boxes, [None] * len(boxes))
    return (
        np.concatenate([each.keypoints for each in found]),
        np.concatenate([each.landmark_visibility for each in found]),
        np.concatenate([each.branch for each in found]),
    )


def assert_same(found, expected, tolerance=EXACT):
    np.testing.assert_allclose(found[0], expected[0], atol=tolerance, rtol=0)
    np.testing.assert_array_equal(found[1], expected[1])
    np.testing.assert_array_equal(found[2], expected[2])


def test_garments_are_told_apart(model, picture):
    """Else the tests below would compare nothing with nothing."""
    places, states, branches = look(model, picture)
    inside = (places - BOXES[:, None, :2]) / (BOXES[:, 2:] - BOXES[:, :2])[
        :, None
    ]
    assert inside.std(0).min() > 0.01
    assert len(np.unique(states)) > 1
    assert sorted(branches) == [0, 0, 1, 1]


def test_one_by_one_is_all_together(model, picture):
    alone = [look(model, picture, BOXES[n : n + 1]) for n in range(4)]
    alone = [np.concatenate(parts) for parts in zip(*alone)]
    assert_same(look(model, picture), alone)


@pytest.mark.parametrize('order', [[3, 2, 1, 0], [2, 0, 3, 1]])
def test_order_of_the_garments_does_not_matter(model, picture, order):
    found = look(model, picture, BOXES[order])
    assert_same(found, [each[order] for each in look(model, picture)])


def test_another_garment_in_the_picture_does_not_matter(model, picture):
    painted = picture.copy()
    painted[:30, :40] = 255 - painted[:30, :40]
    assert_same(look(model, painted), look(model, picture))


@pytest.mark.parametrize('shift', [(7, 0), (0, 13), (31, 22)])
def test_shifted_picture_gives_shifted_landmarks(model, picture, shift):
    x, y = shift
    larger = np.zeros((HEIGHT + y + 5, WIDTH + x + 9, 3), np.uint8)
    larger[y : y + HEIGHT, x : x + WIDTH] = picture
    places, *rest = look(model, picture)
    found = look(model, larger, BOXES + (x, y, x, y))
    assert_same(found, [places + shift, *rest])


@pytest.mark.parametrize('scale', [2, 3])
def test_scaled_picture_gives_scaled_landmarks(model, picture, scale):
    size = (WIDTH * scale, HEIGHT * scale)
    larger = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)

    def scaled(pixels):
        return (pixels + 0.5) * scale - 0.5

    places, *rest = look(model, picture)
    found = look(model, larger, scaled(BOXES))
    # half a pixel of the small picture: colours are rounded twice
    assert_same(found, [scaled(places), *rest], 0.5 * scale)


def test_mirrored_picture_gives_mirrored_landmarks(model, picture):
    # Mirroring takes pixel i to W - 1 - i. MMPose's affine takes the middle
    # of a box to pixel w / 2 of the crop, half a pixel right of its middle:
    # for the mirrored crop, the mirrored box lies a pixel of the crop's, in
    # pixels of the picture, further right.
    x1, y1, x2, y2 = BOXES.T
    crop_pixel = (x2 - x1) / CROP
    left, right = (WIDTH - 1 - x + crop_pixel for x in (x2, x1))
    found = look(
        model, picture[:, ::-1].copy(), np.stack([left, y1, right, y2], 1)
    )
    places, states, _ = look(model, picture)
    swapped = list(LOWER.flip_indices)
    places = places[:, swapped] * (-1, 1) + (WIDTH - 1, 0)
    # of the two looks, each is routed by itself and the first one's is told
    assert_same(found, (places, states[:, swapped], found[2]))
