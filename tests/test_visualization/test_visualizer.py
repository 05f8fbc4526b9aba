import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.registry import VISUALIZERS
from mmpose.structures import PoseDataSample, merge_data_samples
from mmpose.visualization import PoseLocalVisualizer

from dfa_mm.structures import FLD_SETS
from dfa_mm.structures.landmark_sets import LEFT_COLOR, RIGHT_COLOR
from dfa_mm.visualization import FashionLandmarkVisualizer

META = FLD_SETS['lower'].metainfo()
POINTS = np.array([[[25.0, 20], [75, 20], [25, 60], [75, 60]]])
GREY = (90, 90, 90)
WHITE = (255, 255, 255)


@pytest.fixture
def visualizer(request):
    # MMEngine keeps one instance per name: each test wants its own.
    visualizer = VISUALIZERS.build(
        dict(type='FashionLandmarkVisualizer', name=request.node.nodeid)
    )
    visualizer.set_dataset_meta(META)
    return visualizer


@pytest.fixture
def image():
    return np.full((100, 100, 3), 90, np.uint8)


def instances(states=None, points=POINTS):
    fields = dict(
        keypoints=points.copy(),
        keypoint_scores=np.full((1, 4), 0.1),
        keypoints_visible=np.full((1, 4), 0.1),
        bboxes=np.array([[10.0, 10, 90, 70]]),
    )
    if states is not None:
        fields['landmark_visibility'] = np.asarray(states)[None]
    return InstanceData(**fields)


def data_sample(pred, gt=None):
    sample = PoseDataSample(metainfo=dict(img_path='a.jpg'))
    sample.pred_instances = pred
    if gt is not None:
        sample.gt_instances = gt
    return sample


def at(image, x, y):
    return tuple(int(c) for c in image[y, x])


def test_state_and_not_score_decides(visualizer, image):
    sample = data_sample(instances([0, 1, -1, 0]))
    drawn = visualizer.add_datasample(
        'a', image, sample, draw_gt=False, kpt_thr=0.9
    )
    marks = [at(drawn, 25, 20), at(drawn, 75, 20), at(drawn, 25, 60)]
    assert marks == [LEFT_COLOR, GREY, GREY]
    assert at(drawn, 75, 60) == RIGHT_COLOR


def test_tensors_and_several_garments(visualizer, image):
    second = instances([0, 0, 0, 0], POINTS + 10)
    second.landmark_visibility = np.array([[0, 2, 2, 0]])
    merged = merge_data_samples(
        [data_sample(instances([0, 0, 0, 2])), data_sample(second)]
    )
    pred = merged.pred_instances
    pred.landmark_visibility = torch.as_tensor(pred.landmark_visibility)
    drawn = visualizer.add_datasample(
        'a', image, merged, draw_gt=False, draw_bbox=True
    )
    assert at(drawn, 25, 20) == at(drawn, 35, 30) == LEFT_COLOR


def test_truth_and_prediction_side_by_side(visualizer, image):
    gt = instances([0, 0, 0, 0])
    sample = data_sample(instances([1, 1, 1, 1]), gt)
    drawn = visualizer.add_datasample('a', image, sample)
    assert drawn.shape == (100, 200, 3)
    assert at(drawn, 25, 20) == LEFT_COLOR
    assert at(drawn, 125, 20) == GREY


def test_without_states_it_draws_as_mmpose_does(visualizer, image):
    upstream = PoseLocalVisualizer()
    upstream.set_dataset_meta(META)
    sample = data_sample(instances())
    for thr in (0.05, 0.3):
        mine = visualizer.add_datasample('a', image, sample, kpt_thr=thr)
        theirs = upstream.add_datasample('a', image, sample, kpt_thr=thr)
        np.testing.assert_array_equal(mine, theirs)


