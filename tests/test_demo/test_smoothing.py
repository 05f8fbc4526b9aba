import numpy as np
import pytest
from mmengine.structures import InstanceData

from projects.commands.smoothing import LandmarkSmoother, OneEuroFilter

FPS = 25


def run(filter_, values):
    return np.array([filter_(v, i / FPS) for i, v in enumerate(values)])


def test_by_hand():
    # tau = 1 / (2 pi 1 Hz); a step of tau: half of the new, half of the old
    step = 1 / (2 * np.pi)
    low_pass = OneEuroFilter(beta=0)
    found = [low_pass(np.array(v), i * step) for i, v in enumerate([4, 8, 8])]
    np.testing.assert_allclose(found, [4, 6, 7])


def test_speed_opens_it():
    # speed: 4 / tau, halved by its own filter: 2 / tau = 4 pi;
    # cut-off 1 + 0.5 / pi * 4 pi = 3 Hz; factor 3 / (3 + 1)
    step = 1 / (2 * np.pi)
    filter_ = OneEuroFilter(beta=0.5 / np.pi)
    filter_(np.array(4.0), 0.0)
    assert filter_(np.array(8.0), step) == pytest.approx(4 + 0.75 * 4)


def test_rest_is_calm_and_movement_is_followed():
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.01, (200, 1000))
    calm = run(OneEuroFilter(), noise)[50:]
    assert calm.std() < 0.5 * noise.std()
    moving = np.arange(200) / FPS * 0.5  # half a box length a second
    late = (moving - run(OneEuroFilter(), moving))[100:]
    assert (late < 0.06 * 0.5).all()


def test_refuses_time_that_stands_still():
    filter_ = OneEuroFilter()
    filter_(np.zeros(2), 1.0)
    with pytest.raises(ValueError, match='step in time of 0.0'):
        filter_(np.zeros(2), 1.0)


def prediction(points, scores, box=(0, 0, 100, 50)):
    """One garment of three stages and two landmarks."""
    stages = np.asarray(points, float).reshape(1, 1, 2, 2).repeat(3, axis=1)
    states = np.argmax(scores, axis=-1)[None]
    return InstanceData(
        keypoints=stages[:, -1],
        keypoint_scores=1 - np.asarray(scores)[None, :, 2],
        bboxes=np.array([box], float),
        stage_keypoints=stages,
        stage_visibility=states[:, None].repeat(3, axis=1),
        landmark_visibility=states,
        visibility_scores=np.asarray(scores, float)[None],
        branch=np.array([1]),
    )


SEEN, CUT = [0.8, 0.1, 0.1], [0.1, 0.1, 0.8]


def test_one_frame_of_doubt_does_not_switch_a_state():
    smooth = LandmarkSmoother()
    frames = [SEEN] * 5 + [CUT] + [SEEN] * 5 + [CUT] * 25
    states = []
    for i, scores in enumerate(frames):
        given = prediction([[1, 2], [3, 4]], [scores, SEEN])
        found = smooth(given, i / FPS)
        states.append(found.landmark_visibility[0, 0])
        np.testing.assert_allclose(found.visibility_scores.sum(-1), 1)
        assert found.stage_visibility[0, -1, 0] == states[-1]
        assert found.stage_visibility[0, 0, 0] == np.argmax(scores)
    assert not any(states[:11])
    assert states[-1] == 2
    np.testing.assert_allclose(
        found.keypoint_scores, 1 - found.visibility_scores[..., 2]
    )


def test_states_follow_a_calibrated_decision():
    one = prediction([[1, 2], [3, 4]], [[0.6, 0.3, 0.1]] * 2)
    # ln 3 counts .3 three times: .9 against .6
    one.visibility_biases = np.log([[1.0, 3, 1]])
    found = LandmarkSmoother()(one, 0.0)
    np.testing.assert_array_equal(found.landmark_visibility, [[1, 1]])
    np.testing.assert_allclose(found.visibility_scores[0, 0], [0.6, 0.3, 0.1])


def test_what_a_garment_does_not_have_stays_absent():
    smooth = LandmarkSmoother()
    for i in range(3):
        given = prediction([[1, 2], [3, 4]], [SEEN, SEEN])
        given.presence_scores = np.array([[0.75, 0.25]])
        found = smooth(given, i / FPS)
        assert found.landmark_visibility[0].tolist() == [0, -1]
        np.testing.assert_allclose(
            found.keypoint_scores[0], [0.75 * 0.9, 0.25 * 0.9]
        )


def test_large_pictures_are_smoothed_as_small_ones():
    points = np.random.default_rng(0).uniform(0, 50, (20, 2, 2))

    def smoothed(factor):
        smooth = LandmarkSmoother()
        box = np.array([0, 0, 100, 50]) * factor
        return [
            smooth(prediction(p * factor, [SEEN, SEEN], box), i / FPS)
            for i, p in enumerate(points)
        ]

    small, large = smoothed(1), smoothed(30)
    for a, b in zip(small, large):
        np.testing.assert_allclose(a.stage_keypoints * 30, b.stage_keypoints)
        np.testing.assert_array_equal(a.keypoints, a.stage_keypoints[:, -1])


def test_the_given_prediction_is_not_changed():
    smooth = LandmarkSmoother()
    smooth(prediction([[0, 0], [0, 0]], [SEEN, SEEN]), 0.0)
    given = prediction([[50, 40], [3, 4]], [CUT, SEEN])
    found = smooth(given, 0.04)
    assert given.keypoints[0, 0].tolist() == [50, 40]
    assert given.landmark_visibility.tolist() == [[2, 0]]
    assert given.stage_visibility[0, -1].tolist() == [2, 0]
    assert (found.keypoints[0, 0] < [50, 40]).all()
    np.testing.assert_array_equal(given.bboxes, found.bboxes)
    assert found.branch == given.branch


def test_the_box_is_smoothed_as_a_landmark():
    smooth = LandmarkSmoother()
    for i, left in enumerate((0, 8, 3)):
        box = left, 0, 100 + left, 50
        found = smooth(prediction([[left, 0], [3, 4]], [SEEN, SEEN], box), i)
        corner = found.bboxes[0, :2].tolist()
        assert corner == pytest.approx(found.keypoints[0, 0].tolist())
