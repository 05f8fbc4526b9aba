from types import SimpleNamespace

import numpy as np
import pytest

from dfa_mm.apis import find_landmarks, load_model
from dfa_mm.structures import FLD_SETS
from projects.commands.dfa import read
from projects.commands.following import (
    GarmentFollower,
    overlap,
    tracker_of,
)
from projects.commands.garments import GarmentFinder, Garments
from projects.commands.smoothing import LandmarkSmoother

FPS = 10
IMAGE = np.random.default_rng(0).integers(0, 256, (90, 60, 3), np.uint8)
TOP, SKIRT = [10.0, 5, 50, 45], [12.0, 40, 48, 85]
BOTH = (TOP, 'upper', 0.9), (SKIRT, 'lower', 0.8)


@pytest.fixture(scope='module')
def model(cascade):
    return load_model(cascade.config, cascade.checkpoint)


@pytest.fixture
def detector(monkeypatch):
    """Sees what is put in ``seen``, above its threshold; counts frames."""
    settings = SimpleNamespace(score_thr=0.5)
    detector = SimpleNamespace(
        asked=0, seen=BOTH, bbox_head=SimpleNamespace(test_cfg=settings)
    )

    def find(image, detector):
        detector.asked += 1
        kept = [g for g in detector.seen if g[2] > settings.score_thr]
        boxes, types, scores = zip(*kept) if kept else ((), (), ())
        boxes = np.array(boxes, np.float32).reshape(-1, 4)
        return Garments(boxes, list(types), np.array(scores))

    monkeypatch.setattr('projects.commands.garments.find_garments', find)
    return detector


@pytest.fixture
def follower(model, detector):
    def make(detect_every=1, smooth=False, **options):
        find = GarmentFinder(model, detector, **options)
        tracker = tracker_of(detector) if find.detects else None
        return GarmentFollower(find, tracker, detect_every, smooth)

    return make


def numbers(garments):
    return [(one.track, one.type) for one in garments]


def moved(garments, path):
    return [(np.add(box, path * 2), *rest) for box, *rest in garments]


def noise(seed):
    return np.random.default_rng(seed).integers(0, 256, IMAGE.shape, np.uint8)


def test_numbers_stay_though_others_are_surer(follower, detector):
    follow = follower()
    first = follow(IMAGE, 'a', 0.0)
    assert numbers(first) == [(1, 'upper'), (2, 'lower')]
    detector.seen = [(SKIRT, 'lower', 0.95), (TOP, 'upper', 0.55)]
    found = follow(IMAGE, 'a', 0.1)
    assert numbers(found) == numbers(first)
    assert [one.score for one in found] == [0.55, 0.95]


def test_landmarks_as_in_a_picture(follower, model):
    for one, (box, kind, _) in zip(follower()(IMAGE, 'a', 0.0), BOTH):
        alone = find_landmarks(model, IMAGE, box, kind)
        np.testing.assert_allclose(
            one.landmarks.keypoints, alone.keypoints, atol=1e-3
        )


def test_a_known_garment_is_seen_below_the_threshold(follower, detector):
    follow = follower()
    detector.seen = [(TOP, 'upper', 0.4)]
    assert follow(IMAGE, 'a', 0.0) == []  # nothing new at 0.4
    detector.seen = BOTH
    follow(IMAGE, 'a', 0.1)
    detector.seen = [(TOP, 'upper', 0.4), ([0, 60, 9, 80], 'upper', 0.4)]
    assert numbers(follow(IMAGE, 'a', 0.2)) == [(1, 'upper')]


def test_missed_and_seen_again(follower, detector):
    follow = follower(smooth=True)
    follow(IMAGE, 'a', 0.0)
    detector.seen = BOTH[:1]
    assert numbers(follow(IMAGE, 'a', 0.1)) == [(1, 'upper')]
    detector.seen = BOTH
    found = follow(IMAGE, 'a', 0.2)
    assert numbers(found) == [(1, 'upper'), (2, 'lower')]


def test_between_detections_boxes_go_on(follower, detector):
    follow = follower(detect_every=2)
    for frame in range(4):
        detector.seen = moved(BOTH, [frame, 0])
        found = follow(IMAGE, 'a', frame / FPS)
        assert numbers(found) == [(1, 'upper'), (2, 'lower')]
        # still at first; known from two detections on
        path = 0 if frame == 1 else frame
        np.testing.assert_allclose(
            found[0].box, np.add(TOP, [path, 0, path, 0]), atol=1e-4
        )
    assert detector.asked == 2


