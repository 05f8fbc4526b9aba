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


@pytest.fixture
def visualizer(request):
    # MMEngine keeps one instance per name: each test wants its own.
    visualizer = VISUALIZERS.build(
        dict(type='FashionLandmarkVisualizer', name=request.node.name)
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


def test_the_drawing_is_saved(visualizer, image, tmp_path):
    path = tmp_path / 'a.png'
    sample = data_sample(instances([0, 0, 0, 0]))
    drawn = visualizer.add_datasample('a', image, sample, out_file=str(path))
    np.testing.assert_array_equal(cv2.imread(str(path))[..., ::-1], drawn)


def test_it_is_a_pose_visualizer():
    assert issubclass(FashionLandmarkVisualizer, PoseLocalVisualizer)
