import pytest
from mmengine.config import Config

import dfa_mm  # noqa: F401  registers the data sets
from dfa_mm.engine.requirements import (
    MissingFilesError,
    check_files,
    check_test_files,
)


def make_cfg(dataset, init_cfg=None, **others):
    """With the data set to train on, and others by split."""
    loaders = {
        f'{split}_dataloader': each and dict(dataset=each)
        for split, each in dict(train=dataset, **others).items()
    }
    model = dict(backbone=dict(type='VGG', init_cfg=init_cfg))
    return Config(dict(model=model, **loaders))


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
    assert f'dfa convert synth {tmp_path} ' in message


def test_what_to_do_is_said_once_for_all_files_of_a_set(tmp_path):
    train, val, test = (
        fld(tmp_path, split=split) for split in ('train', 'val', 'test')
    )
    with pytest.raises(MissingFilesError) as info:
        check_files(make_cfg(train, val=val, test=test))
    message = str(info.value)
    for split in ('train', 'val', 'test'):
        assert f'fld_all_{split}.json' in message
    assert 'do not exist' in message
    assert '\n' not in message
    assert message.count('dfa convert synth') == 1


@pytest.mark.parametrize('split', ['val', 'test'])
def test_what_is_read_after_the_training_is_missed_before(annotations, split):
    train = fld(annotations, subset='upper')
    other = fld(annotations, subset='upper', split=split)
    with pytest.raises(MissingFilesError, match=f'fld_upper_{split}.json'):
        check_files(make_cfg(train, **{split: other}))
    check_files(make_cfg(train, **{split: None}))


def test_a_test_needs_the_annotations_of_the_test_split_alone(annotations):
    train = fld(annotations, subset='full')
    test = fld(annotations, subset='upper')
    weights = dict(type='Pretrained', checkpoint='nowhere.pth')
    check_test_files(make_cfg(train, weights, test=test))
    with pytest.raises(MissingFilesError, match='fld_full_train.json'):
        check_test_files(make_cfg(test, test=train))


def test_a_test_needs_its_checkpoint(annotations):
    there = fld(annotations, ann_file='annotations/fld_upper_train.json')
    cfg = make_cfg(there, test=there)
    cfg.load_from = 'nowhere.pth'
    with pytest.raises(MissingFilesError, match='no checkpoint nowhere.pth'):
        check_test_files(cfg)
    cfg.load_from = 'https://example.org/model.pth'
    check_test_files(cfg)


def test_default_names_are_those_of_the_dataset(annotations):
    (annotations / 'annotations' / 'fld_all_train.json').touch()
    check_files(make_cfg(fld(annotations)))


def test_lsp_is_checked_with_its_own_help(tmp_path):
    lsp = dict(type='LSPDataset', data_root=str(tmp_path), convention='pc')
    with pytest.raises(MissingFilesError, match='dfa convert lsp') as info:
        check_files(make_cfg(lsp))
    assert 'annotations/lsp_pc_train.json' in str(info.value)


def test_any_dataset_with_annotations_is_checked(tmp_path):
    coco = dict(type='CocoDataset', data_root=str(tmp_path), ann_file='a.json')
    repeated = dict(type='RepeatDataset', times=2, dataset=coco)
    with pytest.raises(MissingFilesError, match=r'a.json does .* a CocoD'):
        check_files(make_cfg(repeated))
    (tmp_path / 'a.json').touch()
    check_files(make_cfg(repeated))


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


def test_what_has_an_address_is_left_to_mmengine(annotations):
    init_cfg = dict(type='Pretrained', checkpoint='torchvision://vgg16')
    check_files(make_cfg(fld(annotations, subset='upper'), init_cfg))
    check_files(make_cfg(dict(type='CocoDataset', ann_file='s3://a/b.json')))


def test_dataset_without_a_root(annotations):
    # data_root is optional in FLDDataset
    path = annotations / 'annotations' / 'fld_upper_train.json'
    check_files(make_cfg(dict(type='FLDDataset', ann_file=str(path))))
