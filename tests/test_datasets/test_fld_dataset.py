import json
import logging
from pathlib import Path

import numpy as np
import pytest
from fld_files import HEIGHT, WIDTH, write_fld
from mmengine.config import Config
from mmengine.dataset import ConcatDataset
from mmengine.logging import MMLogger
from mmengine.registry import DefaultScope
from mmpose.datasets import CombinedDataset
from mmpose.datasets.datasets.utils import parse_pose_metainfo
from mmpose.registry import DATASETS

from dfa_mm.datasets import FLDDataset, LandmarkDataset
from dfa_mm.datasets.fld_coco import convert
from dfa_mm.structures import FLD_SETS, LandmarkSet

SHARED = Path(__file__).parents[3] / 'shared' / 'data'
NEEDLE = dict(name='needle', landmarks=['tip', 'eye'], limbs=[['tip', 'eye']])
PIPELINE = [
    dict(type='LoadImage'),
    dict(type='GetBBoxCenterScale', padding=1.0),
    dict(type='RandomFlip', prob=1.0),
    dict(type='TopdownAffine', input_size=(224, 224)),
    dict(
        type='GenerateTarget',
        encoder=dict(type='RegressionLabel', input_size=(224, 224)),
    ),
    dict(type='PackPoseInputs'),
]


@pytest.fixture(autouse=True)
def _mmpose_scope():
    with DefaultScope.overwrite_default_scope('mmpose'):
        yield


@pytest.fixture
def root(tmp_path):
    root = write_fld(tmp_path / 'fld')
    convert(root, root / 'annotations')
    return root


def fld(root, subset='all', split='train', **kwargs):
    return FLDDataset(
        subset=subset, split=split, data_root=str(root), **kwargs
    )


def coco_file(path, annotations, images=None, **top):
    """A file with one image of 100 x 80 unless told otherwise."""
    if images is None:
        images = [dict(id=1, file_name='a.jpg', width=100, height=80)]
    content = dict(images=images, annotations=annotations, **top)
    path.write_text(json.dumps(content))
    return str(path)


def lower(ann_id=1, **changes):
    """An annotation like those of MMPose's own FLD files."""
    return dict(
        dict(
            id=ann_id,
            image_id=1,
            category_id=1,
            bbox=[10.5, 20.0, 30.0, 40.0],
            keypoints=[11, 21, 2, 40, 22, 1, 0, 0, 0, 39, 59, 2],
        ),
        **changes,
    )


def lower_set(tmp_path, annotations, images=None, **kwargs):
    return FLDDataset(
        subset=kwargs.pop('subset', 'lower'),
        ann_file=coco_file(tmp_path / 'a.json', annotations, images),
        data_prefix=dict(img=str(tmp_path)),
        check_pictures=False,
        **kwargs,
    )


