import json
import os
import time
import tracemalloc
from pathlib import Path

import cv2
import numpy as np
import pytest
from demo_files import load_script
from fld_files import (
    HEIGHT,
    JOINTS,
    LISTS,
    NAMES,
    WIDTH,
    joint_row,
    replace_row,
    write_fld,
    write_list,
    write_long_fld,
)

from dfa_mm.datasets.fld_coco import REPORT, convert
from dfa_mm.datasets.fld_reader import EDGE_MARGIN
from dfa_mm.datasets.raw_data import RawDataError
from dfa_mm.structures import FLD_SETS, TYPE_SLOTS, from_coco

REPO = Path(__file__).parents[2]
fld2coco = load_script('tools/dataset_converters/fld2coco.py')
LANDMARKS, BOXES, PARTITION = LISTS
FILES = {
    f'fld_{subset}_{split}.json'
    for subset in ('upper', 'lower', 'full', 'all')
    for split in ('train', 'val', 'test')
}


@pytest.fixture
def root(tmp_path):
    return write_fld(tmp_path / 'fld')


def read(folder, name):
    return json.loads((folder / f'fld_{name}.json').read_text())


def only(items):
    (item,) = items
    return item


class TestRecords:
    @pytest.fixture
    def out(self, root, tmp_path):
        convert(root, tmp_path / 'out')
        return tmp_path / 'out'

    def test_twelve_files_and_nothing_else(self, out):
        assert {path.name for path in out.iterdir()} == FILES

    def test_image(self, out):
        image = only(read(out, 'upper_train')['images'])
        assert image == dict(
            id=1, file_name='img_00000001.jpg', width=WIDTH, height=HEIGHT
        )

    def test_annotation(self, out):
        annotation = only(read(out, 'upper_train')['annotations'])
        assert annotation == dict(
            id=1,
            image_id=1,
            category_id=1,
            # 5 10 101 120, cut at the width of 100
            bbox=[5, 10, 95, 110],
            area=95 * 110,
            iscrowd=0,
            # FLD 0, 1, 2 is COCO 2, 1, 0, and the truncated one is nowhere
            keypoints=[10, 20, 2, 50, 21, 1, 0, 0, 0]
            + [0, 60, 2, 100, 120, 2, 90, 110.5, 1],
            num_keypoints=5,
            clothes_type=1,
            variation_type=2,
        )

    def test_slots_that_a_garment_does_not_have(self, out):
        annotation = only(read(out, 'all_val')['annotations'])
        assert annotation['clothes_type'] == 2
        # a lower garment has waistline and hem, the last four slots
        assert annotation['keypoints'] == [0] * 12 + [
            *(20, 10, 2, 60, 10, 2),
            *(15, 99, 1, 70, 98, 2),
        ]
        assert annotation['num_keypoints'] == 4

    def test_every_sample_is_in_its_own_and_in_the_common_file(self, out):
        held = {
            name: [image['id'] for image in read(out, name)['images']]
            for name in (path.stem[4:] for path in out.iterdir())
        }
        assert {name: ids for name, ids in held.items() if ids} == dict(
            upper_train=[1],
            all_train=[1],
            lower_val=[2],
            all_val=[2],
            full_test=[3],
            all_test=[3],
        )

    def test_category(self, out):
        category = only(read(out, 'lower_test')['categories'])
        assert category['keypoints'] == list(FLD_SETS['lower'].landmarks)
        # the first limb joins the two waistline ends, counted from 1
        assert category['skeleton'][0] == [1, 2]
        assert (category['id'], category['name']) == (1, 'clothes')

    def test_info_names_no_path_of_this_machine(self, out, tmp_path):
        info = read(out, 'all_train')['info']
        assert info['arguments'] == dict(skip_image_check=False, lenient=False)
        assert str(tmp_path) not in (out / 'fld_all_train.json').read_text()

    def test_same_input_same_bytes(self, root, out, tmp_path):
        convert(root, tmp_path / 'again')
        for name in FILES:
            again = (tmp_path / 'again' / name).read_bytes()
            assert again == (out / name).read_bytes()


