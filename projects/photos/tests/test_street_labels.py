"""Whole photographs with several garments; drawn pictures."""

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
from demo_files import load_script
from test_photo_labels import drawn

from dfa_mm.datasets import FLDDataset
from dfa_mm.structures import Visibility
from projects.photos.pictures import PhotoError, fingerprint, labelled_photos
from projects.photos.sources import read_sources
from projects.photos.street_labels import read_garments, rebuild

LABELS = Path(__file__).parents[1] / 'labels'
OWN = LABELS / 'street_photos'
TOOL = 'street2coco.py'
NAMES = [
    f'{side} {part}'
    for part in ('collar', 'sleeve', 'waistline', 'hem')
    for side in ('left', 'right')
]
SHIRT = ['0 40 20', '0 60 20', '1 20 50', '0 80 50', '', '', '2 0 0', '0 70 9']
JEANS = ['', '', '', '', '1 30.5 80', '0 70 80', '0 30 150', '0 70 150']


@pytest.fixture
def labels(tmp_path):
    """A photograph in two garments, half as large as its original."""
    folder = tmp_path / 'labels'
    folder.mkdir()
    sources = ['image\tsource\twidth\theight\tfingerprint\tsplit\tcomplete']
    for number, split in ((1, 'train'), (2, 'val')):
        picture = drawn(100, 160, number)
        name = f'{number:04d}.jpg'
        sources.append(
            f'img/{name}\tphotos/{name}\t100\t160\t{fingerprint(picture)}'
            f'\t{split}\t{"yes" if number == 1 else "no"}'
        )
    garments = ['\t'.join(['image', 'type', 'variation', 'box', *NAMES])]
    for image, kind, box, points in (
        ('0001', 'upper', '20.3 15 60.1 75', SHIRT),
        ('0001', 'lower', '30 78 40 80', JEANS),
        ('0002', 'lower', '30 78 40 80', JEANS),
    ):
        row = [f'img/{image}.jpg', kind, '1', box, *points]
        garments.append('\t'.join(row))
    (folder / 'SOURCES.tsv').write_text('\n'.join(sources) + '\n')
    (folder / 'GARMENTS.tsv').write_text('\n'.join(garments) + '\n')
    return folder


@pytest.fixture
def download(tmp_path):
    folder = tmp_path / 'download'
    (folder / 'photos').mkdir(parents=True)
    for number in (1, 2):
        picture = drawn(200, 320, number)
        cv2.imwrite(str(folder / f'photos/{number:04d}.jpg'), picture)
    return folder


def test_the_data_set_reads_every_garment(labels, download, tmp_path):
    out = tmp_path / 'out'
    assert rebuild(labels, download, out, TOOL) == {}
    data = FLDDataset(data_root=str(out), split='train', pipeline=[])
    shirt, jeans = data[0], data[1]
    assert len(data) == 2
    assert shirt['img_path'] == jeans['img_path'] == str(out / 'img/0001.jpg')
    assert cv2.imread(shirt['img_path']).shape == (160, 100, 3)
    assert (shirt['clothes_type'], jeans['clothes_type']) == (1, 2)
    # x 20.3 and width 60.1
    assert shirt['bbox'][0] == pytest.approx([20.3, 15, 80.4, 90])
    assert jeans['keypoints'][0, 4].tolist() == [30.5, 80]
    assert shirt['landmark_visibility'][0].tolist() == [
        0, 0, 1, 0, Visibility.ABSENT, Visibility.ABSENT, 2, 0,
    ]  # fmt: skip


def test_a_file_per_type_holds_its_garments_only(labels, download, tmp_path):
    rebuild(labels, download, tmp_path / 'out', TOOL)
    counts = {}
    for path in (tmp_path / 'out/annotations').glob('*.json'):
        content = json.loads(path.read_text())
        numbers = len(content['images']), len(content['annotations'])
        counts[path.stem] = numbers
    assert counts['fld_all_train'] == (1, 2)
    assert counts['fld_upper_train'] == counts['fld_lower_train'] == (1, 1)
    assert counts['fld_all_val'] == counts['fld_lower_val'] == (1, 1)
    assert sum(images for images, _ in counts.values()) == 5
    lower = FLDDataset(
        'lower', data_root=str(tmp_path / 'out'), pipeline=[]
    )  # its own four landmarks
    assert lower[0]['keypoints'][0, 0].tolist() == [30.5, 80]


