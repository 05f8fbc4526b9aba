"""Files of three garments in two pictures, each wrong in one way."""

import json
import os
from copy import deepcopy

import cv2
import numpy as np
import pytest

from dfa_mm.datasets import LandmarkDataset
from dfa_mm.datasets.checking import check_file
from dfa_mm.datasets.json_files import parse_json
from dfa_mm.datasets.raw_data import RawDataError
from dfa_mm.errors import InputError

SKIRT = dict(
    name='skirt',
    landmarks=('left waist', 'right waist', 'left hem', 'right hem'),
)
BASE = dict(
    images=[
        dict(id=1, file_name='a.png', width=200, height=150),
        dict(id=2, file_name='b.png', width=120, height=160),
    ],
    annotations=[
        dict(
            id=11,
            image_id=1,
            bbox=[20, 30, 60, 80],
            keypoints=[30, 32, 2, 70, 32, 2, 22, 108, 2, 78, 105, 1],
        ),
        dict(
            id=12,
            image_id=1,
            bbox=[100, 40, 80, 100],
            keypoints=[120, 42, 2, 160, 43, 2, 104, 138, 2, 178, 139, 2],
        ),
        dict(
            id=13,
            image_id=2,
            bbox=[40, 60, 70, 90],
            keypoints=[50, 61, 2, 95, 62, 2, 43, 145, 2, 0, 0, 0],
        ),
    ],
    categories=[dict(id=1, name='skirt', keypoints=list(SKIRT['landmarks']))],
)
SIZES = {img['id']: (img['width'], img['height']) for img in BASE['images']}
LAST = ('annotations', 2)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / 'img').mkdir()
    for img in BASE['images']:
        picture = np.full((img['height'], img['width'], 3), 90, np.uint8)
        cv2.imwrite(str(tmp_path / 'img' / img['file_name']), picture)
    return tmp_path


def load(folder, content, **kwargs):
    path = folder / 'labels.json'
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    path.write_bytes(content)
    return LandmarkDataset(
        landmark_set=kwargs.pop('landmark_set', SKIRT),
        ann_file=str(path),
        data_prefix=dict(img=str(folder / 'img')),
        **kwargs,
    )


def changed(*keys, to):
    content = deepcopy(BASE)
    *places, last = keys
    node = content
    for key in places:
        node = node[key]
    node[last] = to
    return content


def without(*keys):
    content = deepcopy(BASE)
    *places, last = keys
    node = content
    for key in places:
        node = node[key]
    del node[last]
    return content


def each(change):
    """``change(ann, img)`` of all annotations."""
    content = deepcopy(BASE)
    images = {img['id']: img for img in content['images']}
    for ann in content['annotations']:
        change(ann, images[ann['image_id']])
    return content


def test_right_file(folder):
    dataset = load(folder, BASE)
    assert [info['id'] for info in dataset] == [11, 12, 13]
    assert dataset.dropped == []
    assert dataset[2]['landmark_visibility'].tolist() == [[0, 0, 0, 2]]


class TestReading:
    @pytest.mark.parametrize(
        'encoding', ['utf-8', 'utf-8-sig', 'utf-16', 'utf-32']
    )
    def test_encodings(self, folder, encoding):
        assert len(load(folder, json.dumps(BASE).encode(encoding))) == 3

    def test_suffix_in_capitals(self, folder):
        load(folder, BASE)
        path = (folder / 'labels.json').rename(folder / 'LABELS.JSON')
        assert len(LandmarkDataset(
            landmark_set=SKIRT,
            ann_file=str(path),
            data_prefix=dict(img=str(folder / 'img')),
        )) == 3  # fmt: skip

    @pytest.mark.parametrize(
        ('text', 'found'),
        [
            (b'', 'no JSON'),
            (b'{"images": [', 'no JSON'),
            (b'{"a": NaN}', 'NaN'),
            (b'{"a": -Infinity}', 'Infinity'),
            (b'[' * 100_000, 'nested too deeply'),
            (b'[' + b'9' * 5000 + b']', 'no JSON'),
            (b'{"a": 1, "a": 2}', "'a' twice"),
            (b'{"id": 7, "bbox": 1, "bbox": 2}', 'with id 7: .*bbox. twice'),
            (b'\xff\xfe{', 'no JSON'),
            (b'\x80\x81', 'no JSON'),
        ],
    )
    def test_no_json(self, text, found):
        with pytest.raises(RawDataError, match=found) as error:
            parse_json(text, 'a.json')
        assert str(error.value).startswith('a.json: ')
        assert str(error.value).isprintable()

    def test_number_too_large_for_a_float(self, folder):
        text = json.dumps(BASE).replace('[20, 30', '[1e999, 30')
        with pytest.raises(InputError, match='annotation 11: box: .*inf'):
            load(folder, text.encode())

    def test_pipe(self, folder):
        os.mkfifo(folder / 'labels')
        with pytest.raises(InputError, match='a folder, a pipe'):
            LandmarkDataset(
                landmark_set=SKIRT, ann_file=str(folder / 'labels')
            )


