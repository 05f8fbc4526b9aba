import json
from pathlib import Path

import numpy as np
import pytest
from demo_files import load_script
from hypothesis import given
from hypothesis import strategies as st
from lsp_files import (
    BEHIND,
    CROSSED,
    HEIGHT,
    OC,
    PC,
    WIDTH,
    observer_centric,
    person_centric,
    write_images,
    write_joints,
    write_lsp,
)

from dfa_mm.datasets.raw_data import RawDataError
from dfa_mm.structures import LSP_SET
from projects.commands.lsp_coco import (
    BOX_MARGIN,
    convert,
    outside,
    widened_box,
)
from projects.commands.lsp_raw import (
    JOINT_FILES,
    check_agreement,
    find_joint_files,
    read_joints,
)

REPO = Path(__file__).parents[2]
lsp2coco = load_script('tools/dataset_converters/lsp2coco.py')
FILES = {
    f'lsp_{convention}_{split}.json'
    for convention in ('oc', 'pc')
    for split in ('train', 'test')
}


@pytest.fixture(scope='module')
def root(tmp_path_factory):
    """Read only."""
    return write_lsp(tmp_path_factory.mktemp('lsp'))


@pytest.fixture(scope='module')
def out(root):
    convert(root, root / 'annotations')
    return root / 'annotations'


def read(folder, name):
    return json.loads((folder / f'lsp_{name}.json').read_text())


def annotation(folder, name, number):
    records = read(folder, name)['annotations']
    return next(x for x in records if x['id'] == number)


def joint(record, name):
    k = 3 * LSP_SET.index(name)
    return record['keypoints'][k : k + 3]


def convert_blind(root, **kwargs):
    return convert(root, root / 'out', check_images=False, **kwargs)


class TestRecords:
    def test_four_files_and_nothing_else(self, out):
        assert {path.name for path in out.iterdir()} == FILES

    @pytest.mark.parametrize('convention', ['oc', 'pc'])
    def test_first_thousand_train_the_others_test(self, out, convention):
        for split, first in (('train', 1), ('test', 1001)):
            data = read(out, f'{convention}_{split}')
            numbers = list(range(first, first + 1000))
            assert [image['id'] for image in data['images']] == numbers
            assert [x['image_id'] for x in data['annotations']] == numbers

    def test_image(self, out):
        assert read(out, 'pc_test')['images'][0] == dict(
            id=1001, file_name='im1001.jpg', width=WIDTH, height=HEIGHT
        )

    def test_annotation(self, out):
        record = annotation(out, 'pc_train', 1)
        keypoints = [v for k in range(14) for v in (10 + 2 * k, 20 + 3 * k, 2)]
        # right wrist 6 and right elbow 7 are occluded
        keypoints[3 * 6 + 2] = keypoints[3 * 7 + 2] = 1
        assert record['keypoints'] == keypoints
        # joints from (10, 20) to (36, 59); long side 39, a tenth of it is 3.9
        assert record['bbox'] == pytest.approx([6.1, 16.1, 33.8, 46.8])
        assert record['area'] == pytest.approx(33.8 * 46.8)
        assert (record['num_keypoints'], record['iscrowd']) == (14, 0)
        assert record['category_id'] == 1

    def test_joint_above_the_picture(self, out):
        record = annotation(out, 'pc_train', 2)
        assert joint(record, 'head top') == [58, -1, 2]
        # joints from (10, -1) to (58, 56), long side 57: (4.3, -6.7) to
        # (63.7, 61.7), cut at the upper edge 0 and at the width 60
        assert record['bbox'] == pytest.approx([4.3, 0, 55.7, 61.7])

    def test_sides_of_a_person_seen_from_behind(self, out):
        pc, oc = (annotation(out, f'{c}_test', BEHIND) for c in ('pc', 'oc'))
        # k = 4: (18, 32), occluded
        assert joint(pc, 'left knee') == [18, 32, 1]
        assert joint(oc, 'right knee') == [18, 32, 1]
        for name in LSP_SET.landmarks:
            assert joint(oc, name) == joint(pc, LSP_SET.mirror(name))
        assert oc['bbox'] == pc['bbox']

    def test_sides_of_crossed_legs(self, out):
        pc, oc = (annotation(out, f'{c}_train', CROSSED) for c in ('pc', 'oc'))
        assert joint(oc, 'left ankle') == joint(pc, 'right ankle')
        assert joint(oc, 'left wrist') == joint(pc, 'left wrist')

    def test_category(self, out):
        (category,) = read(out, 'oc_train')['categories']
        assert category['keypoints'] == list(LSP_SET.landmarks)
        # right ankle and right knee, counted from 1
        assert category['skeleton'][0] == [1, 2]
        assert category['name'] == 'person'

    def test_info(self, root, out):
        info = read(out, 'oc_train')['info']
        assert info['margin'] == BOX_MARGIN == 0.1
        assert info['convention'] == 'oc'
        assert info['arguments'] == dict(skip_image_check=False, margin=0.1)
        assert str(root) not in (out / 'lsp_oc_train.json').read_text()

    def test_counts(self, root, tmp_path):
        conversion = convert(root, tmp_path)
        # 2 occluded joints in training, 1 in testing; 1 above the picture
        for convention in ('oc', 'pc'):
            assert conversion.counts[convention, 'train'] == {
                'images': 1000,
                'joints': 14000,
                'occluded': 2,
                'outside': 1,
                'images with outside': 1,
            }
            test = conversion.counts[convention, 'test']
            assert (test['occluded'], test['outside']) == (1, 0)


