import json

import pytest

import dfa_mm  # noqa: F401  registers the data sets
from dfa_mm.engine.annotations import (
    annotation_file,
    content_digest,
    leaf_datasets,
)


@pytest.mark.parametrize(
    ('dataset', 'path'),
    [
        (dict(type='FLDDataset'), 'annotations/fld_all_train.json'),
        (
            dict(type='FLDDataset', data_root='x', subset='upper', split='v'),
            'x/annotations/fld_upper_v.json',
        ),
        (
            dict(type='LSPDataset', data_root='x', convention='pc'),
            'x/annotations/lsp_pc_train.json',
        ),
        (
            dict(type='FLDDataset', data_root='x', ann_file='a.json'),
            'x/a.json',
        ),
        (
            dict(type='CocoDataset', data_root='x', ann_file='/a.json'),
            '/a.json',
        ),
        (dict(type='CocoDataset', ann_file='s3://a/b.json'), 's3://a/b.json'),
        (dict(type='CocoDataset'), None),
        (dict(type='NobodyKnows'), None),
    ],
)
def test_annotation_file_is_the_one_that_is_read(dataset, path):
    assert annotation_file(dataset) == path


def test_wrappers_are_opened():
    a, b, c = (dict(type='CocoDataset', ann_file=name) for name in 'abc')
    wrapped = dict(type='RepeatDataset', dataset=c)
    combined = dict(type='CombinedDataset', datasets=[a, wrapped, b])
    assert list(leaf_datasets(combined)) == [a, c, b]
    assert list(leaf_datasets({})) == []


def test_digest_is_of_what_a_file_says(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text)
        return content_digest(str(tmp_path / name))

    content = dict(info=dict(folder='a'), images=[1], annotations=[2])
    first = write('a.json', json.dumps(content))
    # of another folder, laid out in another way
    moved = dict(content, info=dict(folder='b'))
    assert write('b.json', json.dumps(moved, indent=2)) == first
    assert write('b.json', json.dumps(dict(moved, images=[3]))) != first
    assert write('a.txt', 'a') != write('b.txt', 'b')
    assert content_digest(str(tmp_path / 'nowhere.json')) is None
