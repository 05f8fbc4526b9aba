"""Clusters, predictions, routing and data statistics, by hand."""

from collections import Counter

import cv2
import numpy as np
import pytest
import torch
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from scipy.stats import ConstantInputWarning

from dfa_mm.models.pseudo_labels import PseudoLabel
from dfa_mm.models.stage_data import StageTargets
from dfa_mm.structures import FLD_SETS
from projects.reproduction import tiles
from projects.reproduction.clusters import (
    Clusters,
    View,
    describe,
    majority_share,
    nearest_members,
    to_rgb,
)
from projects.reproduction.experiments import fig2, fig4, fig8
from projects.reproduction.networks import spread_evenly

META = FLD_SETS['lower'].metainfo()
RED, BLUE = (255, 0, 0), (0, 0, 255)


def test_members_are_nearest_first():
    inf = np.inf
    distances = np.array([[3, 1], [0.5, 2], [2, 0.1], [0.2, 9], [inf, inf]])
    known = np.array([4, 4, 4, 4, 0])
    assert nearest_members(distances, [0, 1], known) == [[3, 1], [2, 0]]
    assert nearest_members(distances, [1, 0], known) == [[2, 0], [3, 1]]


def test_members_with_few_landmarks_come_last():
    """In one cluster; half of the others have three landmarks or more."""
    distances = np.array([[0.1], [0.2], [0.3], [0.4], [0.5]])
    known = np.array([1, 3, 2, 4, 4])
    assert nearest_members(distances, [0], known) == [[1, 3, 4, 0, 2]]


def test_a_cluster_without_samples_has_no_members():
    assert nearest_members(np.array([[1.0, 2.0]]), [0, 1], np.array([4])) == [
        [0],
        [],
    ]


def test_share_of_the_majority():
    codes = np.array([1, 1, 2, 3, 3])
    # 2 of 3 and 2 of 2
    assert majority_share([[0, 1, 2], [3, 4]], codes) == pytest.approx(0.8)
    # without any cluster: 2 of 5
    assert majority_share([range(5)], codes) == pytest.approx(0.4)
    assert majority_share([[], []], codes) is None


def test_clusters_stand_in_the_order_of_their_size():
    """Centres at x = 0 and at 22.4 pixels, one landmark."""
    label = PseudoLabel('absolute', 1, num_clusters=2, temperature=20.0)
    label.centers.copy_(torch.tensor([[0.0, 0.0], [22.4, 0.0]]))
    label.counts.copy_(torch.tensor([3, 7]))
    label.fitted.fill_(True)
    landmarks = torch.tensor([[[0.0, 0.0]], [[0.11, 0.0]], [[0.1, 0.0]]])
    targets = StageTargets(
        landmarks, torch.ones(3, 1), torch.zeros(3, 1).long()
    )
    found = describe(label, None, targets)
    assert found.counts == [7, 3]
    assert found.nearest == [[2, 1], [0]]
    # exp(-0), exp(-0) and exp(-2.24 / 20)
    expected = (1 + 1 + np.exp(-2.24 / 20)) / 3
    assert found.softness.largest == pytest.approx(expected, abs=1e-5)


def test_channels_become_rgb():
    crop = torch.zeros(3, 2, 2)
    crop[2] = 300.0  # red, as OpenCV has it, and too bright
    assert to_rgb(crop)[0, 0].tolist() == [255, 0, 0]


def make_view():
    """Two red crops of a skirt whose estimates are off by a tenth."""
    truth = torch.tensor([[-0.3, -0.4], [0.3, -0.4], [-0.4, 0.4], [0.4, 0.4]])
    truth = truth.expand(2, 4, 2)
    crops = [np.full((64, 64, 3), RED, np.uint8)] * 2
    targets = StageTargets(truth, torch.ones(2, 4), torch.zeros(2, 4).long())
    return View(
        crops,
        {'clothes_type': np.array([2, 2])},
        [truth + 0.1, truth],
        targets,
    )


def test_montage_shows_the_members():
    view = make_view()
    found = Clusters('offset', 20.0, None, [5, 4], [0.1, 0.2], [[1, 0], []])
    sheet = fig4.montage(view, found, 1, META)
    size = fig4.TILE_SIZE
    # two blocks side by side, each of five tiles
    assert sheet.shape[1] == 2 * (5 * size + 4 * 4) + 10
    title = sheet.shape[0] - size
    first, second = sheet[title + 2, 2], sheet[title + 2, size + 6]
    assert first.tolist() == second.tolist() == list(RED)
    # the other three tiles and the empty cluster are white
    assert (sheet[title:, 2 * (size + 4) : 5 * size] == 255).all()
    assert (sheet[title:, -5 * size :] == 255).all()
    assert fig4.purity(view, found)['clothes_type'] == (1.0, 1.0)


def test_montage_has_errors_from_stage_2_on():
    view = make_view()
    plain = Clusters('absolute', 20.0, None, [5], [0.0], [[0]])
    magenta = [230, 0, 150]
    for stage, expected in ((0, False), (1, True)):
        sheet = fig4.montage(view, plain, stage, META)
        assert (sheet == magenta).all(-1).any() == expected