def test_it_says_where_garments_lack(labels, download, tmp_path):
    rebuild(labels, download, tmp_path / 'out', TOOL)
    for split, complete in (('train', True), ('val', False)):
        path = tmp_path / f'out/annotations/fld_all_{split}.json'
        image = json.loads(path.read_text())['images'][0]
        assert image['complete'] is complete
        assert (image['width'], image['height']) == (100, 160)


def test_a_missing_photograph(labels, download, tmp_path):
    (download / 'photos/0001.jpg').unlink()
    out = tmp_path / 'out'
    with pytest.raises(PhotoError, match='photos/0001.jpg: missing'):
        rebuild(labels, download, out, TOOL)
    assert not out.exists()
    faults = rebuild(labels, download, out, TOOL, allow_missing=True)
    assert faults == {'photos/0001.jpg': 'missing'}
    content = json.loads((out / 'annotations/fld_all_train.json').read_text())
    assert content['images'] == content['annotations'] == []
    # the others keep their numbers
    content = json.loads((out / 'annotations/fld_all_val.json').read_text())
    assert content['annotations'][0]['id'] == 3


def test_the_command_line_of_whole_photographs(
    labels, download, tmp_path, capsys
):
    tool = load_script('projects/photos/street2coco.py')
    arguments = [str(download), str(tmp_path / 'o'), '--labels', str(labels)]
    assert tool.main(arguments) == 0
    assert 'left out: 0' in capsys.readouterr().out
    assert tool.main([*arguments, '--photos', str(tmp_path / 'all')]) == 1
    assert 'label_list.mat' in capsys.readouterr().err
    assert not (tmp_path / 'all').exists()
    (tmp_path / 'mine').mkdir()
    (tmp_path / 'mine/img').write_text('mine')
    arguments[1] = str(tmp_path / 'mine')
    assert tool.main(arguments) == 2
    assert 'street2coco.py did not write' in capsys.readouterr().err


def test_the_projects_own_photographs():
    photos, rows = labelled_photos(OWN), read_sources(OWN)
    splits = Counter(row['split'] for row in rows)
    assert splits == dict(train=703, val=113, test=113)
    assert len({photo.source for photo in photos}) == 929
    garments = read_garments(OWN)
    assert garments.keys() == {photo.image for photo in photos}
    kinds = Counter(
        (garment.split, garment.labels.clothes_type)
        for found in garments.values()
        for garment in found
    )
    assert kinds == {
        ('train', 1): 554, ('train', 2): 529, ('train', 3): 185,
        ('val', 1): 84, ('val', 2): 83, ('val', 3): 33,
        ('test', 1): 91, ('test', 2): 89, ('test', 3): 23,
    }  # fmt: skip
    states = Counter(
        state
        for found in garments.values()
        for garment in found
        for state, _, _ in garment.labels.landmarks
    )
    assert states == {Visibility.VISIBLE: 6418, Visibility.OCCLUDED: 2688}
    for photo in photos:
        for garment in garments[photo.image]:
            box = np.array(garment.box)
            assert (box[:2] < box[2:]).all()
            assert (box >= 0).all()
            # tenths of a pixel, added
            assert (box[2:] <= np.array(photo.size) + 0.01).all()


def test_crops_and_whole_photographs_agree_on_splits():
    """Which set a model was trained on, the other's test is unseen."""
    crops = LABELS / 'street'
    lines = (crops / 'Eval/list_eval_partition.txt').read_text().splitlines()
    split_of = dict(line.split() for line in lines[2:])
    whole = {row['source']: row['split'] for row in read_sources(OWN)}
    incomplete = {
        row['source'] for row in read_sources(OWN) if row['complete'] == 'no'
    }
    assert incomplete == {photo.source for photo in labelled_photos(crops)}
    for photo in labelled_photos(crops):
        assert split_of[photo.image] == whole[photo.source]