class TestOptions:
    @pytest.fixture
    def blind(self, tmp_path):
        write_joints(tmp_path / 'joints.mat', person_centric())
        return tmp_path

    def test_without_images_there_are_no_sizes(self, blind):
        convert_blind(blind)
        data = read(blind / 'out', 'pc_train')
        assert data['images'][0] == dict(id=1, file_name='im0001.jpg')
        # nothing to cut 63.7 at
        assert data['annotations'][1]['bbox'] == pytest.approx(
            [4.3, 0, 59.4, 61.7]
        )
        assert data['info']['arguments']['skip_image_check'] is True

    @pytest.mark.parametrize(
        ('margin', 'box'), [(0, [10, 20, 26, 39]), (1, [0, 0, 75, 98])]
    )
    def test_margin(self, blind, margin, box):
        # 1: x 10 .. 36 and y 20 .. 59, each widened by 39, cut at 0
        convert_blind(blind, margin=margin)
        data = read(blind / 'out', 'pc_train')
        assert data['annotations'][0]['bbox'] == pytest.approx(box)
        assert data['info']['margin'] == margin

    def test_only_the_labels_that_are_there(self, blind):
        conversion = convert_blind(blind)
        assert conversion.files == dict(pc=blind / 'joints.mat')
        assert {path.name for path in (blind / 'out').iterdir()} == {
            'lsp_pc_train.json',
            'lsp_pc_test.json',
        }

    @pytest.mark.parametrize(
        ('convention', 'name'),
        [(c, name) for c, names in JOINT_FILES.items() for name in names],
    )
    def test_names_of_the_joint_files(self, tmp_path, convention, name):
        (tmp_path / name).touch()
        assert find_joint_files(tmp_path) == {convention: tmp_path / name}

    def test_labels_as_lsp_extended_stores_them(self, tmp_path):
        joints = person_centric()
        write_joints(tmp_path / 'a.mat', joints)
        write_joints(tmp_path / 'b.mat', joints.transpose(1, 0, 2))
        a, b = (read_joints(tmp_path / name) for name in ('a.mat', 'b.mat'))
        np.testing.assert_array_equal(a.points, b.points)
        np.testing.assert_array_equal(a.occluded, b.occluded)
        assert a.points[0, 13].tolist() == [36, 59]
        assert a.occluded.sum() == 3


