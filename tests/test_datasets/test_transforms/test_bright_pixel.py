"""After any transform a landmark still lies on the pixel it lay on."""

import numpy as np
import pytest
from mmengine.dataset import Compose
from mmpose.registry import TRANSFORMS

from dfa_mm.structures import FLD_SETS

CODEC = dict(type='LandmarkLabel', input_size=(128, 128))
SIDE = 90
# within 25 px of the box's centre (41.5, 46), so that none leaves the crop
POINTS = np.array([[[26.0, 30], [58, 32], [27, 62], [55, 66]]])


def pipeline(*transforms):
    steps = [
        dict(type='GetBBoxCenterScale', padding=1.2),
        *transforms,
        dict(type='TopdownAffine', input_size=CODEC['input_size']),
        dict(type='GenerateTarget', encoder=CODEC),
    ]
    return Compose([TRANSFORMS.build(step) for step in steps])


FLIP = dict(type='LandmarkRandomFlip', direction='horizontal', prob=1.0)
MOVE = dict(
    type='RandomBBoxTransform',
    shift_factor=0.06,
    shift_prob=1.0,
    scale_factor=(0.85, 1.15),
    rotate_factor=20,
    rotate_prob=1.0,
)
CASES = dict(plain=[], flip=[FLIP], move=[MOVE], flip_and_move=[FLIP, MOVE])


def results_with_bright(landmark):
    """A 90 x 90 picture, 0 but for the 3 x 3 pixels round one landmark."""
    image = np.zeros((SIDE, SIDE, 3), np.uint8)
    x, y = POINTS[0, landmark].astype(int)
    image[y - 1 : y + 2, x - 1 : x + 2] = 255
    return dict(
        img=image,
        img_shape=image.shape[:2],
        bbox=np.array([[15.0, 12, 68, 80]]),
        keypoints=POINTS.copy(),
        keypoints_visible=np.ones((1, 4)),
        landmark_visibility=np.array([[0, 1, 0, 1]]),
        flip_indices=FLD_SETS['lower'].flip_indices,
    )


def centroid(image):
    weight = image[..., 0].astype(float)
    rows, columns = np.indices(weight.shape)
    return np.array([(columns * weight).sum(), (rows * weight).sum()]) / (
        weight.sum()
    )


@pytest.mark.parametrize('case', CASES)
@pytest.mark.parametrize('landmark', range(4))
def test_pixel_and_label_coincide(case, landmark):
    np.random.seed(landmark)
    flipped = 'flip' in case
    for _ in range(3):
        out = pipeline(*CASES[case])(results_with_bright(landmark))
        # the left end of a skirt's hem is the right one of its mirror image
        slot = (
            FLD_SETS['lower'].flip_indices[landmark] if flipped else landmark
        )
        assert out['landmark_visibility_labels'][0, slot] == landmark % 2
        # pixel i of 128 lies at (i + 0.5) / 128 - 0.5
        label = (out['keypoint_labels'][0, slot] + 0.5) * 128 - 0.5
        # bilinear weights in 8 bits: a few hundredths of a pixel
        np.testing.assert_allclose(centroid(out['img']), label, atol=0.15)


def test_box_side_fills_the_crop_up_to_the_padding():
    # the box is 53 x 68, its centre (41.5, 46), its square 68 x 1.2 = 81.6;
    # a landmark at (58, 32) is 16.5 right of and 14 above the centre, which
    # is warped to the corner of four pixels, (64, 64)
    out = pipeline()(results_with_bright(0))
    np.testing.assert_allclose(
        out['keypoint_labels'][0, 1],
        [16.5 / 81.6 + 0.5 / 128, -14 / 81.6 + 0.5 / 128],
        atol=1e-6,
    )