class TestQuirks:
    @pytest.mark.parametrize('images', ['img', 'Img/img', 'Img'])
    def test_where_the_images_may_lie(self, tmp_path, images):
        root = write_fld(tmp_path / 'fld', images)
        convert(root, tmp_path / 'out')
        assert read(tmp_path / 'out', 'all_val')['images'][0]['width'] == WIDTH

    def test_without_images_there_are_no_sizes(self, root, tmp_path):
        for path in (root / 'img').iterdir():
            path.unlink()
        convert(root, tmp_path / 'out', check_images=False)
        data = read(tmp_path / 'out', 'upper_train')
        assert data['images'] == [dict(id=1, file_name='img_00000001.jpg')]
        # nothing to clip 101 at
        assert data['annotations'][0]['bbox'] == [5, 10, 96, 110]

    def test_windows_files_with_bom(self, root, tmp_path):
        convert(root, tmp_path / 'unix')
        for path, rows in LISTS.items():
            rows = [row.replace(' ', '\t ') + '  ' for row in rows]
            write_list(
                root, path, [*rows, ''], 3, newline='\r\n', head='\ufeff'
            )
        convert(root, tmp_path / 'windows')
        for name in FILES:
            assert (tmp_path / 'unix' / name).read_bytes() == (
                tmp_path / 'windows' / name
            ).read_bytes()

    def test_order_of_the_lists_does_not_matter(self, tmp_path):
        sorted_root = write_long_fld(tmp_path / 'sorted', 200)
        shuffled = write_long_fld(tmp_path / 'shuffled', 200, shuffle=True)
        convert(sorted_root, tmp_path / 'a', check_images=False)
        convert(shuffled, tmp_path / 'b', check_images=False)

        def by_name(folder):
            data = read(folder, 'all_train')
            return {
                image['file_name']: dict(annotation, id=0, image_id=0)
                for image, annotation in zip(
                    data['images'], data['annotations']
                )
            }

        assert by_name(tmp_path / 'a') == by_name(tmp_path / 'b')

    def test_turned_photograph(self, root, tmp_path):
        from PIL import Image

        path = root / 'img' / 'img_00000001.jpg'
        exif = Image.Exif()
        exif[0x0112] = 6
        # stored lying, shown standing by cv2 and so by MMPose
        Image.new('RGB', (HEIGHT, WIDTH)).save(path, exif=exif)
        assert cv2.imread(str(path)).shape[:2] == (HEIGHT, WIDTH)
        convert(root, tmp_path / 'out')
        image = read(tmp_path / 'out', 'upper_train')['images'][0]
        assert (image['width'], image['height']) == (WIDTH, HEIGHT)

    @pytest.mark.parametrize(
        ('x', 'good'),
        [
            (WIDTH, True),
            (WIDTH + EDGE_MARGIN, True),
            (WIDTH + EDGE_MARGIN + 1, False),
            (-EDGE_MARGIN, True),
            (-EDGE_MARGIN - 1, False),
        ],
    )
    def test_landmarks_a_little_outside(self, root, tmp_path, x, good):
        row = f'{NAMES[1]} 2 1  0 {x} 10  0 60 10  1 15 99  0 70 98'
        replace_row(root, LANDMARKS, 1, row)
        replace_row(root, BOXES, 1, f'{NAMES[1]} 0 0 100 120')
        if good:
            convert(root, tmp_path / 'out')
            annotation = read(tmp_path / 'out', 'all_val')['annotations'][0]
            assert annotation['keypoints'][12] == x
        else:
            with pytest.raises(RawDataError, match='position'):
                convert(root, tmp_path / 'out')

    def test_truncated_landmarks_may_be_anywhere(self, root, tmp_path):
        row = f'{NAMES[1]} 2 1  2 900 -70  0 60 10  1 15 99  0 70 98'
        replace_row(root, LANDMARKS, 1, row)
        convert(root, tmp_path / 'out')
        annotation = read(tmp_path / 'out', 'lower_val')['annotations'][0]
        assert annotation['keypoints'][:3] == [0, 0, 0]


