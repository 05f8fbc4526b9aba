from pathlib import Path

import numpy as np
import pytest
from lsp_files import BEHIND, HEIGHT, WIDTH, write_lsp
from mmengine.registry import DefaultScope
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS

from dfa_mm.datasets import LSPDataset
from dfa_mm.structures import LSP_SET
from projects.commands.lsp_coco import convert

SHARED = Path(__file__).parents[3] / 'shared' / 'data'
PIPELINE = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='LandmarkRandomFlip', prob=1.0),
    dict(type='TopdownAffine', input_size=(224, 224)),
]


@pytest.fixture(autouse=True)
def _mmpose_scope():
    with DefaultScope.overwrite_default_scope('mmpose'):
        yield


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    """Read only."""
    root = write_lsp(tmp_path_factory.mktemp('lsp'))
    convert(root, root / 'annotations')
    return root


def lsp(root, convention='oc', split='train', **kwargs):
    return LSPDataset(
        convention=convention, split=split, data_root=str(root), **kwargs
    )


class TestSample:
    def test_position_state_and_box(self, root):
        info = lsp(root)[0]
        k = np.arange(14)
        expected = np.stack([10 + 2 * k, 20 + 3 * k], axis=1)
        np.testing.assert_array_equal(info['keypoints'], expected[None])
        # right wrist 6 and right elbow 7 are occluded, and have a position
        states = [0] * 6 + [1, 1] + [0] * 6
        assert info['landmark_visibility'].tolist() == [states]
        assert info['keypoints_visible'].tolist() == [[1] * 14]
        # 10 .. 36 and 20 .. 59, widened by 3.9
        np.testing.assert_allclose(
            info['bbox'], [[6.1, 16.1, 39.9, 62.9]], rtol=1e-6
        )
        assert (info['id'], info['img_id']) == (1, 1)
        assert info['ori_shape'] == (HEIGHT, WIDTH)
        assert Path(info['img_path']) == root / 'images/im0001.jpg'
        assert Path(info['img_path']).is_file()

    def test_joint_outside_the_picture_keeps_its_place(self, root):
        info = lsp(root)[1]
        assert info['keypoints'][0, 13].tolist() == [58, -1]
        assert info['landmark_visibility'][0, 13] == 0
        assert info['bbox'][0, 1] == 0

    def test_convention_tells_whose_left_it_is(self, root):
        oc, pc = (lsp(root, c, 'test')[0] for c in ('oc', 'pc'))
        assert oc['img_id'] == pc['img_id'] == BEHIND
        flip = LSP_SET.flip_indices
        for key in ('keypoints', 'landmark_visibility'):
            np.testing.assert_array_equal(oc[key], pc[key][:, flip])

    @pytest.mark.parametrize(
        ('split', 'first'), [('train', 1), ('test', 1001)]
    )
    def test_splits(self, root, split, first):
        dataset = lsp(root, split=split)
        ids = [info['img_id'] for info in dataset]
        assert ids == list(range(first, first + 1000))
        assert dataset.dropped == []


class TestHoldOut:
    """MMEngine's ``indices`` stand in for the missing validation split."""

    @pytest.mark.parametrize(
        ('indices', 'ids'),
        [
            (3, [1, 2, 3]),
            (-2, [999, 1000]),
            ([0, 7, 999], [1, 8, 1000]),
            (list(range(900, 903)), [901, 902, 903]),
        ],
    )
    @pytest.mark.parametrize('serialize_data', [True, False])
    def test_indices(self, root, indices, ids, serialize_data):
        dataset = lsp(root, indices=indices, serialize_data=serialize_data)
        assert [info['img_id'] for info in dataset] == ids

    def test_both_parts_make_the_whole(self, root):
        parts = [lsp(root, indices=i) for i in (900, list(range(900, 1000)))]
        ids = [info['img_id'] for part in parts for info in part]
        assert ids == list(range(1, 1001))

    def test_lazily(self, root):
        dataset = lsp(root, indices=[4], lazy_init=True)
        dataset.full_init()
        assert [info['img_id'] for info in dataset] == [5]


class TestWithMMPose:
    def test_from_a_config_and_flipped(self, root):
        dataset = DATASETS.build(
            dict(type='LSPDataset', data_root=str(root), pipeline=PIPELINE)
        )
        flipped = dataset[0]
        # the right wrist, occluded, is now a left wrist
        states = flipped['landmark_visibility'][0]
        assert np.flatnonzero(states).tolist() == [
            LSP_SET.index('left elbow'),
            LSP_SET.index('left wrist'),
        ]
        # right wrist (22, 38); box centre (23, 39.5), 46.8 high and as wide:
        # x = 112 - (22 - 23) 224 / 46.8, y = 112 + (38 - 39.5) 224 / 46.8,
        # but for the half pixel that the flip is about
        scale = 224 / 46.8
        np.testing.assert_allclose(
            flipped['transformed_keypoints'][0, LSP_SET.index('left wrist')],
            [112 + scale, 112 - 1.5 * scale],
            atol=1,
        )

    def test_class_describes_the_landmarks(self):
        parsed = parse_pose_metainfo(LSPDataset.METAINFO)
        for key, expected in LSP_SET.metainfo().items():
            np.testing.assert_array_equal(parsed[key], expected, key)

    def test_lazy_datasets_need_no_data(self, tmp_path):
        dataset = lsp(tmp_path, lazy_init=True)
        assert dataset.metainfo['num_keypoints'] == 14


class TestPlaces:
    def test_own_file_and_folder(self, root):
        dataset = lsp(
            root,
            ann_file='annotations/lsp_pc_test.json',
            data_prefix=dict(img='photos'),
            lazy_init=True,
        )
        assert dataset.ann_file == str(root / 'annotations/lsp_pc_test.json')
        assert dataset.data_prefix['img'] == str(root / 'photos')

    def test_missing_data_says_what_to_do(self, tmp_path):
        with pytest.raises(FileNotFoundError) as error:
            lsp(tmp_path, 'oc', 'test')
        message = str(error.value)
        assert str(tmp_path / 'annotations/lsp_oc_test.json') in message
        assert 'dfa convert lsp data/lsp' in message
        assert 'sam.johnson.io/research/lsp.html' in message
        assert "convention='oc' need the observer-centric labels" in message

    @pytest.mark.parametrize(
        ('name', 'value'), [('convention', 'OC'), ('split', 'val')]
    )
    def test_misspelt_choices(self, name, value):
        with pytest.raises(ValueError, match=f"{name}='{value}'.*'.*'"):
            LSPDataset(**{name: value})


def test_real_pictures(tmp_path):
    root = SHARED / 'lsp'
    if not root.is_dir():
        pytest.skip(f'{root} is not on this machine')
    convert(root, tmp_path)
    for split in ('train', 'test'):
        dataset = LSPDataset(
            split=split,
            ann_file=str(tmp_path / f'lsp_oc_{split}.json'),
            data_root=str(root),
            pipeline=PIPELINE,
        )
        assert (len(dataset), dataset.dropped) == (1000, [])
        assert dataset[0]['img'].shape == (224, 224, 3)