class TestSample:
    def test_upper_garment_in_six_slots(self, root):
        info = fld(root, 'upper')[0]
        assert info['bbox'].tolist() == [[5, 10, 100, 120]]
        assert info['landmark_visibility'].tolist() == [[0, 1, 2, 0, 0, 1]]
        assert info['keypoints_visible'].tolist() == [[1, 1, 0, 1, 1, 1]]
        assert info['keypoints'].tolist() == [
            [[10, 20], [50, 21], [0, 0], [0, 60], [100, 120], [90, 110.5]]
        ]
        assert info['num_keypoints'] == 5
        assert (info['clothes_type'], info['variation_type']) == (1, 2)
        assert info['ori_shape'] == (HEIGHT, WIDTH)
        assert Path(info['img_path']) == root / 'img' / 'img_00000001.jpg'

    def test_lower_garment_in_eight_slots(self, root):
        info = fld(root, 'all', 'val')[0]
        assert info['landmark_visibility'].tolist() == [
            [-1, -1, -1, -1, 0, 0, 1, 0]
        ]
        assert info['keypoints_visible'].tolist() == [[0] * 4 + [1] * 4]
        assert info['keypoints'][0, :4].tolist() == [[0, 0]] * 4
        assert info['keypoints'][0, 6].tolist() == [15, 99]
        assert info['clothes_type'] == 2

    def test_has_all_that_the_base_class_gives(self, root):
        info = fld(root)[0]
        types = dict(
            bbox=np.float32,
            bbox_score=np.float32,
            keypoints=np.float32,
            keypoints_visible=np.float32,
            landmark_visibility=np.int64,
        )
        for key, dtype in types.items():
            assert info[key].dtype == dtype
            assert info[key].shape[0] == 1
        assert (info['id'], info['img_id'], info['category_id']) == (1, 1, 1)
        assert (info['iscrowd'], info['segmentation']) == (0, None)
        assert info['area'] == 95 * 110
        assert info['dataset_name'] == 'fld_all'
        assert info['flip_indices'] == [1, 0, 3, 2, 5, 4, 7, 6]
        assert info['raw_ann_info']['num_keypoints'] == 5

    def test_without_image_sizes(self, root):
        convert(root, root / 'annotations', check_images=False)
        info = fld(root, check_pictures=False)[0]
        assert 'ori_shape' not in info
        assert info['bbox'].tolist() == [[5, 10, 101, 120]]
        # the pictures tell them
        info = fld(root)[0]
        assert info['ori_shape'] == (HEIGHT, WIDTH)
        assert info['bbox'].tolist() == [[5, 10, WIDTH, 120]]

    def test_only_truncated_landmarks(self, tmp_path):
        dataset = lower_set(tmp_path, [lower(keypoints=[7, 8, 0] * 4)])
        assert dataset[0]['landmark_visibility'].tolist() == [[2] * 4]
        assert dataset[0]['keypoints'].tolist() == [[[0, 0]] * 4]
        assert dataset.dropped == []


class TestOtherFiles:
    def test_mmpose_file(self, tmp_path):
        info = lower_set(tmp_path, [lower()])[0]
        assert info['clothes_type'] == 2
        assert info['variation_type'] == 0
        assert info['bbox'].tolist() == [[10.5, 20, 40.5, 60]]
        assert info['landmark_visibility'].tolist() == [[0, 1, 2, 0]]
        assert info['iscrowd'] == 0
        # metrics that rebuild a COCO file ask for both
        assert info['raw_ann_info']['iscrowd'] == 0
        assert info['raw_ann_info']['area'] == 30 * 40

    def test_all_needs_the_clothes_type(self, tmp_path):
        annotation = lower(5, keypoints=[11, 21, 2] * 8)
        with pytest.raises(ValueError, match='annotation 5.*fld2coco'):
            lower_set(tmp_path, [annotation], subset='all')

    def test_clothes_type_of_another_subset(self, tmp_path):
        with pytest.raises(ValueError, match="clothes_type 3.* 2 .*'lower'"):
            lower_set(tmp_path, [lower(clothes_type=3)])

    def test_unknown_variation_type(self, tmp_path):
        with pytest.raises(ValueError, match='annotation 1.*variation_type 6'):
            lower_set(tmp_path, [lower(variation_type=6)])

    def test_landmark_in_a_slot_that_the_garment_lacks(self, tmp_path):
        annotation = lower(clothes_type=2, keypoints=[11, 21, 2] * 8)
        with pytest.raises(ValueError, match='left collar has v=2.*lower'):
            lower_set(tmp_path, [annotation], subset='all')

    def test_landmark_count_of_another_subset(self, tmp_path):
        annotation = lower(9, keypoints=[11, 21, 2] * 6)
        with pytest.raises(ValueError) as error:
            lower_set(tmp_path, [annotation])
        message = str(error.value)
        assert 'a.json, annotation 9: found 18 keypoint values' in message
        assert "subset='lower' has 4 landmarks" in message
        assert "6 landmarks fit 'upper'" in message

    @pytest.mark.parametrize('flag', [3, -1, 0.5])
    def test_unknown_flag(self, tmp_path, flag):
        annotation = lower(4, keypoints=[11, 21, 2] * 3 + [11, 21, flag])
        with pytest.raises(ValueError, match=f'annotation 4.*{flag}'):
            lower_set(tmp_path, [annotation])

    def test_position_that_is_no_number(self, tmp_path):
        annotation = lower(
            4, keypoints=[11, 21, 2, None, 2, 1] + [11, 21, 2] * 2
        )
        with pytest.raises(ValueError, match='annotation 4: .*landmark 1'):
            lower_set(tmp_path, [annotation])

    def test_file_that_is_no_coco_file(self, tmp_path):
        (tmp_path / 'a.json').write_text('[1]')
        with pytest.raises(ValueError, match=r'a\.json, file: .*a list'):
            FLDDataset(
                ann_file=str(tmp_path / 'a.json'),
                data_prefix=dict(img=str(tmp_path)),
            )


