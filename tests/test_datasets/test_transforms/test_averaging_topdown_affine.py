import numpy as np
import pytest
from mmpose.datasets.transforms import TopdownAffine

from dfa_mm.datasets.transforms.averaging_topdown_affine import (
    AveragingTopdownAffine,
    averaging,
)


def results(image, centre, size, keypoints=None):
    content = dict(
        img=image,
        bbox_center=np.array([centre], np.float32),
        bbox_scale=np.array([size], np.float32),
    )
    if keypoints is not None:
        content['keypoints'] = np.array([keypoints], np.float32)
    return content


def test_below_the_limit_it_is_upstream():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (128, 128, 3), np.uint8)
    made = [
        cls(input_size=(16, 16))(results(image, (60, 70), (90, 128)))
        for cls in (AveragingTopdownAffine, TopdownAffine)
    ]
    for key in ('img', 'bbox_scale', 'input_center', 'input_scale'):
        np.testing.assert_array_equal(made[0][key], made[1][key])


@pytest.mark.parametrize('side', [400, 999])
def test_a_bright_patch_and_its_landmark_still_coincide(side):
    image = np.zeros((side, side + 33, 3), np.uint8)
    x, y = side // 2 + 20, side // 3
    reach = side // 40
    image[y - reach : y + reach + 1, x - reach : x + reach + 1] = 255
    given = results(image, (side / 2, side / 2), (side, side), [[x, y]])
    made = AveragingTopdownAffine(input_size=(24, 24))(dict(given))
    weight = made['img'][..., 0].astype(float)
    rows, columns = np.indices(weight.shape)
    found = [(columns * weight).sum(), (rows * weight).sum()] / weight.sum()
    np.testing.assert_allclose(
        found, made['transformed_keypoints'][0, 0], atol=0.25
    )
    upstream = TopdownAffine(input_size=(24, 24))(dict(given))
    np.testing.assert_allclose(
        made['transformed_keypoints'],
        upstream['transformed_keypoints'],
        atol=0.25,
    )
    for key in ('bbox_center', 'input_center', 'input_scale', 'keypoints'):
        np.testing.assert_allclose(made[key], upstream[key], rtol=1e-5)


def test_noise_of_huge_pictures_is_averaged_away():
    rng = np.random.default_rng(0)
    noise = rng.normal(128, 40, (1600, 1600, 1)).clip(0, 255)
    image = np.repeat(noise.astype(np.uint8), 3, axis=2)

    def deviation(cls):
        given = results(image, (800, 800), (1400, 1400))
        return cls(input_size=(16, 16))(given)['img'].std()

    # 1400 to 64 averages 22 x 22 pixels: 40 / 22 = 1.8; upstream picks
    assert deviation(AveragingTopdownAffine) < 2.5
    assert deviation(TopdownAffine) > 15


def test_pipelines_keep_their_other_steps():
    pipeline = [
        dict(type='LoadImage'),
        dict(type='TopdownAffine', input_size=(16, 16)),
        dict(type=TopdownAffine, input_size=(8, 8)),
    ]
    found = averaging(pipeline)
    assert found[0] == pipeline[0]
    assert [step['type'] for step in found[1:]] == 2 * [
        'AveragingTopdownAffine'
    ]
    assert found[1]['input_size'] == (16, 16)
    assert pipeline[1]['type'] == 'TopdownAffine'