WRONG = [
    # content, words of the message
    ([BASE], ['file', 'a list', 'images']),
    (without('annotations'), ["no 'annotations'"]),
    (changed('images', to={'1': {}}), ["'images' as", 'a list']),
    (changed('images', 1, to=3), ['image number 2', 'found 3']),
    (changed('images', 1, 'id', to=1), ['image 1', "'a.png' and 'b.png'"]),
    (without('images', 1, 'id'), ['image number 2', "no 'id'"]),
    (changed('images', 1, 'id', to='2'), ["id '2'", 'a whole number']),
    (changed('images', 1, 'id', to=2.0), ['id 2.0']),
    (changed('images', 1, 'id', to=True), ['id True']),
    (changed('images', 1, 'id', to=10**400), ['too many digits']),
    (without('images', 1, 'file_name'), ['image 2', "no 'file_name'"]),
    (changed('images', 1, 'file_name', to=3), ['image 2', 'file_name 3']),
    (changed('images', 1, 'file_name', to=''), ['image 2', "''"]),
    (changed('images', 1, 'file_name', to='c.png'), ['image 2', 'no file']),
    (changed('images', 1, 'width', to=160), ['image 2: size', '120 and 160']),
    (changed('images', 1, 'width', to='120'), ['image 2: size', "'120'"]),
    (changed('images', 1, 'width', to=None), ['image 2: size', 'None']),
    (changed('images', 1, 'width', to=0), ['image 2: size', 'width 0']),
    (without('images', 1, 'width'), ['image 2: size', 'height alone']),
    (without(*LAST, 'id'), ['annotation number 3', "no 'id'"]),
    (changed(*LAST, 'id', to='13'), ['annotation number 3', "'13'"]),
    (changed(*LAST, 'id', to=11), ['annotation 11', '2 times']),
    (without(*LAST, 'image_id'), ['annotation 13', "no 'image_id'"]),
    (changed(*LAST, 'image_id', to='2'), ['annotation 13', "image_id '2'"]),
    (changed(*LAST, 'image_id', to=9), ['annotation 13', 'image_id 9']),
    (changed(*LAST, 'category_id', to='a'), ["category_id 'a'"]),
    (changed(*LAST, 'category_id', to=7), ['category_id 7', 'one of 1']),
    (changed(*LAST, 'iscrowd', to='0'), ["iscrowd '0'", '0 or 1']),
    (changed(*LAST, 'iscrowd', to=False), ['iscrowd False']),
    (changed(*LAST, 'area', to='9'), ["area '9'"]),
    (without(*LAST, 'bbox'), ['annotation 13: box', 'no bbox']),
    (changed(*LAST, 'bbox', to=None), ['annotation 13: box', 'None']),
    (changed(*LAST, 'bbox', to=[1, 2, 3]), ['annotation 13: box']),
    (changed(*LAST, 'bbox', to=['40', 60, 70, 90]), ["'40'", 'numbers']),
    (changed(*LAST, 'bbox', to=[40, 60, 70, True]), ['True']),
    (changed(*LAST, 'bbox', to=[40, 60, -70, 90]), ['above 0']),
    (changed(*LAST, 'bbox', to=[40, 60, 70, 0]), ['above 0']),
    (changed(*LAST, 'bbox', to=[40, 60, 0.7, 0.9]), ['1 pixel or more']),
    (changed(*LAST, 'bbox', to=[120, 60, 70, 90]), ['of 120 x 160']),
    (changed(*LAST, 'bbox', to=[0, 0, 20, 20]), ['13: box', 'visible']),
    (changed(*LAST, 'keypoints', to=None), ['landmarks', 'None']),
    (changed(*LAST, 'keypoints', to=[]), ['landmarks', '[]']),
    (changed(*LAST, 'keypoints', to=[[50, 61, 2]] * 3), ['landmarks']),
    (changed(*LAST, 'keypoints', to=[50, 61, 2]), ['3 keypoint', '3 x 4']),
    (changed(*LAST, 'keypoints', 3, to='95'), ["landmark 1 with x = '95'"]),
    (changed(*LAST, 'keypoints', 4, to=None), ['landmark 1 with y = None']),
    (changed(*LAST, 'keypoints', 2, to=True), ['landmark 0 with v = True']),
    (changed(*LAST, 'keypoints', 2, to=3), ['v = 3 of landmark 0']),
    (changed(*LAST, 'keypoints', 5, to=0.9), ['v = 0.9 of landmark 1']),
    (changed(*LAST, 'keypoints', 0, to=1e9), ['with x = 1000000000.0']),
    (changed(*LAST, 'keypoints', 0, to=123), ['(left waist) at (123, 61)']),
    (changed(*LAST, 'keypoints', 1, to=-3), ['at (50, -3)']),
]  # fmt: skip


