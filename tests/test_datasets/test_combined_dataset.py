import pytest
from fld_files import write_fld
from mmengine.registry import DefaultScope
from mmpose.registry import DATASETS

from dfa_mm.datasets.fld_coco import convert
from dfa_mm.structures import FLD_SETS

PIPELINE = [dict(type='LoadImage'), dict(type='PackLandmarkInputs')]


@pytest.fixture
def roots(tmp_path):
    for name in ('a', 'b'):
        convert(write_fld(tmp_path / name), tmp_path / name / 'annotations')
    return tmp_path


def combine(*parts):
    with DefaultScope.overwrite_default_scope('mmpose'):
        return DATASETS.build(
            dict(
                type='CombinedLandmarkDataset',
                datasets=[dict(type='FLDDataset', **part) for part in parts],
                pipeline=PIPELINE,
            )
        )


def test_samples_of_all_parts_go_through_the_pipeline(roots):
    dataset = combine(
        dict(data_root=str(roots / 'a'), split='train'),
        dict(data_root=str(roots / 'b'), split='val'),
    )
    types = [dataset[i]['data_samples'].clothes_type for i in range(2)]
    # the training garment of the first root, the validation one of the second
    assert len(dataset) == 2
    assert types == [1, 2]
    assert '/b/' in dataset[1]['data_samples'].img_path


def test_meta_information_is_that_of_the_subset(roots):
    dataset = combine(
        *(dict(data_root=str(roots / r), subset='upper') for r in 'ab')
    )
    names = dataset.metainfo['keypoint_name2id']
    assert tuple(names) == FLD_SETS['upper'].landmarks


def test_other_landmarks_cannot_be_combined(roots):
    with pytest.raises(ValueError, match='data set 2 has'):
        combine(
            dict(data_root=str(roots / 'a'), subset='upper'),
            dict(data_root=str(roots / 'b'), subset='lower', split='val'),
        )
