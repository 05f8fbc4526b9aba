import numpy as np
import pytest
from mmpose.registry import KEYPOINT_CODECS

from dfa_mm.codecs import LandmarkLabel

WIDTH, HEIGHT = 200, 100


@pytest.fixture
def codec():
    return KEYPOINT_CODECS.build(
        dict(type='LandmarkLabel', input_size=(WIDTH, HEIGHT))
    )


def encode(codec, points, states=None):
    points = np.array([points], dtype=float)
    states = None if states is None else np.array([states])
    return codec.encode(points, landmark_visibility=states)


def test_positions_by_hand(codec):
    # (49.5 + 0.5) / 200 - 0.5 = -0.25, (74.5 + 0.5) / 100 - 0.5 = 0.25; the
    # middle, between two pixels; the outer corners of two corner pixels
    points = [[49.5, 74.5], [99.5, 49.5], [-0.5, -0.5], [199.5, 99.5]]
    encoded = encode(codec, points)
    assert encoded['keypoint_labels'].tolist() == [
        [[-0.25, 0.25], [0, 0], [-0.5, -0.5], [0.5, 0.5]]
    ]
    assert encoded['keypoint_weights'].tolist() == [[1, 1, 1, 1]]


def test_decode_by_hand(codec):
    points, scores = codec.decode(np.array([[[-0.25, 0.25], [0.6, -0.5]]]))
    # 0.25 x 200, 0.75 x 100; 1.1 x 200, 0; less half a pixel
    np.testing.assert_allclose(points, [[[49.5, 74.5], [219.5, -0.5]]])
    assert scores.tolist() == [[1, 1]]


def test_decode_inverts_encode(codec):
    points = np.random.default_rng(0).uniform(-50, 250, (3, 6, 2))
    found, _ = codec.decode(codec.encode(points)['keypoint_labels'])
    # float32 labels: half a unit in the last place of 1, times 200 px
    np.testing.assert_allclose(found, points, atol=200 * 2**-23)


def test_three_states_and_absence(codec):
    states = [0, 1, 2, -1]
    encoded = encode(codec, [[10, 10]] * 4, states)
    assert encoded['keypoint_weights'].tolist() == [[1, 1, 0, 0]]
    assert encoded['landmark_visibility_labels'].tolist() == [states]


def test_moved_out_of_the_crop_counts_as_truncated(codec):
    # the frame round the crop is 0.1 x 200 = 20 px wide and 10 px high
    points = [[-19, 50], [-21, 50], [100, 109], [100, 111]]
    encoded = encode(codec, points, [0, 0, 1, 1])
    assert encoded['keypoint_weights'].tolist() == [[1, 0, 1, 0]]
    assert encoded['landmark_visibility_labels'].tolist() == [[0, 2, 1, 2]]


def test_absent_stays_absent_wherever_its_placeholder_lies(codec):
    encoded = encode(codec, [[-900, -900], [-900, -900]], [-1, 2])
    assert encoded['landmark_visibility_labels'].tolist() == [[-1, 2]]


def test_margin_zero_is_the_crop_itself():
    codec = LandmarkLabel((WIDTH, HEIGHT), margin=0)
    encoded = encode(
        codec, [[-0.5, -0.5], [199.5, 99.5], [200, 50]], [0, 0, 0]
    )
    assert encoded['keypoint_weights'].tolist() == [[1, 1, 0]]


def test_datasets_without_states_have_visible_and_truncated(codec):
    encoded = codec.encode(
        np.full((1, 2, 2), 50.0), keypoints_visible=np.array([[1.0, 0.0]])
    )
    assert encoded['landmark_visibility_labels'].tolist() == [[0, 2]]
    assert encoded['keypoint_weights'].tolist() == [[1, 0]]


def test_states_win_over_mmposes_two(codec):
    encoded = codec.encode(
        np.full((1, 2, 2), 50.0),
        keypoints_visible=np.ones((1, 2)),
        landmark_visibility=np.array([[1, -1]]),
    )
    assert encoded['landmark_visibility_labels'].tolist() == [[1, -1]]


def test_input_is_not_edited(codec):
    points, states = np.full((1, 1, 2), -500.0), np.array([[0]])
    codec.encode(points, landmark_visibility=states)
    assert points.tolist() == [[[-500, -500]]]
    assert states.tolist() == [[0]]


def test_label_types_suit_the_losses(codec):
    encoded = encode(codec, [[1, 2]], [0])
    assert encoded['keypoint_labels'].dtype == np.float32
    assert encoded['keypoint_weights'].dtype == np.float32
    assert encoded['landmark_visibility_labels'].dtype == np.int64


def test_frame_of_older_checkpoints():
    codec = LandmarkLabel((WIDTH, HEIGHT), pixel_centre=0.0)
    labels = encode(codec, [[50, 75]])['keypoint_labels']
    # 50 / 200 - 0.5 and 75 / 100 - 0.5
    assert labels.tolist() == [[[-0.25, 0.25]]]
    assert codec.decode(labels)[0].tolist() == [[[50, 75]]]
    with pytest.raises(ValueError, match='pixel_centre 0.25'):
        LandmarkLabel((WIDTH, HEIGHT), pixel_centre=0.25)


def test_negative_margin_is_refused():
    with pytest.raises(ValueError, match='-0.1'):
        LandmarkLabel((8, 8), margin=-0.1)
