import numpy as np
import pytest

from dfa_mm.datasets.transforms import RandomOcclusion
from dfa_mm.datasets.transforms.random_occlusion import hide


def sample():
    rng = np.random.default_rng(0)
    return dict(
        img=rng.integers(0, 256, (80, 60, 3), dtype=np.uint8),
        bbox=np.array([[10, 10, 50, 70]], dtype=np.float32),
        keypoints=np.array(
            [[[12, 12], [48, 12], [12, 68], [0, 0]]], dtype=np.float32
        ),
        keypoints_visible=np.array([[1, 1, 1, 0]], dtype=np.float32),
        landmark_visibility=np.array([[0, 1, 0, 2]]),
    )


def test_only_visible_landmarks_under_the_mask_become_occluded():
    mask = np.zeros((80, 60), dtype=np.uint8)
    mask[:30] = 1
    given = sample()
    states = hide(given['keypoints'], given['landmark_visibility'], mask)
    assert states.tolist() == [[1, 1, 0, 2]]


def test_landmarks_outside_the_picture_are_not_under_it():
    mask = np.ones((5, 5), dtype=np.uint8)
    outside = np.array([[[-1, 2], [5, 2], [2, np.nan], [4, 4]]])
    assert hide(outside, np.zeros((1, 4), int), mask)[
        0, [0, 1, 3]
    ].tolist() == [
        0,
        0,
        1,
    ]


def test_patches_hide_and_leave_the_given_picture_alone():
    np.random.seed(0)
    hides = RandomOcclusion(prob=1.0, size=(0.3, 0.5))
    changed, hidden = [], []
    for _ in range(50):
        given = sample()
        result = hides(given)
        assert np.array_equal(given['img'], sample()['img'])
        assert np.array_equal(result['keypoints'], given['keypoints'])
        changed.append((result['img'] != given['img']).any(-1).mean())
        hidden.append((result['landmark_visibility'] == 1).sum() - 1)
    # two patches of at most half of 60 pixels, of 60 x 80
    assert min(changed) > 0
    assert max(changed) < 2 * np.pi * 15**2 / 4800
    assert sum(hidden) > 10


def test_it_hides_as_often_as_asked():
    assert np.array_equal(
        RandomOcclusion(prob=0.0)(sample())['img'], sample()['img']
    )
    with pytest.raises(ValueError, match='prob'):
        RandomOcclusion(prob=-1)
