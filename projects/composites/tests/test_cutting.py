"""Cut-outs, and garments taken apart."""

import cv2
import numpy as np
import pytest
from drawn_photos import (
    GARMENTS,
    box_of,
    flat_photo,
    write_flat_set,
)

from projects.composites.flat_cutouts import load_cut_outs
from projects.composites.grabcut import (
    cut_out,
    edge_distance,
)
from projects.composites.patch import Patch, load_patch
from projects.composites.pattern import (
    LEFT,
    RIGHT,
    UnfitError,
    resample,
    take_apart,
)


def patch_of(kind):
    picture, mask, marks = flat_photo(kind)
    codes = np.zeros(len(marks), np.int64)
    return Patch(picture, mask, kind, marks, codes)


@pytest.mark.parametrize('kind', GARMENTS)
def test_cuts_out_what_was_drawn(kind):
    picture, mask, marks = flat_photo(kind)
    found = cut_out(picture, kind, box_of(mask), marks)
    assert found.fault is None
    both = np.logical_and(found.mask, mask).sum()
    assert both / np.logical_or(found.mask, mask).sum() > 0.95


def test_the_gap_between_the_legs_is_not_garment():
    picture, mask, marks = flat_photo(2)
    found = cut_out(picture, 2, box_of(mask), marks)
    assert mask[150, 100] == 0
    assert found.mask[150, 100] == 0


def test_refuses_a_garment_like_its_ground():
    picture, mask, marks = flat_photo(1)
    rng = np.random.default_rng(0)
    same = np.full_like(picture, 128) + rng.integers(0, 9, picture.shape)
    found = cut_out(same.astype(np.uint8), 1, box_of(mask), marks)
    assert found.fault is not None


def test_refuses_landmarks_elsewhere():
    picture, mask, marks = flat_photo(1)
    marks[2] = (100, 140)  # a cuff in the middle of the trunk
    assert cut_out(picture, 1, box_of(mask), marks).fault == (
        'landmark off the edge'
    )


def test_edge_distance_by_hand():
    mask = np.zeros((40, 40), np.uint8)
    mask[10:30, 10:30] = 255
    distance = edge_distance(mask, np.array([[10, 20], [20, 20]], float))
    # the outline is two pixels wide, the middle 9 or 10 from it
    assert distance[0] == 0
    assert distance[1] == pytest.approx(9.5, abs=1.1)


def test_only_training_pictures_are_cut_out(tmp_path):
    flat = write_flat_set(tmp_path / 'flat')
    # a picture for testing that cannot even be read: never opened
    found = load_cut_outs(flat, tmp_path / 'cache', workers=1)
    assert [g.image.name for g in found.garments] == [
        f'img_{i:08d}.jpg' for i in range(1, 7)
    ]
    assert not found.faults


def test_the_cache_is_used_for_the_same_labels_only(tmp_path):
    flat, cache = write_flat_set(tmp_path / 'flat'), tmp_path / 'cache'
    load_cut_outs(flat, cache, workers=1)
    lines = (cache / 'faults.tsv').read_text()
    marked = lines.replace('img_00000001.jpg\tgood', 'img_00000001.jpg\tbad')
    (cache / 'faults.tsv').write_text(marked)
    kept = load_cut_outs(flat, cache, workers=1)
    assert kept.faults == {'bad': 1}
    labels = flat / 'Anno/list_landmarks.txt'
    labels.write_text(labels.read_text() + '\n')
    assert not load_cut_outs(flat, cache, workers=1).faults


def test_patch_landmarks_follow_the_picture(tmp_path):
    flat = write_flat_set(tmp_path / 'flat')
    found = load_cut_outs(flat, tmp_path / 'cache', workers=1)
    patch = load_patch(found.garments[0])
    assert max(patch.image.shape) <= 300
    assert edge_distance(patch.mask, patch.landmarks).max() <= 3


def test_a_shirt_has_two_sleeves():
    pattern = take_apart(patch_of(1))
    assert set(pattern.limbs) == {LEFT, RIGHT}
    for side, cuff in ((LEFT, (23, 101)), (RIGHT, (177, 101))):
        limb = pattern.limbs[side]
        ends = (limb.outer[-1] + limb.inner[-1]) / 2
        assert np.linalg.norm(ends - cuff) < 6
        assert limb.mask[round(cuff[1]) - 3, round(cuff[0])] == 255
    # the trunk ends at the armpits, x = 58 and 142
    columns = np.flatnonzero(pattern.trunk.any(0))
    assert columns[0] == pytest.approx(58, abs=4)
    assert columns[-1] == pytest.approx(142, abs=4)


def test_trousers_have_two_legs():
    pattern = take_apart(patch_of(2))
    for side, hem, inner in ((LEFT, 55, 88), (RIGHT, 145, 112)):
        limb = pattern.limbs[side]
        assert limb.outer[-1] == pytest.approx((hem, 180), abs=2)
        assert limb.inner[-1] == pytest.approx((inner, 180), abs=3)
        assert limb.inner[0] == pytest.approx((100, 85), abs=3)


def test_a_dress_without_sleeves_is_one_piece():
    pattern = take_apart(patch_of(3))
    assert not pattern.limbs
    assert (pattern.trunk == patch_of(3).mask).mean() > 0.99


def test_landmarks_in_another_order_are_refused():
    patch = patch_of(1)
    patch.landmarks[[4, 5]] = patch.landmarks[[5, 4]]
    with pytest.raises(UnfitError, match='round the outline'):
        take_apart(patch)


def test_resample_by_hand():
    path = np.array([[0, 0], [4, 0], [4, 4]], float)
    # 8 long: every 2
    assert resample(path, 5).tolist() == [
        [0, 0], [2, 0], [4, 0], [4, 2], [4, 4],
    ]  # fmt: skip


def test_contours_go_down_on_the_left():
    """What the order of the landmarks along an outline rests on."""
    mask = np.zeros((20, 20), np.uint8)
    mask[5:15, 5:15] = 255
    contours, _ = cv2.findContours(
        mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    first, second = contours[0][0, 0], contours[0][1, 0]
    assert first.tolist() == [5, 5]
    assert second.tolist() == [5, 6]
