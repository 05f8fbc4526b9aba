"""Which garments may be labelled, and what is known of them."""

import cv2
import numpy as np
import pytest

from projects.photos.unlabelled import (
    find_garments,
    labelled_sources,
    worn_boxes,
)

LABELS = ['null', 'skin', 'shirt', 'jeans', 'coat', 'dress']


def test_folders_name_the_type(tmp_path):
    for name in ('train/dress/a.jpg', 'test/pants/b.png', 'train/hat/c.jpg'):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        cv2.imwrite(str(path), np.zeros((8, 8, 3), np.uint8))
    garments, skipped = find_garments(tmp_path, {'train/dress/z.jpg'})
    assert [(g.photo.name, *g[1:]) for g in garments] == [
        ('b.png', 2, None),
        ('a.jpg', 3, None),
    ]
    assert skipped == 0
    garments, skipped = find_garments(tmp_path, {'train/dress/a.jpg'})
    assert [g.photo.name for g in garments] == ['b.png']
    assert skipped == 1


def test_nothing_to_label(tmp_path):
    with pytest.raises(FileNotFoundError, match='holds no garments'):
        find_garments(tmp_path, set())


def test_boxes_of_a_mask_by_hand():
    mask = np.zeros((100, 50), np.uint8)
    mask[10:40, 5:30] = 2
    mask[40:90, 10:25] = 3
    mask[0:10, 0:50] = 4  # a coat: the type is not known
    mask[95:97, 0:3] = 5  # six pixels of a dress
    assert worn_boxes(mask, LABELS) == [
        (1, (5, 10, 30, 40)),
        (2, (10, 40, 25, 90)),
    ]


def test_a_garment_in_two_halves_is_left_out():
    mask = np.zeros((100, 50), np.uint8)
    mask[10:30, 5:45] = 2
    mask[50:70, 5:45] = 2
    assert worn_boxes(mask, LABELS) == []


def test_both_names_of_the_column(tmp_path):
    for name, text in (
        ('one', 'image\tsource\nimg/1.jpg\ttrain/a.jpg\n'),
        ('two', 'image\tphoto\nimg/1.jpg\tphotos/7.jpg\n'),
        ('three', 'image\tclothing-dataset-small\nimg/1.jpg\ttrain/c.jpg\n'),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / 'SOURCES.tsv').write_text(text)
    folders = [tmp_path / name for name in ('one', 'two', 'three')]
    assert labelled_sources(folders) == {
        'train/a.jpg', 'photos/7.jpg', 'train/c.jpg',
    }  # fmt: skip
    with pytest.raises(FileNotFoundError, match='for testing'):
        labelled_sources([tmp_path])