class TestStrict:
    @pytest.mark.parametrize(('content', 'words'), WRONG)
    def test_one_line_with_file_and_place(self, folder, content, words):
        with pytest.raises(InputError) as error:
            load(folder, content)
        message = str(error.value)
        assert message.startswith(f'{folder}/labels.json')
        assert message.isprintable()
        for word in words:
            assert word in message

    @pytest.mark.parametrize('name', ['a.png', './a.png'])
    def test_one_picture_in_two_images(self, folder, name):
        content = changed('images', 1, 'file_name', to=name)
        content['images'][1].update(width=200, height=150)
        with pytest.raises(RawDataError, match="'a.png' in 2 images, 1, 2;"):
            load(folder, content)

    def test_little_beyond_the_edge_is_right(self, folder):
        content = changed(*LAST, 'bbox', to=[0, 60, 110, 90])
        for x, right in ((-2, True), (-2.1, False)):
            content['annotations'][2]['keypoints'][0] = x
            if right:
                load(folder, content)
            else:
                with pytest.raises(InputError, match=r'at \(-2.1, 61\)'):
                    load(folder, content)


class TestLenient:
    @pytest.mark.parametrize(('content', 'words'), WRONG[5:])
    def test_the_good_ones_stay(self, folder, content, words):
        dataset = load(folder, content, lenient=True)
        ids = [info['id'] for info in dataset]
        assert ids in ([11, 12], [12], [13], [11, 12, 13])
        used_or_dropped = len(ids) + len(dataset.dropped)
        assert used_or_dropped == len(content['annotations'])

    def test_two_pictures_of_one_id(self, folder):
        content = changed('images', 1, 'id', to=1)
        with pytest.raises(InputError, match='no usable sample.* 3 of 3'):
            load(folder, content, lenient=True)

    def test_reasons(self, folder):
        content = changed(*LAST, 'keypoints', 2, to=3)
        dataset = load(folder, content, lenient=True)
        assert dataset.dropped == [(13, 'of problems with its visibility')]

    def test_other_landmarks_cannot_be_left_out(self, folder):
        content = changed('categories', 0, 'keypoints', to=['a', 'b'])
        with pytest.raises(InputError, match='missing'):
            load(folder, content, lenient=True)