def test_what_leaves_between_detections_is_gone(follower, detector):
    follow = follower(detect_every=2)
    for frame, left in ((0, 10), (2, 20)):  # 50 pixels a second
        detector.seen = [([left, 5, left + 40, 45], 'upper', 0.9)]
        follow(IMAGE, 'a', frame / FPS)
        if frame == 0:
            assert len(follow(IMAGE, 'a', 1 / FPS)) == 1
    assert follow(IMAGE, 'a', 0.2 + 0.81) == []  # at 20 + 50 * 0.81


def test_given_boxes_are_numbered_in_their_order(follower, detector):
    follow = follower(boxes=[SKIRT, TOP])
    for frame in range(2):
        found = follow(IMAGE, 'a', frame / FPS)
        assert [one.track for one in found] == [1, 2]
        assert found[0].box.tolist() == SKIRT
    assert detector.asked == 0
    (whole,) = follower(whole=True, closer_look=False)(IMAGE, 'a', 0.0)
    assert whole.track == 1


def test_every_garment_is_smoothed_by_itself(follower, detector, model):
    follow = follower(smooth=True)
    smoothers = {'upper': LandmarkSmoother(), 'lower': LandmarkSmoother()}
    for frame in range(4):
        # which is the surer changes from frame to frame
        scores = (0.9, 0.8) if frame % 2 else (0.8, 0.9)
        detector.seen = [(*g[:2], s) for g, s in zip(BOTH, scores)]
        found = follow(noise(frame), 'a', frame / FPS)
        assert len(found) == 2
        for one in found:
            box = TOP if one.type == 'upper' else SKIRT
            raw = find_landmarks(model, noise(frame), box, one.type)
            expected = smoothers[one.type](raw, frame / FPS)
            np.testing.assert_allclose(
                one.landmarks.keypoints, expected.keypoints, atol=1e-3
            )
            states = one.landmarks.landmark_visibility[0]
            names = FLD_SETS['all'].landmarks
            kept = [n for n, state in zip(names, states) if state >= 0]
            assert kept == list(FLD_SETS[one.type].landmarks)


def test_who_comes_back_late_is_not_smoothed_with_before(follower, detector):
    follow = follower(smooth=True)
    follow(IMAGE, 'a', 0.0)
    detector.seen = ()
    assert follow(IMAGE, 'a', 1.1) == []
    detector.seen = BOTH
    found = follow(IMAGE, 'a', 1.2)
    assert numbers(found) == [(3, 'upper'), (4, 'lower')]
    assert set(follow._smoothers) == {3, 4}


def test_every_frame_is_drawn_in_one_size(follower, detector):
    follow = follower()
    sizes = {False: set(), True: set()}
    for frame, seen in enumerate((BOTH, (), BOTH[:1])):
        detector.seen = seen
        found = follow(IMAGE, 'a', 2.0 * frame)
        for stages in sizes:
            sizes[stages].add(follow.draw(IMAGE, found, stages).shape)
    # enlarged to 384 pixels; three panels of 320 x 480, two gaps of 4
    assert sizes[False] == {(384, 256, 3)}
    ((height, width, _),) = sizes[True]
    assert width == 3 * 320 + 2 * 4
    assert height > 480  # under a title


def test_the_stages_are_told_apart(follower):
    follow = follower()
    found = follow(IMAGE, 'a', 0.0)
    sheet = follow.draw(IMAGE, found, stages=True)[40:]  # without titles
    panels = [sheet[:, x : x + 320] for x in (0, 324, 648)]
    assert (panels[0] != panels[1]).any()
    assert (panels[1] != panels[2]).any()


def test_which_boxes_lie_in_the_picture():
    boxes = [[-5, -5, 1, 1], [60, 0, 70, 9], [-5, 0, 0, 9], [59, 89, 99, 99]]
    found = overlap(np.array(boxes, float), IMAGE)
    assert found.tolist() == [True, False, False, True]
    assert overlap(np.zeros((0, 4)), IMAGE).shape == (0,)


@pytest.mark.parametrize('option', ['--max-frames', '--detect-every'])
def test_refuses_less_than_one_frame(option, capsys):
    assert read('webcam', [option, '1'])
    with pytest.raises(SystemExit, match='2'):
        read('webcam', [option, '0'])
    assert f'{option} is 0, expected 1 or more' in capsys.readouterr().err