class TestBox:
    def test_clipped_on_all_sides(self):
        points = np.array([[1.0, 2.0], [59.0, 78.0]])
        low, high = widened_box(points, 0.1, (WIDTH, HEIGHT))
        assert (low.tolist(), high.tolist()) == ([0, 0], [WIDTH, HEIGHT])

    @given(
        st.lists(
            st.tuples(st.floats(0, WIDTH), st.floats(0, HEIGHT)), min_size=1
        ),
        st.floats(0, 2),
    )
    def test_holds_all_joints_and_no_more_than_the_picture(self, xy, margin):
        points = np.array(xy)
        low, high = widened_box(points, margin, (WIDTH, HEIGHT))
        assert (low <= points).all()
        assert (points <= high).all()
        assert (low >= 0).all()
        assert (high <= (WIDTH, HEIGHT)).all()

    def test_edges_belong_to_the_picture(self):
        points = np.array([[0, 0], [60, 80], [60.1, 5], [5, -0.1]])
        assert outside(points, (60, 80)).tolist() == [False, False, True, True]
        assert outside(points, None).tolist() == [False, False, False, True]


def nan_at_left_hip(joints):
    joints[0, 3, 6] = np.nan
    return joints


def flag_two(joints):
    joints[2, 12, 1999] = 2
    return joints


def flag_means_visible(joints):
    joints[2] = 1 - joints[2]
    return joints


class TestErrors:
    BAD_ARRAYS = [
        (nan_at_left_hip, r'im0007\.jpg, left hip: found \(nan, 29\)'),
        (flag_two, r'im2000\.jpg, neck: found the flag 2; expected 0'),
        # 3 of 28000 joints are occluded
        (flag_means_visible, r'flag 1 at 100\.0%.*write 1 - flag'),
        (lambda x: x[:, :, :9], 'joints of 9 pictures; expected 2000'),
        (lambda x: x[:2], r'array of 2 x 14 x 2000; expected 3 x 14 x 2000'),
        (lambda x: x[..., 0], 'array of 3 x 14; expected'),
        (lambda x: x[:, :13], 'array of 3 x 13 x 2000; expected'),
    ]

    @pytest.mark.parametrize(('spoil', 'message'), BAD_ARRAYS)
    def test_bad_array(self, tmp_path, spoil, message):
        write_joints(tmp_path / 'joints.mat', spoil(person_centric()))
        with pytest.raises(RawDataError, match=message) as error:
            convert_blind(tmp_path)
        assert str(tmp_path / 'joints.mat') in str(error.value)
        assert not (tmp_path / 'out').exists()

    def test_other_variable(self, tmp_path):
        write_joints(tmp_path / 'joints.mat', person_centric(), name='pose')
        with pytest.raises(
            RawDataError, match='variables pose; .* named joints'
        ):
            convert_blind(tmp_path)

    @pytest.mark.parametrize('content', [b'', b'<html>not found</html>' * 9])
    def test_no_matlab_file(self, tmp_path, content):
        (tmp_path / 'joints.mat').write_bytes(content)
        with pytest.raises(
            RawDataError, match=r'joints\.mat: found no MATLAB'
        ):
            convert_blind(tmp_path)

    def test_no_joints(self, tmp_path):
        with pytest.raises(FileNotFoundError) as error:
            convert_blind(tmp_path)
        message = str(error.value)
        for name in ('joints.mat', OC, PC, 'lsp-joints-OC.mat'):
            assert name in message
        assert 'sam.johnson.io/research/lsp.html' in message

    def test_same_labels_under_both_names(self, tmp_path):
        for name in (OC, PC):
            write_joints(tmp_path / name, person_centric())
        with pytest.raises(
            RawDataError, match=f'the very labels of {PC}.*Delete'
        ):
            convert_blind(tmp_path)

    def test_files_that_place_a_joint_differently(self, tmp_path):
        joints = person_centric()
        write_joints(tmp_path / PC, joints)
        joints = observer_centric(joints)
        joints[0, 0, 4] += 1.5
        write_joints(tmp_path / OC, joints)
        expected = r'im0005\.jpg, right ankle: found \(11\.5, 20\)'
        with pytest.raises(RawDataError, match=expected):
            convert_blind(tmp_path)

    @pytest.mark.parametrize('margin', [-0.1, float('nan'), float('inf')])
    def test_margin(self, tmp_path, margin):
        with pytest.raises(RawDataError, match=f'margin: found {margin:g}'):
            convert_blind(tmp_path, margin=margin)


