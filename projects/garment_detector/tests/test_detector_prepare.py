import json

import cv2
import numpy as np
import pytest
from detector_files import JEANS, SHIRT, write_sets

from projects.garment_detector import prepare as module
from projects.garment_detector.prepare import main, prepare


@pytest.fixture
def sets(tmp_path, monkeypatch):
    """Counts of the sets, and the folder they are in."""
    monkeypatch.setattr(module, '_DRAWN', dict(train=3, val=2, test=2))
    write_sets(tmp_path / 'data')
    return prepare(tmp_path / 'data', tmp_path / 'out'), tmp_path / 'out'


def garments(out, name):
    """File to (category, box, ignored) of its garments."""
    content = json.loads((out / f'{name}.json').read_text())
    return {
        image['file_name'].split('/')[-1]: [
            (one['category_id'], one['bbox'], one['iscrowd'])
            for one in content['annotations']
            if one['image_id'] == image['id']
        ]
        for image in content['images']
    }


def coco(box):
    """In the copy, 448 of 450 pixels."""
    x_1, y_1, x_2, y_2 = (v * 448 / 450 for v in box)
    return pytest.approx([x_1, y_1, x_2 - x_1, y_2 - y_1], abs=0.1)


def test_masks_add_what_labels_lack(sets):
    _, out = sets
    found = garments(out, 'street_train')
    # of the mask, at half the size: within its pixel
    assert found['0001.jpg'] == [
        (1, coco(SHIRT), 0),
        (2, coco(JEANS), 0),
    ]
    # without a mask its tags tell that a lower garment may be anywhere
    assert found['0004.jpg'] == [
        (1, coco(SHIRT), 0),
        (2, pytest.approx([0, 0, 299, 448], abs=0.5), 1),
    ]
    # not labelled at all
    assert [one[::2] for one in found['0005.jpg']] == [(1, 0), (2, 0)]


def test_held_out_photographs_have_their_labels_only(sets):
    counts, out = sets
    assert garments(out, 'street_val') == {
        '0002.jpg': [(1, coco(SHIRT), 0), (2, coco(JEANS), 0)]
    }
    # what is not labelled there is ignored, not counted
    assert garments(out, 'street_test')['0003.jpg'][1] == (2, coco(JEANS), 1)
    assert counts['street_test'] == (1, 1, 1)


def test_flat_sets_and_those_held_out_by_sender(sets):
    counts, out = sets
    for name in ('flat_train', 'flat_val', 'senders_val', 'senders_test'):
        assert counts[name] == (1, 1, 0)
    assert 'senders_train' not in counts
    assert len(garments(out, 'senders_val')) == 1


def test_pictures_without_clothes(sets):
    counts, out = sets
    # three drawn, and windows of the two training photographs with masks
    assert counts['none_train'] == (5, 0, 0)
    for name in garments(out, 'none_train'):
        assert cv2.imread(str(out / 'none_train' / name)) is not None


def test_what_is_missing_is_named(tmp_path, capsys):
    write_sets(tmp_path)
    (tmp_path / 'street/masks').rename(tmp_path / 'elsewhere')
    assert main([str(tmp_path), str(tmp_path / 'out')]) == 1
    assert 'street/masks is missing' in capsys.readouterr().err


def test_scenes_are_pictures_without_garments(tmp_path, monkeypatch):
    for name in ('_DRAWN', '_WINDOWS'):
        monkeypatch.setattr(module, name, dict(train=1, val=1, test=1))
    write_sets(tmp_path / 'data')
    for split in ('train', 'val', 'test'):
        (tmp_path / 'scenes' / split).mkdir(parents=True)
        picture = tmp_path / 'scenes' / split / 'sea.png'
        cv2.imwrite(str(picture), np.zeros((600, 896, 3), np.uint8))
    counts = prepare(tmp_path / 'data', tmp_path / 'out', tmp_path / 'scenes')
    assert counts['scenes_val'] == (1, 0, 0)
    copy = cv2.imread(str(tmp_path / 'out/scenes_val/sea.jpg'))
    assert copy.shape == (300, 448, 3)


def test_photographs_of_full_bodies_are_listed_again(sets):
    counts, _ = sets
    assert counts['street_full_train'] == (0, 0, 0)
