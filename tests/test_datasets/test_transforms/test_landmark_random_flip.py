import numpy as np
import pytest
from mmpose.registry import TRANSFORMS

from dfa_mm.structures import FLD_SETS


def flip(results, prob=1.0):
    transform = TRANSFORMS.build(
        dict(type='LandmarkRandomFlip', direction='horizontal', prob=prob)
    )
    return transform(results)


@pytest.fixture
def results():
    """A 10 x 8 picture of a skirt, one of each state."""
    return dict(
        img=np.arange(240, dtype=np.uint8).reshape(8, 10, 3),
        img_shape=(8, 10),
        keypoints=np.array([[[1.0, 2], [7, 2], [2, 7], [9, 6]]]),
        keypoints_visible=np.array([[1.0, 1, 0, 0]]),
        landmark_visibility=np.array([[0, 1, 2, -1]]),
        flip_indices=FLD_SETS['lower'].flip_indices,
    )


def test_states_move_with_their_landmarks(results):
    flipped = flip(results)
    # x -> 10 - 1 - x, left <-> right
    assert flipped['keypoints'].tolist() == [[[2, 2], [8, 2], [0, 6], [7, 7]]]
    assert flipped['landmark_visibility'].tolist() == [[1, 0, -1, 2]]
    assert flipped['keypoints_visible'].tolist() == [[1, 1, 0, 0]]


def test_twice_is_the_identity(results):
    before = {k: np.copy(results[k]) for k in results}
    after = flip(flip(results))
    for key, value in before.items():
        np.testing.assert_array_equal(after[key], value)


def test_unflipped_sample_keeps_its_states(results):
    before = results['landmark_visibility'].copy()
    after = flip(results, prob=0.0)
    np.testing.assert_array_equal(after['landmark_visibility'], before)
    assert after['flip'] is False


def test_datasets_without_states_flip_too(results):
    del results['landmark_visibility']
    assert flip(results)['keypoints'][0, 0].tolist() == [2, 2]