class TestJoints:
    def test_kept_where_given(self, root, tmp_path):
        complete = ['0 5 6'] * 13 + ['1 7 8']
        rows = [joint_row(NAMES[2], complete), joint_row(NAMES[0], ['0 1 2'])]
        write_list(root, JOINTS, rows)
        conversion = convert(root, tmp_path / 'out')
        full = read(tmp_path / 'out', 'full_test')['annotations'][0]
        # 0 visible is COCO's 2, 1 not visible its 1
        assert full['joints'] == [5, 6, 2] * 13 + [7, 8, 1]
        for name in ('upper_train', 'lower_val'):
            annotation = read(tmp_path / 'out', name)['annotations'][0]
            assert 'joints' not in annotation
        assert conversion.notes['samples without joints'] == 2

    def test_bad_joints_cost_only_the_joints(self, root, tmp_path):
        write_list(root, JOINTS, [joint_row(NAMES[2], ['3 1 2'] * 14)])
        with pytest.raises(RawDataError, match=r'list_joints\.txt:3'):
            convert(root, tmp_path / 'out')
        conversion = convert(root, tmp_path / 'out', lenient=True)
        assert conversion.left_out == 0
        assert conversion.problem_kinds == dict(visibility=1)


def good_row(index, path):
    return LISTS[path][index]


ERRORS = [
    # path, index of the row, new row, line of the error, words in it
    (LANDMARKS, 0, f'{NAMES[0]} 1 2 0 1 2', 3, ['field count', '20']),
    (LANDMARKS, 1, f'{NAMES[1]} 7 1 0 1 2', 4, ['clothes type', "'7'"]),
    (LANDMARKS, 1, f'{NAMES[1]} 2 9 0 1 2', 4, ['variation type', "'9'"]),
    (
        LANDMARKS,
        1,
        f'{NAMES[1]} 2 1 5 1 2' + ' 0 1 2' * 3,
        4,
        ['visibility', "'5'"],
    ),
    (
        LANDMARKS,
        1,
        f'{NAMES[1]} 2 1 0 nan 2' + ' 0 1 2' * 3,
        4,
        ['number', "'nan'"],
    ),
    (
        LANDMARKS,
        1,
        f'{NAMES[1]} 2 1 0 103 2' + ' 0 1 2' * 3,
        4,
        ['position', 'left waistline at (103, 2)', '100 x 120'],
    ),
    (
        LANDMARKS,
        1,
        f'{NAMES[1]} 2 1 1 3 -9' + ' 0 1 2' * 3,
        4,
        ['position', '(3, -9)', 'truncated'],
    ),
    (LANDMARKS, 1, good_row(0, LANDMARKS), 4, ['duplicate', 'img_00000001']),
    (
        LANDMARKS,
        1,
        good_row(1, LANDMARKS).replace('img_00000002', 'img_00000009'),
        4,
        ['missing row', 'img_00000009', 'list_eval_partition.txt'],
    ),
    (BOXES, 0, f'{NAMES[0]} 5 5 50', 3, ['field count', 'x_1 y_1 x_2 y_2']),
    (BOXES, 2, f'{NAMES[2]} 9 9 9 20', 5, ['box', '9 9 9 20']),
    (BOXES, 2, f'{NAMES[2]} 50 9 9 20', 5, ['box', 'x_1 < x_2']),
    (BOXES, 2, f'{NAMES[2]} 100 0 120 9', 5, ['box', '100 x 120']),
    (BOXES, 2, f'{NAMES[2]} 1 0 1x 9', 5, ['number', "'1x'"]),
    (PARTITION, 2, f'{NAMES[2]} tset', 5, ['split', "'tset'", 'train or val']),
    (
        PARTITION,
        2,
        f'{NAMES[0]} val',
        5,
        ['duplicate', 'in val, after train'],
    ),
]