class TestNames:
    def test_other_order_is_followed(self, folder):
        content = deepcopy(BASE)
        order = [3, 1, 0, 2]
        names = content['categories'][0]['keypoints']
        content['categories'][0]['keypoints'] = [names[i] for i in order]
        for ann in content['annotations']:
            values = ann['keypoints']
            ann['keypoints'] = [
                v for i in order for v in values[3 * i : 3 * i + 3]
            ]
        right, found = load(folder, BASE), load(folder, content)
        for a, b in zip(right, found):
            assert a['keypoints'].tolist() == b['keypoints'].tolist()
            states = b['landmark_visibility']
            assert a['landmark_visibility'].tolist() == states.tolist()
            raw = b['raw_ann_info']['keypoints']
            assert a['raw_ann_info']['keypoints'] == raw

    def test_spelling_does_not_matter(self, folder):
        names = ['waist_right', 'LEFT WAIST', 'hemLeft', 'Right.Hem']
        content = changed('categories', 0, 'keypoints', to=names)
        values = load(folder, content)[0]['keypoints'][0].tolist()
        # the first of the file is the right waist
        assert values[:2] == [[70, 32], [30, 32]]

    @pytest.mark.parametrize(
        ('names', 'words'),
        [
            (SKIRT['landmarks'][:3], "missing 'right hem'"),
            ((*SKIRT['landmarks'], 'belt'), "unknown 'belt'"),
            (('left waist',) * 4, "'left waist' after 'left waist'"),
            (('1', '2', '3', '4'), "unknown '1', '2', '3', '4'; missing"),
            ((1, 2, 3, 4), 'a list of names'),
        ],
    )
    def test_other_names(self, folder, names, words):
        content = changed('categories', 0, 'keypoints', to=list(names))
        with pytest.raises(InputError, match=words):
            load(folder, content)

    @pytest.mark.parametrize('categories', [[], [dict(id=1, name='skirt')]])
    def test_without_names_the_order_is_the_sets(self, folder, categories):
        content = changed('categories', to=categories)
        assert load(folder, content)[0]['keypoints'][0, 0].tolist() == [30, 32]

    def test_categories_of_two_orders(self, folder):
        content = deepcopy(BASE)
        names = SKIRT['landmarks'][::-1]
        other = dict(id=2, name='kilt', keypoints=list(names))
        content['categories'].append(other)
        with pytest.raises(InputError, match='category_id None'):
            load(folder, content)
        for ann, category in zip(content['annotations'], (1, 2, 1)):
            ann['category_id'] = category
        content['annotations'][1]['keypoints'] = [
            *(178, 139, 2, 104, 138, 2),
            *(160, 43, 2, 120, 42, 2),
        ]
        values = load(folder, content)[1]['keypoints'][0].tolist()
        assert values[:2] == [[120, 42], [160, 43]]


class TestTogether:
    """Each box alone could be right."""

    def test_corners(self, folder):
        def change(ann, img):
            x, y, w, h = ann['bbox']
            ann['bbox'] = [x, y, x + w, y + h]

        with pytest.raises(InputError, match='x1 y1 x2 y2'):
            load(folder, each(change))

    def test_middle(self, folder):
        def change(ann, img):
            x, y, w, h = ann['bbox']
            ann['bbox'] = [x + w / 2, y + h / 2, w, h]

        with pytest.raises(InputError, match='box'):
            load(folder, each(change))

    @pytest.mark.parametrize(
        ('whole', 'words'),
        [(1, '1 pixel'), (100, 'percent'), (1000, 'thousandths')],
    )
    def test_parts_of_the_picture(self, folder, whole, words):
        for img in BASE['images']:
            size = 20 * img['height'], 20 * img['width'], 3
            path = folder / 'img' / img['file_name']
            cv2.imwrite(str(path), np.zeros(size, np.uint8))

        def change(ann, img):
            img['width'], img['height'] = SIZES[img['id']]
            x, y = whole / img['width'], whole / img['height']
            img['width'] *= 20
            img['height'] *= 20
            ann['bbox'] = [v * s for v, s in zip(ann['bbox'], (x, y) * 2)]
            ann['keypoints'] = [
                v * s for v, s in zip(ann['keypoints'], (x, y, 1) * 4)
            ]

        with pytest.raises(InputError, match=words):
            load(folder, each(change))

    def test_boxes_of_other_rows(self, folder):
        content = deepcopy(BASE)
        anns = content['annotations']
        boxes = [ann['bbox'] for ann in anns]
        for ann, box in zip(anns, boxes[1:] + boxes[:1]):
            ann['bbox'] = box
        with pytest.raises(InputError, match='box'):
            load(folder, content)


