"""The checkpoint that lies in the repository."""

import dfa_mm  # noqa: F401  closes gaps of the stack

# isort: split
import cv2
import numpy as np
import pytest
import torch
from mmpose.apis import MMPoseInferencer

from dfa_mm.apis import (
    LandmarkInferencer,
    default_model_files,
    garment_detector_files,
)
from projects.garment_detector.boxes import iou
from projects.garment_detector.find import (
    CONFIG,
    find_garments,
    load_detector,
    shipped_checkpoint,
)
from projects.garment_detector.negatives import KINDS


@pytest.fixture(scope='module')
def detector():
    return load_detector()


def outfit():
    """A drawn figure in a shirt and trousers, BGR, and their boxes."""
    image = np.full((480, 320, 3), (205, 210, 214), np.uint8)
    skin, shirt, trousers = (150, 175, 215), (60, 60, 190), (110, 60, 40)
    cv2.circle(image, (160, 75), 30, skin, -1)
    sleeves = [[(125, 120), (85, 235), (108, 243), (140, 160)]]
    sleeves.append([(320 - x, y) for x, y in sleeves[0]])
    body = [
        (125, 115),
        (195, 115),
        (202, 150),
        (198, 262),
        (122, 262),
        (118, 150),
    ]
    legs = [
        (122, 262),
        (198, 262),
        (205, 430),
        (172, 430),
        (160, 300),
        (148, 430),
        (115, 430),
    ]
    for arm in sleeves:
        cv2.fillPoly(image, [np.array(arm)], shirt)
    cv2.circle(image, (96, 250), 11, skin, -1)
    cv2.circle(image, (224, 250), 11, skin, -1)
    cv2.fillPoly(image, [np.array(legs)], trousers)
    cv2.fillPoly(image, [np.array(body)], shirt)
    return image, {'upper': (85, 115, 235, 262), 'lower': (115, 262, 205, 430)}


def test_it_is_small_and_holds_every_weight(detector):
    assert shipped_checkpoint().stat().st_size <= 10e6
    stored = torch.load(shipped_checkpoint(), weights_only=True)
    assert set(stored['state_dict']) == set(detector.state_dict())
    assert tuple(detector.dataset_meta['classes']) == (
        'upper',
        'lower',
        'full',
    )


@pytest.mark.parametrize('kind', sorted(KINDS))
def test_no_clothes_no_garment(detector, kind):
    for seed in range(3):
        rng = np.random.default_rng(1000 + seed)
        image = np.clip(KINDS[kind](rng, 240, 300), 0, 255).astype(np.uint8)
        assert len(find_garments(image, detector).boxes) == 0


def test_it_finds_drawn_trousers(detector):
    image, boxes = outfit()
    found = find_garments(image, detector)
    box = found.boxes[found.types.index('lower')]
    assert iou(box, boxes['lower']) > 0.6
    assert (np.diff(found.scores) <= 0).all()


def test_mmpose_takes_it_as_its_detector(detector):
    image, _ = outfit()
    config, checkpoint = default_model_files()
    inferencer = MMPoseInferencer(
        pose2d=str(config),
        pose2d_weights=str(checkpoint),
        det_model=str(CONFIG),
        det_weights=str(shipped_checkpoint()),
        det_cat_ids=(0, 1, 2),
        device='cpu',
    )
    (garments,) = next(inferencer(image))['predictions']
    boxes = sorted(one['bbox'][0] for one in garments)
    expected = sorted(find_garments(image, detector).boxes.tolist())
    np.testing.assert_allclose(boxes, expected, atol=0.1)


def test_the_inferencer_finds_it_and_its_checkpoint(detector):
    files = garment_detector_files()
    assert files == (str(CONFIG), str(shipped_checkpoint()))
    inferencer = LandmarkInferencer(det_model=files[0], device='cpu')
    image, _ = outfit()
    noise = np.random.default_rng(0).integers(0, 256, image.shape, np.uint8)
    (pictures,) = inferencer(
        [image, noise], batch_size=2, return_datasamples=True
    )
    found, nothing = (one.pred_instances for one in pictures['predictions'])
    assert len(nothing) == 0
    expected = find_garments(image, detector)
    np.testing.assert_allclose(found.bboxes, expected.boxes, atol=0.1)
    np.testing.assert_allclose(found.bbox_scores, expected.scores, atol=1e-3)
    classes = detector.dataset_meta['classes']
    assert [classes[code - 1] for code in found.clothes_type] == expected.types


@pytest.mark.parametrize('size', [(2, 6000), (6000, 2), (1, 641)])
def test_of_a_thread_nothing_is_left_to_see(size):
    found = find_garments(np.zeros((*size, 3), np.uint8), None)
    assert found.boxes.shape == (0, 4)
    assert found.types == []
    assert len(found.scores) == 0