class TestErrors:
    @pytest.mark.parametrize(('path', 'index', 'row', 'line', 'words'), ERRORS)
    def test_bad_row(
        self, root, tmp_path, capsys, path, index, row, line, words
    ):
        replace_row(root, path, index, row)
        out = tmp_path / 'new' / 'out'
        assert fld2coco.main([str(root), '--out-dir', str(out)]) == 2
        message = capsys.readouterr().err
        assert f'{root / path}:{line}: ' in message
        for word in words:
            assert word in message
        assert not (tmp_path / 'new').exists()

    def test_missing_and_broken_images(self, root, tmp_path):
        image = root / 'img' / 'img_00000002.jpg'
        image.write_bytes(b'no image')
        with pytest.raises(RawDataError, match=r'landmarks\.txt:4: image.*be'):
            convert(root, tmp_path / 'out')
        image.unlink()
        with pytest.raises(RawDataError, match=r'txt:4.*--skip-image-check'):
            convert(root, tmp_path / 'out')

    @pytest.mark.parametrize('name', ['../b.jpg', '/etc/passwd', 'link.jpg'])
    def test_pictures_elsewhere(self, root, tmp_path, name):
        picture = (root / 'img' / 'img_00000002.jpg').read_bytes()
        (root / 'b.jpg').write_bytes(picture)
        (root / 'img' / 'link.jpg').symlink_to(root / 'b.jpg')
        for path in LISTS:
            row = LISTS[path][1].replace(NAMES[1], f'img/{name}')
            replace_row(root, path, 1, row)
        with pytest.raises(RawDataError, match=r'txt:4: outside: .*--allow'):
            convert(root, tmp_path / 'out')
        reader = convert(root, tmp_path / 'out', lenient=True)
        assert reader.problem_kinds == dict(outside=1)
        if name != '/etc/passwd':
            convert(root, tmp_path / 'out', allow_outside=True)

    def test_pipe_in_place_of_a_picture(self, root, tmp_path):
        (root / 'img' / 'img_00000002.jpg').unlink()
        os.mkfifo(root / 'img' / 'img_00000002.jpg')
        with pytest.raises(RawDataError, match=r'txt:4: image: .*a pipe'):
            convert(root, tmp_path / 'out')

    @pytest.mark.parametrize('move', [1, -1])
    def test_boxes_of_other_rows(self, tmp_path, move):
        root = write_long_fld(tmp_path / 'fld', 30)
        lines = (root / BOXES).read_text().splitlines()
        # garments of 40 px in a row of their own
        rows, marks = [], []
        for i, line in enumerate(lines[2:]):
            name = line.split()[0]
            x, y = 40 * (i % 5), 50 * (i // 5)
            rows.append((name, f'{x} {y} {x + 30} {y + 40}'))
            places = f'0 {x + 2} {y + 2} 0 {x + 28} {y + 2} '
            places += f'0 {x + 2} {y + 38} 0 {x + 28} {y + 38}'
            marks.append(f'{name} 2 1 {places}')
        write_list(root, LANDMARKS, marks)
        write_list(root, BOXES, [f'{name} {box}' for name, box in rows])
        convert(root, tmp_path / 'right', check_images=False)
        boxes = [box for _, box in rows]
        boxes = boxes[move:] + boxes[:move]
        moved = [f'{name} {box}' for (name, _), box in zip(rows, boxes)]
        write_list(root, BOXES, moved)
        with pytest.raises(RawDataError, match='box'):
            convert(root, tmp_path / 'out', check_images=False)
        with pytest.raises(RawDataError):
            convert(root, tmp_path / 'out', check_images=False, lenient=True)

    @pytest.mark.parametrize(
        ('place', 'message'),
        [
            # codes of COCO: visible 2, and all is truncated
            ('2 {0} 5', r'list_landmarks.txt: visibility: found 0 of 0'),
            # the wearer's left
            ('0 {1} 5', r'list_landmarks.txt: sides: found 12 of 12'),
        ],
    )
    def test_codes_and_sides(self, tmp_path, place, message):
        root = write_long_fld(tmp_path / 'fld', 6)
        names = [
            line.split()[0]
            for line in (root / BOXES).read_text().splitlines()[2:]
        ]
        marks = ' '.join(
            place.format(*xs) for xs in ((5, 25), (25, 5), (6, 24), (24, 6))
        )
        write_list(root, LANDMARKS, [f'{name} 2 1 {marks}' for name in names])
        write_list(root, BOXES, [f'{name} 0 0 30 10' for name in names])
        with pytest.raises(RawDataError, match=message):
            convert(root, tmp_path / 'out', check_images=False, lenient=True)

    @pytest.mark.parametrize('path', LISTS)
    def test_wrong_count(self, root, tmp_path, path):
        write_list(root, path, LISTS[path], count=4)
        with pytest.raises(RawDataError, match=r'\.txt:1: count: found 4'):
            convert(root, tmp_path / 'out')
        assert not (tmp_path / 'out').exists()

    @pytest.mark.parametrize('path', LISTS)
    def test_missing_list(self, root, tmp_path, capsys, path):
        (root / path).unlink()
        assert fld2coco.main([str(root)]) == 2
        assert f'{root / path} is missing' in capsys.readouterr().err
        assert not (root / 'annotations').exists()

    @pytest.mark.parametrize('path', [PARTITION, BOXES])
    def test_rows_without_landmarks(self, root, tmp_path, path):
        extra = LISTS[path][0].replace('img_00000001', 'img_00000004')
        write_list(root, path, [*LISTS[path], extra])
        with pytest.raises(RawDataError) as error:
            convert(root, tmp_path / 'out')
        assert f'{root / path}:6: missing row' in str(error.value)
        assert 'list_landmarks.txt' in str(error.value)

    @pytest.mark.parametrize('path', [PARTITION, BOXES])
    def test_landmarks_without_a_row(self, root, tmp_path, path):
        write_list(root, path, LISTS[path][:2])
        with pytest.raises(RawDataError) as error:
            convert(root, tmp_path / 'out')
        assert f'{root / LANDMARKS}:5: missing row' in str(error.value)
        assert Path(path).name in str(error.value)

    def test_an_error_leaves_earlier_files_alone(self, root, tmp_path):
        convert(root, tmp_path / 'out')
        before = (tmp_path / 'out' / 'fld_all_train.json').read_bytes()
        replace_row(root, BOXES, 2, f'{NAMES[2]} 9 9 9 20')
        with pytest.raises(RawDataError):
            convert(root, tmp_path / 'out')
        after = {path.name for path in (tmp_path / 'out').iterdir()}
        assert after == FILES
        assert before == (tmp_path / 'out/fld_all_train.json').read_bytes()

    def test_nothing_shows_before_the_end(self, root, tmp_path):
        out = tmp_path / 'out'

        def interrupted(rows, total):
            for row in rows:
                assert not list(out.glob('*.json'))
                yield row
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            convert(root, out, progress=interrupted)
        assert not out.exists()


class TestForeignFiles:
    """MMPose's own FLD files have the same names in the same folder."""

    @pytest.mark.parametrize('name', ['fld_upper_train', 'fld_all_test'])
    def test_are_not_written_over(self, root, capsys, name):
        path = root / 'annotations' / f'{name}.json'
        path.parent.mkdir()
        path.write_text('{"info": {}, "images": [], "annotations": []}')
        before = path.read_text()
        assert fld2coco.main([str(root)]) == 2
        error = capsys.readouterr().err
        assert f'{path} was not written by fld2coco.py' in error
        assert '--out-dir' in error
        assert path.read_text() == before
        assert list(path.parent.iterdir()) == [path]

    def test_own_ones_are(self, root, tmp_path):
        convert(root, tmp_path / 'out')
        replace_row(root, LANDMARKS, 1, f'{NAMES[1]} 2 3' + ' 0 9 9' * 4)
        convert(root, tmp_path / 'out')
        (annotation,) = read(tmp_path / 'out', 'lower_val')['annotations']
        assert annotation['variation_type'] == 3


class TestLenient:
    def test_report_has_every_problem(self, root, tmp_path, capsys):
        # sample 1 stays; 2 has two problems; 3 is in two splits
        replace_row(root, LANDMARKS, 1, f'{NAMES[1]} 2 9 0 1 2')
        replace_row(root, BOXES, 1, f'{NAMES[1]} 9 9 9 20')
        partition = [*LISTS[PARTITION], f'{NAMES[2]} train']
        write_list(root, PARTITION, partition, count=9)
        out = tmp_path / 'out'
        args = [str(root), '--out-dir', str(out), '--lenient']
        assert fld2coco.main(args) == 0
        lines = (out / REPORT).read_text().splitlines()
        assert [line.partition(': found')[0] for line in lines] == [
            f'{root / PARTITION}:6: duplicate',
            f'{root / LANDMARKS}:4: variation type',
            f'{root / BOXES}:4: box',
            f'{root / PARTITION}:1: count',
        ]
        printed = capsys.readouterr().out
        assert 'left out: 2 samples' in printed
        assert 'problems with duplicate: 1' in printed
        assert {path.name for path in out.iterdir()} == FILES | {REPORT}
        ids = [
            image['id']
            for split in ('train', 'val', 'test')
            for image in read(out, f'all_{split}')['images']
        ]
        assert ids == [1]

    @pytest.mark.parametrize(('path', 'index', 'row', 'line', 'words'), ERRORS)
    def test_one_bad_row_leaves_the_others(
        self, root, tmp_path, path, index, row, line, words
    ):
        replace_row(root, path, index, row)
        conversion = convert(root, tmp_path / 'out', lenient=True)
        assert (
            f'{root / path}:{line}: '
            in (tmp_path / 'out' / REPORT).read_text()
        )
        assert conversion.left_out == 3 - sum(conversion.samples.values())
        # a name twice in the partition puts in doubt both it and the
        # sample whose row it took
        lost = 2 if words[0] == 'duplicate' and path == PARTITION else 1
        assert conversion.left_out == lost

    def test_nothing_left_is_an_error(self, root, tmp_path):
        for path in (root / 'img').iterdir():
            path.unlink()
        with pytest.raises(RawDataError, match='none of 3 rows'):
            convert(root, tmp_path / 'out', lenient=True)
        assert not (tmp_path / 'out').exists()

    def test_a_strict_run_removes_an_old_report(self, root, tmp_path):
        convert(root, tmp_path / 'out', lenient=True)
        assert (tmp_path / 'out' / REPORT).read_text() == ''
        convert(root, tmp_path / 'out')
        assert not (tmp_path / 'out' / REPORT).exists()


def test_table_compares_with_the_partition(root, capsys):
    assert fld2coco.main([str(root)]) == 0
    printed = capsys.readouterr().out
    rows = [line.split() for line in printed.splitlines()]
    # normal, medium pose, large pose, medium zoom, large zoom, all, listed
    assert ['train', 'upper', *'010001'] in rows
    assert ['train', 'all', *'0100011'] in rows
    assert ['test', 'full', *'000011'] in rows
    assert 'left out: 0 samples' in printed
    assert {path.name for path in (root / 'annotations').iterdir()} == FILES


@pytest.mark.parametrize('shuffle', [False, True])
def test_long_lists_take_seconds(tmp_path, shuffle):
    root = write_long_fld(tmp_path / 'fld', 20_000, shuffle=shuffle)
    start = time.process_time()  # whatever else is running
    conversion = convert(root, tmp_path / 'out', check_images=False)
    assert sum(conversion.samples.values()) == 20_000
    assert time.process_time() - start < 10


@pytest.mark.parametrize('shuffle', [False, True])
def test_long_lists_are_not_held_in_memory(tmp_path, shuffle):
    root = write_long_fld(tmp_path / 'fld', 5000, shuffle=shuffle)
    tracemalloc.start()
    convert(root, tmp_path / 'out', check_images=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # some 430 bytes a row for its name in three indices and its box; the
    # two annotations would be ten times that
    assert peak < 600 * 5000


def test_visibility_comes_back(tmp_path):
    root = write_long_fld(tmp_path / 'fld', 60)
    convert(root, tmp_path / 'out', check_images=False)
    lines = (root / LANDMARKS).read_text().splitlines()[2:]
    seen = 0
    for split in ('train', 'val', 'test'):
        for annotation in read(tmp_path / 'out', f'all_{split}')[
            'annotations'
        ]:
            _, kind, _, *values = lines[annotation['id'] - 1].split()
            slots = list(TYPE_SLOTS[int(kind)])
            flags = np.array(annotation['keypoints'][2::3])[slots]
            assert from_coco(flags).tolist() == list(map(int, values[::3]))
            seen += 1
    assert seen == 60


@pytest.mark.parametrize('name', ['flatlay_fld', 'street_fld'])
def test_real_photographs(tmp_path, name):
    root = REPO.parent / 'shared' / 'data' / name
    if not root.is_dir():
        pytest.skip(f'{root} is not on this machine')
    conversion = convert(root, tmp_path)
    total = {'flatlay_fld': 1380, 'street_fld': 793}[name]
    assert sum(conversion.samples.values()) == total
    assert conversion.left_out == 0
