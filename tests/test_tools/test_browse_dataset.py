"""What the browser shows is what the network gets."""

from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from demo_files import load_script
from drawn_fld import write_drawn_fld
from mmengine.config import Config
from mmengine.registry import init_default_scope
from mmengine.structures import InstanceData
from mmpose.registry import KEYPOINT_CODECS
from mmpose.structures import PoseDataSample
from mmpose.structures.bbox import get_warp_matrix

from dfa_mm.datasets.fld_coco import convert
from dfa_mm.structures import FLD_SETS
from projects.commands import browse as body

ROOT = Path(__file__).parents[2]
CONFIG = str(ROOT / 'configs' / 'dfa_synthfld_stage3.py')
META = FLD_SETS['lower'].metainfo()
STEPS = [
    'LoadPicture',
    'GetBBoxCenterScale',
    'LandmarkRandomFlip',
    'RandomBBoxTransform',
    'TopdownAffine',
    'PhotometricDistortion',
    'what the network gets',
]


@pytest.fixture(scope='module')
def tool():
    return body


def main(*arguments):
    return load_script('tools/misc/browse_dataset.py').main([*arguments])


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp('fld')
    write_drawn_fld(root, 20, size=96)
    convert(root, root / 'annotations')
    return root


@pytest.fixture
def browse(root, tmp_path, monkeypatch):
    monkeypatch.setenv('SYNTHFLD_ROOT', str(root))

    def browse(*options):
        folder = tmp_path / 'out'
        assert main(CONFIG, '--output-dir', str(folder), *options) == 0
        return folder

    return browse


def packed(keypoints, states):
    """A sample as it leaves the pipeline, with a crop of 100 x 50."""
    codec = KEYPOINT_CODECS.build(
        dict(type='LandmarkLabel', input_size=(100, 50))
    )
    encoded = codec.encode(
        np.array([keypoints], float), landmark_visibility=np.array([states])
    )
    sample = PoseDataSample()
    sample.gt_instance_labels = InstanceData(
        **{key: torch.from_numpy(value) for key, value in encoded.items()}
    )
    inputs = torch.zeros(3, 50, 100, dtype=torch.uint8)
    inputs[0] = 200  # blue: OpenCV's order
    return dict(inputs=inputs, data_samples=sample)


def test_last_view_is_decoded_from_the_targets(tool):
    keypoints = [[50, 25], [0, 50], [10, 10], [300, 25]]
    view = tool.final_view(packed(keypoints, [0, 1, 2, 0]))
    np.testing.assert_allclose(view.landmarks[:2], keypoints[:2], atol=1e-4)
    # augmentation moved the last one far out: the network learns "truncated"
    assert view.states.tolist() == [0, 1, 2, 2]
    assert view.image[0, 0].tolist() == [0, 0, 200]


@pytest.mark.parametrize('angle', [0.0, 30.0, -75.0])
def test_box_is_drawn_where_the_crop_is_cut(tool, angle):
    sample = dict(
        bbox_center=np.array([[10.0, 20.0]]),
        bbox_scale=np.array([[8.0, 8.0]]),
        bbox_rotation=np.array([angle]),
    )
    corners = tool.box_corners(sample)
    warp = get_warp_matrix(
        np.array([10.0, 20.0]), np.array([8.0, 8.0]), angle, (16, 16)
    )
    found = corners @ warp[:, :2].T + warp[:, 2]
    assert {tuple(p) for p in found.round(3) + 0.0} == {
        (0, 0),
        (16, 0),
        (16, 16),
        (0, 16),
    }


def test_box_before_the_crop_is_the_annotated_one(tool):
    corners = tool.box_corners(dict(bbox=np.array([[1, 2, 5, 8]])))
    assert corners.tolist() == [[1, 2], [5, 2], [5, 8], [1, 8]]