class TestDropped:
    # of COCO's own files: nothing that anybody has to mend
    UNUSABLE = [
        (dict(iscrowd=1), 'it marks a crowd'),
        (dict(iscrowd=1, keypoints=[]), 'it marks a crowd'),
        (
            dict(bbox=None, keypoints=[0, 0, 0] * 4),
            'it has no box',
        ),
        (
            dict(bbox=[10, 20, 0, 40], keypoints=[0, 0, 0] * 4),
            'its box is empty within the image',
        ),
    ]

    @pytest.mark.parametrize(('change', 'reason'), UNUSABLE)
    def test_has_a_reason(self, tmp_path, change, reason):
        dataset = lower_set(tmp_path, [lower(1), lower(2, **change)])
        assert dataset.dropped == [(2, reason)]
        assert [info['id'] for info in dataset] == [1]

    def test_no_keypoints(self, tmp_path):
        annotation = lower(2)
        del annotation['keypoints']
        dataset = lower_set(tmp_path, [annotation, lower(3)])
        assert dataset.dropped == [(2, 'it has no keypoints')]

    def test_every_annotation_is_used_or_dropped(self, tmp_path):
        annotations = [
            lower(i, **change) for i, (change, _) in enumerate(self.UNUSABLE)
        ]
        annotations += [lower(i) for i in range(100, 105)]
        dataset = lower_set(tmp_path, annotations, test_mode=True)
        assert len(dataset) == 5
        dropped = sorted(i for i, _ in dataset.dropped)
        assert dropped == list(range(len(self.UNUSABLE)))

    def test_is_logged_once_with_reasons_and_ids(self, tmp_path):
        records = []
        handler = logging.Handler()
        handler.emit = records.append
        logger = MMLogger.get_current_instance()
        logger.addHandler(handler)
        try:
            lower_set(
                tmp_path,
                [lower(1), lower(2, bbox=[1, 1, 0, 9]), lower(3, iscrowd=1)],
                lenient=True,
            )
        finally:
            logger.removeHandler(handler)
        (record,) = [r for r in records if 'left out' in r.getMessage()]
        assert record.levelno == logging.WARNING
        assert '2 of 3 annotations' in record.getMessage()
        assert 'a crowd (ids 3)' in record.getMessage()

    @pytest.mark.parametrize('annotations', [[], [lower(2, iscrowd=1)]])
    def test_nothing_left_is_an_error(self, tmp_path, annotations):
        with pytest.raises(ValueError, match=r'a\.json has no usable sample'):
            lower_set(tmp_path, annotations)

    def test_box_is_clipped_to_the_image(self, tmp_path):
        dataset = lower_set(tmp_path, [lower(bbox=[-5, 15, 200, 90])])
        assert dataset[0]['bbox'].tolist() == [[0, 15, 100, 80]]


