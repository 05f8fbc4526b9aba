"""What the labels say holds in the picture."""

import numpy as np
import pytest

from dfa_mm.structures import TYPE_SLOTS, Visibility, has_position
from projects.synthfld import render_sample
from projects.synthfld.framed_scene import frame_scene
from projects.synthfld.framing import cut_off_range, outside
from projects.synthfld.labels import landmark_visibility
from projects.synthfld.plan import plan

NUM = 150
# Visible to a pixel's colour, where the edge of a shape is smoothed.
STEP = 6


@pytest.fixture(scope='module')
def samples():
    return [
        render_sample(np.random.default_rng([7, i]), 160, kind, variation)
        for i, (kind, variation, _) in enumerate(plan(NUM, 7))
    ]


@pytest.fixture(scope='module')
def scenes():
    return [
        frame_scene(np.random.default_rng([8, i]), 96, kind, variation)
        for i, (kind, variation, _) in enumerate(plan(NUM, 8))
    ]


def _changes(framed, picture, index):
    """Largest change of a landmark's pixel by what is painted after it."""
    layers = framed.scene.layers
    own = layers.index(framed.owners[index])
    bare = [x for i, x in enumerate(layers) if i <= own or not x.covers]
    x, y = np.round(framed.points[index]).astype(int)
    without = framed.paint(bare)[0][y, x]
    return int(np.abs(picture[y, x].astype(int) - without).max())


def test_hidden_pixels_change_and_visible_ones_do_not(scenes):
    changes = {Visibility.VISIBLE: [], Visibility.OCCLUDED: []}
    for framed in scenes:
        picture, top = framed.paint()
        codes = landmark_visibility(framed, top)
        for index in np.flatnonzero(has_position(codes)):
            changes[codes[index]].append(_changes(framed, picture, index))
    visible, hidden = (np.array(changes[code]) for code in changes)
    assert len(visible) > 200
    assert len(hidden) > 60
    # The rest lie on a smoothed edge or under cloth of the same colour.
    assert np.mean(visible <= STEP) > 0.95
    assert np.mean(hidden > STEP) > 0.85


def test_truncated_landmarks_and_only_they_are_outside(samples):
    for sample in samples:
        out = outside(sample.landmarks, sample.image.shape[:2])
        np.testing.assert_array_equal(
            out, sample.visibility == Visibility.TRUNCATED
        )


def test_variation_decides_the_number_of_truncated_landmarks(samples):
    for sample in samples:
        least, most = cut_off_range(sample.clothes_type, sample.variation_type)
        count = np.sum(sample.visibility == Visibility.TRUNCATED)
        assert least <= count <= most


def test_zoom_in_cuts_off_more_than_one_and_more_than_three():
    assert cut_off_range(1, 4)[0] == cut_off_range(3, 4)[0] == 2
    assert cut_off_range(1, 5)[0] == cut_off_range(3, 5)[0] == 4
    # Lower-body clothes have only four landmarks.
    assert (cut_off_range(2, 4), cut_off_range(2, 5)) == ((2, 2), (3, 3))


def test_box_holds_every_landmark_that_has_a_position(samples):
    for sample in samples:
        points = sample.landmarks[has_position(sample.visibility)]
        low, high = sample.bbox[:2], sample.bbox[2:]
        assert (low < high).all()
        assert (low >= 0).all()
        assert (high < sample.image.shape[1::-1]).all()
        assert (points >= low - 2).all()
        assert (points <= high + 2).all()


def test_left_is_the_left_of_the_picture(samples):
    first, second = np.concatenate(
        [s.landmarks[:2] for s in samples if s.variation_type == 1]
        + [s.landmarks[-2:] for s in samples if s.variation_type == 1]
    ).reshape(-1, 2, 2).transpose(1, 0, 2)  # fmt: skip
    assert np.mean(first[:, 0] < second[:, 0]) > 0.97


def test_landmarks_match_the_clothes_type(samples):
    for sample in samples:
        count = len(TYPE_SLOTS[sample.clothes_type])
        assert sample.landmarks.shape == (count, 2)
        assert sample.visibility.shape == (count,)
        assert sample.joints.shape == (14, 2)


def test_shares_of_the_states_are_like_the_real_ones(samples):
    codes = np.concatenate([s.visibility for s in samples])
    # FLD's upper-body test set: 68 % visible, 24 % occluded, 8 % truncated.
    shares = [np.mean(codes == state) for state in range(3)]
    np.testing.assert_allclose(shares, [0.68, 0.24, 0.08], atol=0.08)


def test_the_box_does_not_give_the_landmarks_away(samples):
    """A linear fit from box to landmarks errs by more than 5 % of the box.

    The fit sees the very samples that it is judged on.
    """
    errors = []
    for kind in (1, 2):
        rows = [s for s in samples if s.clothes_type == kind]
        rows = [s for s in rows if s.variation_type <= 3]
        boxes = np.array([s.bbox for s in rows], float)
        points = np.array([s.landmarks.ravel() for s in rows])
        inputs = np.column_stack([boxes, np.ones(len(rows))])
        fit = inputs @ np.linalg.lstsq(inputs, points, rcond=None)[0]
        size = (boxes[:, 2:] - boxes[:, :2]).max(1)
        offset = (fit - points).reshape(len(rows), -1, 2)
        errors.append(np.linalg.norm(offset, axis=2) / size[:, None])
    assert np.mean(np.concatenate([e.ravel() for e in errors])) > 0.05


def test_same_generator_same_sample():
    one, two = (render_sample(np.random.default_rng(3), 96) for _ in 'ab')
    np.testing.assert_array_equal(one.image, two.image)
    np.testing.assert_array_equal(one.landmarks, two.landmarks)
