import pytest
from mmengine.config import Config

from dfa_mm.engine.requirements import MissingFilesError, check_files


def make_cfg(dataset, init_cfg=None):
    return Config(
        dict(
            model=dict(backbone=dict(type='VGG', init_cfg=init_cfg)),
            train_dataloader=dict(dataset=dataset),
        )
    )


def fld(root, **overrides):
    return dict(type='FLDDataset', data_root=str(root), **overrides)


@pytest.fixture
def annotations(tmp_path):
    folder = tmp_path / 'annotations'
    folder.mkdir()
    (folder / 'fld_upper_train.json').touch()
    return tmp_path


def test_nothing_missing(annotations):
    check_files(make_cfg(fld(annotations, subset='upper')))


def test_missing_data_names_the_file_and_both_ways_on(tmp_path):
    with pytest.raises(MissingFilesError) as info:
        check_files(make_cfg(fld(tmp_path, subset='lower')))
    message = str(info.value)
    assert str(tmp_path / 'annotations/fld_lower_train.json') in message
    assert 'FLD_ROOT' in message
    assert 'synth_fld.py' in message


def test_every_part_of_a_combined_dataset_is_checked(annotations):
    parts = [fld(annotations, subset='upper'), fld(annotations, subset='full')]
    dataset = dict(type='CombinedDataset', datasets=parts)
    with pytest.raises(MissingFilesError, match='fld_full_train') as info:
        check_files(make_cfg(dataset))
    assert 'fld_upper_train' not in str(info.value)


def test_missing_weights_are_named_with_the_remedy(annotations):
    weights = annotations / 'weights' / 'vgg16.pth'
    init_cfg = dict(type='Pretrained', checkpoint=str(weights))
    cfg = make_cfg(fld(annotations, subset='upper'), init_cfg)
    with pytest.raises(MissingFilesError) as info:
        check_files(cfg)
    assert str(weights) in str(info.value)
    assert f'get_pretrained.py {weights.parent}' in str(info.value)
    weights.parent.mkdir()
    weights.touch()
    check_files(cfg)


def test_weights_by_address_are_left_to_mmengine(annotations):
    init_cfg = dict(type='Pretrained', checkpoint='torchvision://vgg16')
    check_files(make_cfg(fld(annotations, subset='upper'), init_cfg))


def test_dataset_without_a_root(annotations):
    # data_root is optional in FLDDataset
    path = annotations / 'annotations' / 'fld_upper_train.json'
    check_files(make_cfg(dict(type='FLDDataset', ann_file=str(path))))


def test_other_datasets_are_not_ours_to_check():
    check_files(make_cfg(dict(type='CocoDataset', ann_file='nowhere.json')))