class TestPlaces:
    @pytest.mark.parametrize('folder', ['img', 'Img/img', 'Img'])
    def test_image_folder_is_found(self, tmp_path, folder):
        root = write_fld(tmp_path / 'fld', folder)
        convert(root, root / 'annotations')
        path = Path(fld(root)[0]['img_path'])
        assert path == root / folder / 'img_00000001.jpg'
        assert path.is_file()

    def test_explicit_folder_as_in_mmpose(self, root):
        (root / 'img').rename(root / 'pictures')
        dataset = fld(root, data_prefix=dict(img='pictures/'))
        assert Path(dataset[0]['img_path']).is_file()

    @pytest.mark.parametrize('missing', ['annotations', 'img'])
    def test_missing_data_says_what_to_do(self, root, missing):
        (root / missing).rename(root / 'elsewhere')
        with pytest.raises(FileNotFoundError) as error:
            fld(root, 'upper', 'test')
        message = str(error.value)
        assert message.startswith(f'{root / missing}')
        assert 'does not exist' in message
        assert 'dfa convert fld $FLD_ROOT' in message
        assert 'dfa convert synth $FLD_ROOT --num 3000' in message

    def test_lazy_datasets_need_no_data(self, tmp_path):
        dataset = fld(tmp_path, lazy_init=True)
        assert dataset.metainfo['num_keypoints'] == 8

    @pytest.mark.parametrize(
        ('name', 'value'), [('subset', 'uper'), ('split', 'trian')]
    )
    def test_misspelt_choices(self, name, value):
        with pytest.raises(ValueError, match=f"{name}='{value}'.*'.*'"):
            FLDDataset(**{name: value})

    def test_detector_boxes_are_refused(self, root):
        with pytest.raises(ValueError, match=r"bbox_file='d\.json'"):
            fld(root, test_mode=True, bbox_file='d.json')

    def test_bottom_up_is_refused(self, root):
        with pytest.raises(ValueError, match="data_mode='bottomup'"):
            fld(root, data_mode='bottomup')


class TestMetainfo:
    def test_each_instance_has_its_own(self, root):
        before = parse_pose_metainfo(FLDDataset.METAINFO)
        sets = {name: fld(root, name, lazy_init=True) for name in FLD_SETS}
        for name, dataset in sets.items():
            assert dataset.metainfo['dataset_name'] == f'fld_{name}'
            assert dataset.metainfo['num_keypoints'] == len(FLD_SETS[name])
        after = parse_pose_metainfo(FLDDataset.METAINFO)
        assert before['keypoint_id2name'] == after['keypoint_id2name']

    def test_class_describes_all_eight(self):
        parsed = parse_pose_metainfo(FLDDataset.METAINFO)
        for key, expected in FLD_SETS['all'].metainfo().items():
            np.testing.assert_array_equal(parsed[key], expected, key)

    def test_inferencer_finds_it(self):
        # needs the full mmcv unless dfa_mm was imported before
        from mmpose.apis.inference import dataset_meta_from_config

        dataset = dict(type='FLDDataset')
        config = Config(dict(train_dataloader=dict(dataset=dataset)))
        meta = dataset_meta_from_config(config)
        assert meta['keypoint_id2name'][4] == 'left waistline'

    def test_raw_metainfo_may_be_given(self, root):
        dataset = fld(root, metainfo=FLDDataset.METAINFO)
        assert dataset.metainfo['dataset_name'] == 'fld_all'


class TestWithMMPose:
    @pytest.mark.parametrize('subset', ['all', 'upper'])
    def test_standard_pipeline(self, root, subset):
        dataset = DATASETS.build(
            dict(
                type='FLDDataset',
                subset=subset,
                data_root=str(root),
                pipeline=PIPELINE,
            )
        )
        packed = dataset[0]
        assert packed['inputs'].shape == (3, 224, 224)
        labels = packed['data_samples'].gt_instance_labels
        # box 5 10 100 120, centre (52.5, 65), long side 110 to 224 px, and
        # the flip puts the right collar (50, 21) on the left:
        # x = .5 - (50 - 52.5) / 110, y = .5 + (21 - 65) / 110
        expected = [0.5 + 2.5 / 110, 0.5 - 44 / 110]
        assert labels.keypoint_labels[0, 0].tolist() == pytest.approx(
            expected, abs=0.006
        )
        # the truncated left sleeve is now on the right
        assert labels.keypoint_weights[0, :4].tolist() == [1, 1, 1, 0]

    def test_two_datasets_as_one(self, root):
        parts = [fld(root, split=split) for split in ('train', 'val')]
        both = ConcatDataset(parts)
        assert [info['clothes_type'] for info in both] == [1, 2]

    def test_combined_with_a_common_pipeline(self, root):
        parts = [
            dict(type='FLDDataset', split=split, data_root=str(root))
            for split in ('val', 'test')
        ]
        both = CombinedDataset(FLDDataset.METAINFO, parts, PIPELINE)
        samples = [both[i]['data_samples'] for i in range(len(both))]
        assert [sample.img_id for sample in samples] == [2, 3]