def test_radius_is_relative_to_mmpose_default(visualizer):
    image = np.full((500, 500, 3), 90, np.uint8)
    sample = data_sample(instances([0, -1, -1, -1], POINTS * 4))

    def area(radius):
        visualizer.radius = radius
        drawn = visualizer.add_datasample('a', image, sample)
        return (drawn == LEFT_COLOR).all(axis=-1).sum()

    # Radii 6 and 12: about 4 times the area.
    assert 3.5 < area(6) / area(3) < 4.5


def in_three_stages(pred):
    """The landmarks come from 20 and 10 pixels further to the right."""
    shifts = np.array([20, 10, 0]).reshape(1, 3, 1, 1) * (1, 0)
    pred.stage_keypoints = pred.keypoints[:, None] + shifts
    pred.stage_visibility = np.tile(pred.landmark_visibility[:, None], (3, 1))
    pred.branch = np.array([0])
    return pred


def test_stages_side_by_side(visualizer, image):
    sample = data_sample(in_three_stages(instances([0, 0, 1, -1])))
    plain = visualizer.add_datasample('a', image, sample, draw_gt=False)
    assert plain.shape == (100, 100, 3)
    visualizer.show_stages = True
    drawn = visualizer.add_datasample(
        'a', image, sample, draw_gt=False, draw_bbox=True
    )
    assert drawn.shape == (100, 300, 3)
    found = [at(drawn, 100 * i + 45 - 10 * i, 20) for i in range(3)]
    assert found == [LEFT_COLOR] * 3
    assert at(drawn, 25, 20) != LEFT_COLOR
    # the box from (10, 10) to (90, 70) is in every panel
    assert [at(drawn, 100 * i + 50, 70) for i in range(3)] == [WHITE] * 3
    # and the titles darken the upper edge
    assert drawn[1].max() < 90


def test_absent_landmarks_are_in_no_stage(visualizer, image):
    visualizer.show_stages = True
    pred = in_three_stages(instances([0, 0, 0, 0]))
    pred.landmark_visibility = np.array([[0, 0, -1, 0]])
    drawn = visualizer.add_datasample(
        'a', image, data_sample(pred), draw_gt=False
    )
    places = [(100 * i + 45 - 10 * i, 60) for i in range(3)]
    assert [at(drawn, *place) for place in places] == [GREY] * 3
    assert at(drawn, 45, 20) == LEFT_COLOR


def test_stages_beside_the_truth(visualizer, image):
    visualizer.show_stages = True
    pred = in_three_stages(instances([0, 0, 0, 0]))
    sample = data_sample(pred, instances([0, 0, 0, 0]))
    drawn = visualizer.add_datasample('a', image, sample)
    assert drawn.shape == (100, 400, 3)
    assert at(drawn, 25, 20) == at(drawn, 325, 20) == LEFT_COLOR


def test_stages_are_a_setting_of_the_config():
    visualizer = VISUALIZERS.build(
        dict(
            type='FashionLandmarkVisualizer',
            name='test_stages_are_a_setting',
            show_stages=True,
            radius=5,
        )
    )
    assert visualizer.show_stages
    assert visualizer.radius == 5


@pytest.mark.parametrize('side', [200, 3000])
def test_boxes_scale_with_the_picture(visualizer, side):
    image = np.full((side, side, 3), 90, np.uint8)
    pred = instances([-1, -1, -1, -1])
    pred.bboxes = np.array([[0.25, 0.25, 0.75, 0.75]]) * side
    drawn = visualizer.add_datasample(
        'a', image, data_sample(pred), draw_gt=False, draw_bbox=True
    )
    width = (drawn[side // 2, : side // 2] == WHITE).all(axis=-1).sum()
    assert max(1, 0.002 * side) <= width <= max(1, 0.006 * side)


def test_the_drawing_is_saved(visualizer, image, tmp_path):
    path = tmp_path / 'a.png'
    sample = data_sample(instances([0, 0, 0, 0]))
    drawn = visualizer.add_datasample('a', image, sample, out_file=str(path))
    np.testing.assert_array_equal(cv2.imread(str(path))[..., ::-1], drawn)


def test_it_is_a_pose_visualizer():
    assert issubclass(FashionLandmarkVisualizer, PoseLocalVisualizer)