class TestImageErrors:
    @pytest.fixture
    def fresh(self, tmp_path):
        write_joints(tmp_path / 'joints.mat', person_centric())
        write_images(tmp_path)
        return tmp_path

    def test_missing(self, fresh):
        (fresh / 'images/im1999.jpg').unlink()
        expected = r'im1999\.jpg: found no file .*--skip-image-check'
        with pytest.raises(RawDataError, match=expected):
            convert(fresh, fresh / 'out')
        assert not (fresh / 'out').exists()

    def test_damaged(self, fresh):
        (fresh / 'images/im0002.jpg').unlink()
        (fresh / 'images/im0002.jpg').write_bytes(b'no picture')
        expected = r'im0002\.jpg: found .* cannot be read'
        with pytest.raises(RawDataError, match=expected):
            convert(fresh, fresh / 'out')

    def test_joints_of_another_version(self, fresh):
        joints = person_centric()
        joints[:2] += 100
        write_joints(fresh / 'joints.mat', joints)
        expected = r'im0001\.jpg: found joints from \(110, 120\) .*60 x 80'
        with pytest.raises(RawDataError, match=expected):
            convert(fresh, fresh / 'out')
        assert not (fresh / 'out').exists()


class TestTool:
    def test_summary(self, root, tmp_path, capsys):
        assert lsp2coco.main([str(root), '--out-dir', str(tmp_path)]) == 0
        printed = capsys.readouterr().out
        rows = [' '.join(line.split()) for line in printed.splitlines()]
        assert 'observer-centric train 1000 14000 2 (0.0%) 1 1' in rows
        assert 'person-centric test 1000 14000 1 (0.0%) 0 0' in rows
        assert f'labels of {root / OC}' in printed
        assert {path.name for path in tmp_path.iterdir()} == FILES

    def test_says_how_the_other_labels_can_be_had(self, tmp_path, capsys):
        write_joints(tmp_path / 'joints.mat', person_centric())
        assert lsp2coco.main([str(tmp_path), '--skip-image-check']) == 0
        printed = capsys.readouterr().out
        assert 'No observer-centric labels: looked for' in printed
        assert 'as lsp-joints-OC.mat, with evaluation code' in printed
        assert (tmp_path / 'annotations/lsp_pc_test.json').is_file()

    def test_error(self, tmp_path, capsys):
        assert lsp2coco.main([str(tmp_path), '--margin', '0.2']) == 2
        printed = capsys.readouterr().err
        assert printed.startswith(f'error: {tmp_path} has no joints')


def test_real_labels(tmp_path):
    root = REPO.parent / 'shared' / 'data' / 'lsp'
    if not root.is_dir():
        pytest.skip(f'{root} is not on this machine')
    joints = {
        name: read_joints(path)
        for name, path in find_joint_files(root).items()
    }
    check_agreement(joints)
    oc, pc = joints['oc'], joints['pc']
    # 2044 occluded joints, whose flag goes where the joint goes
    assert oc.occluded.sum() == pc.occluded.sum() == 2044
    exchanged = (oc.points != pc.points).any(axis=-1)
    flip = LSP_SET.flip_indices
    np.testing.assert_array_equal(
        np.where(exchanged, pc.occluded[:, flip], pc.occluded), oc.occluded
    )
    # whole limbs are exchanged: all, none, or only the arms or the legs
    for limbs in (slice(0, 6), slice(6, 12)):
        assert exchanged[:, limbs].any(1).sum() == (
            exchanged[:, limbs].all(1).sum()
        )
    # seen from the front, the right hip is on the left of the picture
    hips = [x.points[:, 2, 0] < x.points[:, 3, 0] for x in (oc, pc)]
    assert [hip.mean() for hip in hips] == pytest.approx([0.927, 0.6485])
    conversion = convert(root, tmp_path)
    assert conversion.counts['oc', 'train']['outside'] == 1
    assert conversion.counts['oc', 'test']['outside'] == 0