def test_visibility_shows(tool):
    grey = np.full((100, 100, 3), 90, np.uint8)
    points = np.array([[20, 20], [80, 20], [20, 70], [80, 70.0]])
    view = tool.View(grey, points, np.array([0, 1, 0, 2]), None, '')
    drawn = tool.draw(view, META, 200)
    assert drawn.shape == (200, 200, 3)
    colors = META['keypoint_colors']
    assert drawn[40, 40].tolist() == colors[0].tolist()
    assert drawn[40, 160].tolist() == [90] * 3  # hollow
    assert drawn[-1, 100].tolist() != [90] * 3  # the list of truncated ones


def test_samples_without_states_are_shown_too(tool):
    keypoints_visible = np.array([[1, 0, 1]])
    states = tool.states_of(dict(keypoints_visible=keypoints_visible))
    assert states.tolist() == [0, -1, 0]


def test_every_step_that_changes_something(tool, root):
    init_default_scope('mmpose')
    cfg = Config.fromfile(CONFIG)
    dataset = cfg.train_dataloader.dataset
    dataset.data_root = str(root)
    for step in dataset.pipeline:
        if step['type'] == 'LandmarkRandomFlip':
            step['prob'] = 1.0
    found, steps = tool.build(cfg, 'train')
    views = tool.views(found[0], steps, 'pipeline')
    titles = [view.title for view in views]
    # by chance a box stays where it is, or colours as they are
    certain = set(STEPS) - {'RandomBBoxTransform', 'PhotometricDistortion'}
    assert titles == [t for t in STEPS if t in titles]
    assert certain <= set(titles)
    # mirrored in place: the box and the landmarks too
    before, after = views[1], views[2]
    np.testing.assert_array_equal(after.image, before.image[:, ::-1])
    framed = [view.title for view in views if view.frame is not None]
    assert framed == titles[: titles.index('TopdownAffine')]
    assert views[-1].image.shape == (128, 128, 3)
    (original,) = tool.views(found[0], steps, 'original')
    np.testing.assert_array_equal(original.image, views[0].image)
    (seen,) = tool.views(found[0], steps, 'transformed')
    assert seen.image.shape == (128, 128, 3)


@pytest.mark.parametrize('mode', ['transformed', 'original', 'pipeline'])
def test_pictures_and_contact_sheet(browse, mode):
    folder = browse('--mode', mode, '--num', '3')
    names = sorted(path.name for path in folder.iterdir())
    assert len(names) == 4
    assert names[-1] == 'contact_sheet.png'
    assert names[0].startswith('000000_img_')
    sheet = cv2.imread(str(folder / 'contact_sheet.png'))
    if mode == 'transformed':
        # three panels and two gaps
        assert sheet.shape == (256, 3 * 256 + 2 * 4, 3)
    assert sheet.std() > 10


def test_test_split_has_no_targets_but_landmarks(browse):
    # 3 of 20 garments; more are not there
    folder = browse('--split', 'test', '--num', '50')
    assert len(list(folder.glob('0*.png'))) == 3
    drawn = cv2.imread(str(next(folder.glob('0*.png'))))
    left = np.array([51, 153, 255])[::-1]
    assert (np.abs(drawn.astype(int) - left).max(-1) < 3).sum() > 20


def test_same_seed_same_augmentation(browse):
    one = cv2.imread(str(browse('--num', '2') / 'contact_sheet.png'))
    again = cv2.imread(str(browse('--num', '2') / 'contact_sheet.png'))
    other = browse('--num', '2', '--seed', '1') / 'contact_sheet.png'
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, cv2.imread(str(other)))


def test_missing_data_are_told(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv('SYNTHFLD_ROOT', str(tmp_path))
    assert main(CONFIG) == 2
    assert 'dfa convert fld' in capsys.readouterr().err
    config = str(ROOT / 'configs' / 'dfa_lsp_stage3.py')
    assert main(config, '--split', 'val') == 2
    message = capsys.readouterr().err
    assert 'no val_dataloader: choose another' in message