class TestLandmarkDataset:
    ANNOTATION = dict(
        id=3, image_id=1, category_id=1, bbox=[0, 0, 9, 9], iscrowd=0
    )

    def dataset(self, tmp_path, keypoints, cls=LandmarkDataset, **kwargs):
        annotation = dict(self.ANNOTATION, keypoints=keypoints)
        path = coco_file(tmp_path / 'a.json', [annotation])
        return cls(ann_file=path, check_pictures=False, **kwargs)

    def test_own_landmarks_from_a_config(self, tmp_path):
        dataset = self.dataset(
            tmp_path, [1, 2, 2, 3, 4, 1], landmark_set=NEEDLE
        )
        assert dataset.metainfo['keypoint_id2name'] == {0: 'tip', 1: 'eye'}
        assert dataset.metainfo['skeleton_links'] == [(0, 1)]
        assert dataset[0]['landmark_visibility'].tolist() == [[0, 1]]
        assert 'clothes_type' not in dataset[0]

    def test_own_class(self, tmp_path):
        class NeedleDataset(LandmarkDataset):
            METAINFO = LandmarkSet(
                'needle', ('left tip', 'right tip')
            ).raw_metainfo()

        dataset = self.dataset(tmp_path, [1, 2, 2, 3, 4, 1], NeedleDataset)
        assert dataset[0]['flip_indices'] == [1, 0]
        assert dataset.metainfo['dataset_name'] == 'needle'

    def test_no_landmarks_at_all(self, tmp_path):
        with pytest.raises(ValueError, match='landmark_set=dict'):
            self.dataset(tmp_path, [1, 2, 2])

    def test_wrong_number(self, tmp_path):
        with pytest.raises(ValueError, match='annotation 3: found 3.*3 x 2'):
            self.dataset(tmp_path, [1, 2, 2], landmark_set=NEEDLE)

    def test_unlabelled_instance_is_dropped(self, tmp_path):
        annotations = [
            dict(self.ANNOTATION, keypoints=[1, 2, 2, 3, 4, 1]),
            dict(self.ANNOTATION, id=4, keypoints=[0] * 6),
        ]
        path = coco_file(tmp_path / 'a.json', annotations)
        dataset = LandmarkDataset(
            ann_file=path, landmark_set=NEEDLE, check_pictures=False
        )
        assert len(dataset) == 1
        assert dataset.dropped == [(4, 'no landmark has a position')]


def test_real_photographs(tmp_path):
    root = SHARED / 'flatlay_fld'
    if not root.is_dir():
        pytest.skip(f'{root} is not on this machine')
    convert(root, tmp_path)
    # MMPose's default padding: RegressionLabel gives no weight to landmarks
    # on the crop's edge, and tight boxes have their landmarks there
    pipeline = [dict(step) for step in PIPELINE]
    pipeline[1]['padding'] = 1.25
    dataset = fld(
        root,
        split='val',
        ann_file=str(tmp_path / 'fld_all_val.json'),
        pipeline=pipeline,
    )
    assert len(dataset) == 172
    assert dataset.dropped == []
    for index in (0, 57, 171):
        placed = dataset.get_data_info(index)['keypoints_visible'][0]
        flipped = placed[dataset.metainfo['flip_indices']]
        labels = dataset[index]['data_samples'].gt_instance_labels
        assert labels.keypoint_weights[0].tolist() == flipped.tolist()
