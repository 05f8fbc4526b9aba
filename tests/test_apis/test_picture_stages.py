import numpy as np
import pytest
from mmengine.structures import InstanceData

from dfa_mm.apis import at_stage, landmark_rows, stage_rows
from dfa_mm.structures import FLD_SETS

META = FLD_SETS['lower'].metainfo()  # 4 landmarks


@pytest.fixture
def pred():
    """Two stages: in the first, all is at x = 1 and the last is cut off."""
    stages = np.stack([np.full((4, 2), 1.0), np.full((4, 2), 2.0)])[None]
    states = np.array([[[0, 0, 1, 2], [0, 1, 1, 0]]])
    scores = np.full((1, 4, 3), 0.1)
    scores[0, range(4), states[0, 1]] = 0.8
    return InstanceData(
        keypoints=stages[:, 1],
        keypoint_scores=np.ones((1, 4)),
        landmark_visibility=states[:, 1],
        visibility_scores=scores,
        stage_keypoints=stages,
        stage_visibility=states,
        bboxes=np.array([[0.0, 0, 8, 8]]),
    )


def test_landmarks_and_states_of_the_stage(pred):
    first = at_stage(pred, 1)
    np.testing.assert_array_equal(first.keypoints, np.ones((1, 4, 2)))
    np.testing.assert_array_equal(first.landmark_visibility, [[0, 0, 1, 2]])
    # the prediction itself is left as it was
    np.testing.assert_array_equal(pred.keypoints, np.full((1, 4, 2), 2))
    np.testing.assert_array_equal(pred.landmark_visibility, [[0, 1, 1, 0]])


def test_everything_goes_with_a_resized_picture(pred):
    last = at_stage(pred, 2, factor=0.5)
    np.testing.assert_array_equal(last.keypoints, np.ones((1, 4, 2)))
    np.testing.assert_array_equal(last.bboxes, [[0, 0, 4, 4]])


def test_rows_of_the_last_stage_are_the_landmarks(pred):
    assert stage_rows(pred, META, 2) == landmark_rows(pred, META)


def test_only_the_last_stage_tells_probabilities(pred):
    rows = stage_rows(pred, META, 1)
    assert [row['probability'] for row in rows] == [None] * 4
    assert [row['x'] for row in rows] == [1, 1, 1, None]
    assert [row['state'] for row in rows] == [
        'visible',
        'visible',
        'occluded',
        'cut off',
    ]