class TestPictures:
    def test_turned_by_exif(self, folder):
        from PIL import Image

        exif = Image.Exif()
        exif[0x0112] = 6
        # stored 150 x 200, seen 200 x 150
        image = Image.new('RGB', (150, 200))
        image.save(folder / 'img' / 'a.png', exif=exif)
        assert len(load(folder, BASE)) == 3
        Image.new('RGB', (150, 200)).save(folder / 'img' / 'a.png')
        with pytest.raises(InputError, match='image 1: size.*150 and 200.*E'):
            load(folder, BASE)

    def test_without_sizes_the_picture_counts(self, folder):
        content = deepcopy(BASE)
        for img in content['images']:
            del img['width'], img['height']
        assert len(load(folder, content)) == 3
        cv2.imwrite(
            str(folder / 'img' / 'a.png'), np.zeros((75, 100, 3), np.uint8)
        )
        with pytest.raises(InputError, match='of 100 x 75'):
            load(folder, content)

    @pytest.mark.parametrize(
        'name',
        ['../b.png', '/etc/passwd', 'x/../../b.png', 'C:\\b.png', 'out.png'],
    )
    def test_outside(self, folder, name):
        picture = (folder / 'img' / 'b.png').read_bytes()
        (folder / 'b.png').write_bytes(picture)
        (folder / 'img' / 'out.png').symlink_to(folder / 'b.png')
        content = changed('images', 1, 'file_name', to=name)
        with pytest.raises(InputError, match='image 2: outside.*allow_out'):
            load(folder, content)
        if name in ('../b.png', 'out.png'):
            assert len(load(folder, content, allow_outside=True)) == 3

    def test_names_are_held_even_if_nothing_is_opened(self, folder):
        content = changed('images', 1, 'file_name', to='../b.png')
        with pytest.raises(InputError, match='outside'):
            load(folder, content, check_pictures=False)

    def test_link_within_the_folder(self, folder):
        (folder / 'img' / 'c.png').symlink_to('b.png')
        content = changed('images', 1, 'file_name', to='c.png')
        assert len(load(folder, content)) == 3

    @pytest.mark.parametrize('name', ['pipe', 'loop', 'sub', 'none.png'])
    def test_nothing_to_read(self, folder, name):
        os.mkfifo(folder / 'img' / 'pipe')
        (folder / 'img' / 'loop').symlink_to('loop')
        (folder / 'img' / 'sub').mkdir()
        content = changed('images', 1, 'file_name', to=name)
        with pytest.raises(InputError, match='image 2: picture'):
            load(folder, content)

    def test_addresses(self, folder):
        content = changed('images', 1, 'file_name', to='http://x/b.png')
        with pytest.raises(InputError, match='image 2: picture.*address'):
            load(folder, content)

    def test_names_that_no_file_has(self, folder):
        for name in ('a\0b', '\ud800.png', 'x' * 300):
            content = changed('images', 1, 'file_name', to=name)
            with pytest.raises(InputError, match='image 2: picture'):
                load(folder, content)

    @pytest.mark.parametrize(('change', 'right'), [(-99, False), (9, True)])
    def test_cut_short_and_with_more_behind(self, folder, change, right):
        path = folder / 'img' / 'b.png'
        whole = path.read_bytes()
        path.write_bytes((whole + bytes(9))[: len(whole) + change])
        if right:
            assert len(load(folder, BASE)) == 3
        else:
            with pytest.raises(InputError, match='image 2: picture: .*b.png'):
                load(folder, BASE)

    def test_changed_pictures_are_looked_at_again(self, folder):
        load(folder, BASE)
        path = folder / 'img' / 'b.png'
        cv2.imwrite(str(path), np.zeros((80, 60, 3), np.uint8))
        with pytest.raises(InputError, match='image 2: size'):
            load(folder, BASE)


class TestCheckFile:
    def write(self, folder, content):
        path = folder / 'labels.json'
        path.write_text(json.dumps(content))
        return path

    def test_nothing_wrong(self, folder):
        report = check_file(self.write(folder, BASE))
        assert (list(report), report.good, report.left_out) == ([], 3, 0)

    def test_all_problems_by_kind(self, folder):
        content = changed(*LAST, 'keypoints', 2, to=3)
        content['annotations'][0]['image_id'] = 9
        content['annotations'][1]['id'] = None
        report = check_file(self.write(folder, content))
        assert report.counts() == dict(visibility=1, id=2)
        assert (report.good, report.left_out) == (0, 3)

    def test_mirror_pairs_of_its_names(self, folder):
        names = ['left waist', 'rigth waist', 'left hem', 'right hem']
        content = changed('categories', 0, 'keypoints', to=names)
        (line,) = check_file(self.write(folder, content))
        assert "'left waist' has a side but no right" in line

    def test_fld_garment_without_landmarks(self, folder):
        names = ['left waistline', 'right waistline', 'left hem', 'right hem']
        content = without(*LAST, 'keypoints')
        content['categories'][0]['keypoints'] = names
        content['annotations'][2]['clothes_type'] = 2
        report = check_file(self.write(folder, content))
        assert (list(report), report.good) == ([], 3)

    def test_no_coco_file(self, folder):
        (line,) = check_file(self.write(folder, [1]))
        assert 'a list' in line

    def test_the_first_lines(self, folder):
        content = deepcopy(BASE)
        content['annotations'] *= 30
        report = check_file(self.write(folder, content))
        assert report.counts() == dict(id=3)
        assert report.first(2)[-1] == '... and 1 more of id'