def make_sample(path, states=(0, 0, 1, 2), **pred):
    """A skirt in a picture of 40 x 80, in a box of 20 x 40."""
    cv2.imwrite(str(path), np.full((80, 40, 3), BLUE[::-1], np.uint8))
    sample = PoseDataSample(metainfo=dict(img_path=str(path)))
    truth = np.array([[[12.0, 22], [28, 22], [12, 58], [0, 0]]])
    sample.gt_instances = InstanceData(
        bboxes=np.array([[10.0, 20, 30, 60]]),
        keypoints=truth,
        landmark_visibility=np.array([states]),
    )
    sample.pred_instances = InstanceData(keypoints=truth + [4, 0], **pred)
    return sample


def test_mean_error_is_over_what_has_a_position(tmp_path):
    sample = make_sample(tmp_path / 'a.png')
    # 4 of 40 pixels; the fourth is truncated, far off or not
    sample.pred_instances.keypoints[0, 3] = 1000
    assert tiles.mean_error(sample) == pytest.approx(0.1)
    nothing = make_sample(tmp_path / 'a.png', states=(2, 2, -1, -1))
    assert tiles.mean_error(nothing) is None


def test_predicted_states(tmp_path):
    path = tmp_path / 'a.png'
    told = make_sample(
        path,
        states=(0, 0, 1, -1),
        landmark_visibility=np.array([[1, 0, 2, 0]]),
    )
    assert tiles.predicted_states(told).tolist() == [1, 0, 2, -1]
    silent = make_sample(path, states=(0, 0, 1, -1))
    assert tiles.predicted_states(silent).tolist() == [0, 0, 0, -1]


def test_garment_and_its_frame(tmp_path):
    sample = make_sample(tmp_path / 'a.png')
    picture, place = tiles.garment(sample, 96)
    # the box and a tenth of its long side round it: 28 x 48, twice as large
    assert picture.shape[:2] == (96, 56)
    assert picture[0, 0].tolist() == list(BLUE)
    assert place([[6.0, 16.0], [10, 20]]).tolist() == [[0, 0], [8, 8]]
    tile = fig8.system_tile(sample, META, 'heatmap')
    assert tile.shape[0] > 96
    (tmp_path / 'a.png').unlink()
    with pytest.raises(FileNotFoundError, match='cannot be read'):
        tiles.garment(sample, 96)


def test_picture_that_cannot_be_written_is_no_silent_loss(tmp_path):
    sheet = np.zeros((4, 4, 3), np.uint8)
    tiles.write_jpeg(tmp_path / 'new/a.jpg', sheet)
    assert (tmp_path / 'new/a.jpg').exists()
    (tmp_path / 'b.jpg').mkdir()
    with pytest.raises(OSError, match='cannot be written'):
        tiles.write_jpeg(tmp_path / 'b.jpg', sheet)


def test_routing_scores(tmp_path):
    scores = np.array([0.1, 0.2, 0.3, 0.4])
    errors = np.array([0.01, 0.03, 0.02, 0.04])
    found = fig8.RoutingScores('dfa_seed0', 0.3, scores, errors)
    # as in Eq. 2 the threshold itself is not below it
    assert found.easy.tolist() == [True, True, False, False]
    # 1 - 6 (0 + 1 + 1 + 0) / (4 (16 - 1))
    assert found.rank_correlation == pytest.approx(0.8)
    same = found._replace(scores=np.ones(4))
    with pytest.warns(ConstantInputWarning):
        assert same.as_json()['rank_correlation'] is None
    fig8.draw_histogram(tmp_path / 'routing.png', found)
    assert cv2.imread(str(tmp_path / 'routing.png')) is not None


def test_spread():
    assert spread_evenly(3, 11) == [0, 5, 10]
    assert spread_evenly(8, 3) == [0, 1, 2]


class Annotations:
    """Two skirts, of which one is zoomed in."""

    infos = (
        dict(
            clothes_type=2,
            variation_type=1,
            landmark_visibility=np.array([[0, 1, 2, -1]]),
        ),
        dict(
            clothes_type=2,
            variation_type=0,
            landmark_visibility=np.array([[0, 0, -1, -1]]),
        ),
    )

    def __len__(self):
        return len(self.infos)

    def get_data_info(self, index):
        return self.infos[index]


def test_data_are_counted():
    found = fig2.add_up([fig2.count(Annotations())] * 2)
    assert fig2.garments(found) == 4
    assert found['clothes type'] == Counter(lower=4)
    assert found['variation'] == Counter({'normal': 2, 'unknown': 2})
    # absent slots are not there
    counted = dict(visible=6, occluded=2, truncated=2)
    assert found['visibility'] == Counter(counted)
    assert fig2.percentages(found['visibility']) == dict(
        visible=60, occluded=20, truncated=20
    )


def test_unknown_kinds_have_a_line():
    text = fig2.part_table('variation', Counter(normal=3, unknown=1))
    found = [line.replace('|', ' ').split() for line in text.splitlines()]
    assert ['normal', '3', '75.0', '38.1'] in found
    assert ['large', 'zoom-in', '0', '0.0', '11.7'] in found
    assert ['unknown', '1', '25.0', '-'] in found


def test_parts_of_a_combined_set_in_another_split():
    part = dict(type='FLDDataset', data_root='a', split='train', pipeline=[1])
    whole = dict(datasets=[part, dict(part, data_root='b', indices=3)])
    assert fig2.annotation_sets(whole, 'val') == [
        dict(type='FLDDataset', data_root=root, split='val', pipeline=[])
        for root in ('a', 'b')
    ]
    assert len(fig2.annotation_sets(part, 'test')) == 1
