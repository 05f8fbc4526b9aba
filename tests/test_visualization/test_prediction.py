import numpy as np
import pytest
from mmengine.structures import InstanceData

from dfa_mm.structures import FLD_SETS
from dfa_mm.visualization import draw_prediction, draw_stages, enlarge
from dfa_mm.visualization.prediction import stage_title

META = FLD_SETS['all'].metainfo()
LEFT = META['keypoint_colors'][0].tolist()
GREY = [90, 90, 90]


def prediction(point, states, box=(0, 0, 100, 100)):
    """All landmarks of one garment at one place, in three stages."""
    points = np.full((1, 8, 2), point, float)
    return InstanceData(
        keypoints=points,
        landmark_visibility=np.array([states]),
        stage_keypoints=points[:, None].repeat(3, axis=1),
        stage_visibility=np.array([[states] * 3]),
        bboxes=np.array([box], float),
        branch=np.array([1]),
    )


ONE_SEEN = [0] + [-1] * 7


def test_small_pictures_are_enlarged():
    image = np.full((64, 96, 3), 90, np.uint8)
    large, factor = enlarge(image)
    assert factor == 4  # 384 / 96
    assert large.shape == (256, 384, 3)
    same, factor = enlarge(np.zeros((10, 384, 3), np.uint8))
    assert (same.shape, factor) == ((10, 384, 3), 1)
    drawn = draw_prediction(image, prediction(30, ONE_SEEN), META)
    assert drawn.shape == (256, 384, 3)
    assert drawn[120, 120].tolist() == LEFT


def test_box_lies_beneath_the_landmarks():
    image = np.full((400, 400, 3), 90, np.uint8)
    pred = prediction(200, ONE_SEEN, box=(200, 200, 300, 300))
    drawn = draw_prediction(image, pred, META, show_box=True)
    assert drawn[300, 300].tolist() == [255, 255, 255]
    assert drawn[200, 200].tolist() == LEFT
    drawn = draw_prediction(image, pred, META)
    assert drawn[300, 300].tolist() == GREY
    assert (image == 90).all()


@pytest.mark.parametrize('ground', [0, 90, 255])
def test_the_box_shows_on_any_ground(ground):
    image = np.full((400, 400, 3), ground, np.uint8)
    pred = prediction(50, [-1] * 8, box=(100, 100, 300, 300))
    drawn = draw_prediction(image, pred, META, show_box=True)
    across = drawn[200, 90:110, 0].astype(int)
    assert across.max() - across.min() > 200


@pytest.mark.parametrize('side', [400, 4000])
def test_lines_grow_with_the_picture(side):
    image = np.full((side, side, 3), 90, np.uint8)
    box = np.array([0.25, 0.25, 0.75, 0.75]) * side
    pred = prediction(0, [-1] * 8, box=box)
    drawn = draw_prediction(image, pred, META, show_box=True)
    width = (drawn[side // 2, : side // 2] == 255).all(axis=-1).sum()
    assert 0.0015 * side <= width <= 0.006 * side


def test_stages_with_the_branch():
    image = np.full((100, 100, 3), 90, np.uint8)
    pred = prediction(50, ONE_SEEN)
    sheet = draw_stages(image, pred, META, panel_size=200)
    assert sheet.shape[1] == 3 * 200 + 2 * 4
    centres = [sheet[-100, 100 + 204 * i].tolist() for i in range(3)]
    assert centres == [LEFT] * 3
    boxed = draw_stages(image, pred, META, np.array([40, 40, 60, 60]), 200)
    assert boxed.shape == sheet.shape


SQUARE = np.array([[[60.0, 60], [90, 60], [60, 90], [90, 90]]])


def four_landmarks(*shifts, states=(0, 0, 0, 0)):
    """Trousers in as many stages; all landmarks are off by as much."""
    stages = np.stack([SQUARE + shift for shift in shifts], axis=1)
    return InstanceData(
        stage_keypoints=stages,
        stage_visibility=np.tile(np.array(states), (1, len(shifts), 1)),
    )


def truth(*states):
    return InstanceData(
        keypoints=SQUARE, landmark_visibility=np.array([states])
    )


def test_one_panel_per_stage_and_one_for_the_truth():
    image = np.full((150, 150, 3), 90, np.uint8)
    args = (
        *(image, four_landmarks(10, 5, 0), FLD_SETS['lower'].metainfo()),
        *(np.array([50, 50, 100, 100]), 120),
    )
    three, four = draw_stages(*args), draw_stages(*args, truth(0, 0, 0, 0))
    gap = 4
    assert three.shape[1] == 3 * 120 + 2 * gap
    assert four.shape[1] == 4 * 120 + 3 * gap
    # Crop from (45, 45), scale 120 / 60 = 2: (60, 60) lies at (30, 30).
    title = four.shape[0] - 120
    for panel in (2, 3):
        pixel = four[title + 30, panel * (120 + gap) + 30]
        assert pixel.tolist() == LEFT


def test_what_the_garment_lacks_is_in_no_panel():
    image = np.full((150, 150, 3), 90, np.uint8)
    pred = four_landmarks(0, states=(0, 0, 2, 2))
    meta = FLD_SETS['lower'].metainfo()
    sheet = draw_stages(image, pred, meta, None, 150, truth(-1, -1, -1, -1))
    for panel in (sheet[-150:, :150], sheet[-150:, -150:]):
        np.testing.assert_array_equal(panel, image)


def test_titles():
    pred = prediction(0, ONE_SEEN)
    assert stage_title(2) == 'stage 2'
    assert stage_title(3, pred) == 'stage 3 (hard)'
    both = InstanceData.cat([pred, pred])
    both.branch = np.array([0, 1])
    assert stage_title(3, both) == 'stage 3 (easy, hard)'
    pred.branch = np.array([-1])  # there was no choice
    assert stage_title(3, pred) == 'stage 3'
    del pred.branch
    assert stage_title(3, pred) == 'stage 3'
