"""Labels and downloads put together; drawn pictures."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from demo_files import load_script
from PIL import Image
from scipy.io import savemat

from dfa_mm.datasets.fld_coco import convert
from projects.photos.photo_labels import rebuild
from projects.photos.pictures import (
    PhotoError,
    cut,
    different_bits,
    fingerprint,
    labelled_photos,
    resized,
)

ROOT = Path(__file__).parents[3]
LABELS = ROOT / 'projects/photos/labels'
TOOL = 'street2fld.py'


def drawn(width, height, seed):
    """Smooth blobs, as different as photographs are."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 255, (6, 6, 3)).astype(np.uint8)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


@pytest.fixture
def labels(tmp_path):
    """Two pictures: a whole photograph, a window of another one."""
    folder = tmp_path / 'labels'
    whole = resized(drawn(300, 400, 1), (384, 512))
    rows = [
        'image\tsource\twidth\theight\tfingerprint',
        f'img/img_00000001.jpg\ttrain/a.jpg\t384\t512\t{fingerprint(whole)}',
        f'img/img_00000002.jpg\ttrain/b.jpg\t512\t384\t'
        f'{fingerprint(drawn(512, 384, 2))}',
    ]
    for name, lines in {
        'SOURCES.tsv': rows,
        'Anno/list_landmarks.txt': [
            '2', 'names',
            'img/img_00000001.jpg 2 1 0 100 100 0 200 100 0 100 350 0 200 350',
            'img/img_00000002.jpg 2 1 0 100 100 0 200 100 0 100 350 0 200 350',
        ],
        'Anno/list_bbox.txt': [
            '2', 'names', 'img/img_00000001.jpg 100 100 200 350',
            'img/img_00000002.jpg 100 100 200 350',
        ],
        'Eval/list_eval_partition.txt': [
            '2', 'names', 'img/img_00000001.jpg train',
            'img/img_00000002.jpg test',
        ],
    }.items():  # fmt: skip
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text('\n'.join(lines) + '\n')
    return folder


@pytest.fixture
def download(tmp_path):
    folder = tmp_path / 'download'
    (folder / 'train').mkdir(parents=True)
    for name, picture in (
        ('a', drawn(300, 400, 1)),
        ('b', drawn(800, 600, 2)),
    ):
        cv2.imwrite(str(folder / f'train/{name}.jpg'), picture)
    return folder


def test_rebuilds_and_converts(labels, download, tmp_path):
    out = tmp_path / 'out'
    assert rebuild(labels, download, out, TOOL) == {}
    picture = cv2.imread(str(out / 'img/img_00000001.jpg'))
    assert picture.shape == (512, 384, 3)
    conversion = convert(out, out / 'annotations')
    assert conversion.left_out == 0
    assert conversion.partition_counts == {'train': 1, 'test': 1}


def test_missing_pictures_are_named(labels, download, tmp_path):
    (download / 'train/b.jpg').unlink()
    with pytest.raises(PhotoError) as error:
        rebuild(labels, download, tmp_path / 'out', TOOL)
    assert '1 originals (of the 2 pictures)' in str(error.value)
    assert 'train/b.jpg: missing' in str(error.value)
    assert '--allow-missing' in str(error.value)
    assert not (tmp_path / 'out').exists()


def test_a_failing_run_leaves_the_set_as_it_was(labels, download, tmp_path):
    out = tmp_path / 'out'
    rebuild(labels, download, out, TOOL)
    before = {p: p.stat().st_mtime_ns for p in out.rglob('*')}
    (download / 'train/b.jpg').unlink()
    with pytest.raises(PhotoError):
        rebuild(labels, download, out, TOOL)
    assert {p: p.stat().st_mtime_ns for p in out.rglob('*')} == before


def test_allow_missing_leaves_pictures_and_labels_out(
    labels, download, tmp_path
):
    (download / 'train/b.jpg').unlink()
    out = tmp_path / 'out'
    faults = rebuild(labels, download, out, TOOL, allow_missing=True)
    assert faults == {'train/b.jpg': 'missing'}
    conversion = convert(out, out / 'annotations')
    assert conversion.left_out == 0
    assert conversion.partition_counts == {'train': 1}


def test_nothing_at_all_is_refused_even_so(labels, tmp_path):
    with pytest.raises(PhotoError, match='Pass the folder'):
        rebuild(labels, tmp_path, tmp_path / 'out', TOOL, allow_missing=True)
    assert not (tmp_path / 'out').exists()


def test_another_picture_is_noticed(labels, download, tmp_path):
    cv2.imwrite(str(download / 'train/b.jpg'), drawn(800, 600, 3))
    with pytest.raises(PhotoError, match='b.jpg: another picture'):
        rebuild(labels, download, tmp_path / 'out', TOOL)
    cv2.imwrite(str(download / 'train/b.jpg'), drawn(600, 600, 2))
    with pytest.raises(PhotoError, match='512 x 512, not 512 x 384'):
        rebuild(labels, download, tmp_path / 'out', TOOL)
    (download / 'train/b.jpg').write_text('no picture')
    with pytest.raises(PhotoError, match='not a readable picture'):
        rebuild(labels, download, tmp_path / 'out', TOOL)


def test_windows_by_hand():
    picture = np.zeros((1000, 600, 3), np.uint8)
    picture[200:300, 100:150] = 255
    # of the right size already: the very pixels
    part = resized(cut(picture, (100, 200, 150, 300)), (50, 100))
    assert part.shape == (100, 50, 3)
    assert part.min() == 255
    # 768 long: two thirds
    part = cut(picture, (0, 100, 300, 868))
    assert resized(part, (200, 512)).shape == (512, 200, 3)
    assert cut(picture, None) is picture


def test_a_window_beyond_the_original_is_a_fault(tmp_path):
    rows = ['image\tsource\tx_1\ty_1\tx_2\ty_2\twidth\theight\tfingerprint',
            'img/1.jpg\ta.jpg\t50\t50\t90\t90\t40\t40\t0']  # fmt: skip
    (tmp_path / 'SOURCES.tsv').write_text('\n'.join(rows))
    cv2.imwrite(str(tmp_path / 'a.jpg'), drawn(40, 40, 1))
    with pytest.raises(PhotoError, match='0 x 0, not 40 x 40'):
        rebuild(tmp_path, tmp_path, tmp_path / 'out', TOOL)


def test_pictures_turned_by_exif_come_out_upright(labels, download, tmp_path):
    """As a camera held upright writes: lying, and the note to turn it."""
    lying = cv2.rotate(drawn(300, 400, 1), cv2.ROTATE_90_COUNTERCLOCKWISE)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise to show
    path = download / 'train/a.jpg'
    Image.fromarray(lying[..., ::-1]).save(path, exif=exif)
    assert rebuild(labels, download, tmp_path / 'out', TOOL) == {}
    with Image.open(tmp_path / 'out/img/img_00000001.jpg') as picture:
        assert picture.size == (384, 512)
        assert not picture.getexif()


def test_a_fingerprint_by_hand():
    # darker to the right in every one of 8 x 8 steps, then in none
    ramp = np.tile(np.arange(90, 0, -10, dtype=np.uint8), (8, 1))
    falling = cv2.merge([ramp] * 3)
    assert fingerprint(falling) == 'f' * 16
    assert fingerprint(falling[:, ::-1].copy()) == '0' * 16
    assert different_bits('f0', '0f') == 8
    assert different_bits('ff', 'fe') == 1


def test_fingerprints_outlive_resizing_and_coding():
    for seed in range(10):
        picture = drawn(512, 384, seed)
        small = cv2.resize(picture, (224, 168), interpolation=cv2.INTER_AREA)
        coded = cv2.imencode('.jpg', small, [cv2.IMWRITE_JPEG_QUALITY, 60])[1]
        again = cv2.imdecode(coded, cv2.IMREAD_COLOR)
        same = different_bits(fingerprint(picture), fingerprint(again))
        other = different_bits(
            fingerprint(picture), fingerprint(drawn(512, 384, seed + 50))
        )
        assert same <= 3 < 15 < other


@pytest.mark.parametrize(
    ('name', 'pictures', 'photos', 'splits'),
    [
        ('flatlay', 1380, 1380, dict(train=1034, val=172, test=174)),
        ('flatlay2', 231, 231, dict(train=157, val=46, test=28)),
        ('street', 793, 445, dict(train=561, val=116, test=116)),
    ],
)
def test_the_projects_own_labels(name, pictures, photos, splits, tmp_path):
    sources = labelled_photos(LABELS / name)
    assert len(sources) == pictures
    assert len({photo.source for photo in sources}) == photos
    rows = (LABELS / name / 'Eval/list_eval_partition.txt').read_text()
    split_of = dict(row.split() for row in rows.splitlines()[2:])
    counts = {}
    for split in split_of.values():
        counts[split] = counts.get(split, 0) + 1
    assert counts == splits
    # one photograph, one split
    seen = {}
    for photo in sources:
        split = split_of[photo.image]
        assert seen.setdefault(photo.source, split) == split
    conversion = convert(LABELS / name, tmp_path, check_images=False)
    assert conversion.left_out == 0


def test_no_photograph_is_carried_along():
    kinds = {path.suffix for path in LABELS.rglob('*') if path.is_file()}
    assert kinds == {'.txt', '.tsv', '.md'}


def test_the_command_line(labels, download, tmp_path, capsys):
    tool = load_script('projects/photos/street2fld.py')
    arguments = [str(download), str(tmp_path / 'o'), '--labels', str(labels)]
    assert tool.main(arguments) == 0
    out = capsys.readouterr().out
    assert 'left out: 0' in out
    assert 'fld2coco.py' in out
    (download / 'train/a.jpg').unlink()
    assert tool.main(arguments) == 1
    assert 'train/a.jpg: missing' in capsys.readouterr().err
    assert tool.main([*arguments, '--allow-missing']) == 0
    out = capsys.readouterr().out
    assert 'left out, missing: train/a.jpg' in out
    assert 'left out: 1' in out
    assert tool.main([*arguments, '--allow-missing', '--photos', 'x']) == 1
    assert 'photos holds no *.jpg' in capsys.readouterr().err


def test_each_flat_set_wants_its_own_collection(tmp_path, capsys):
    tool = load_script('projects/photos/flatlay2fld.py')
    arguments = [str(tmp_path), str(tmp_path / 'out')]
    assert tool.main(arguments) == 1
    error = capsys.readouterr().err
    assert '1380 originals' in error
    assert '  train/' in error
    assert tool.main([*arguments, '--set', 'flatlay2']) == 1
    error = capsys.readouterr().err
    assert '231 originals' in error
    assert '  images/' in error
    assert not (tmp_path / 'out').exists()


def test_other_pictures_in_the_folder_are_not_touched(
    labels, download, tmp_path, capsys
):
    tool = load_script('projects/photos/street2fld.py')
    mine = tmp_path / 'o/img/img_00000001.jpg'
    mine.parent.mkdir(parents=True)
    mine.write_text('mine')
    arguments = [str(download), str(tmp_path / 'o'), '--labels', str(labels)]
    assert tool.main(arguments) == 2
    assert 'holds img, which street2fld.py did not' in capsys.readouterr().err
    photos = tmp_path / 'p/photos/0001.jpg'
    photos.parent.mkdir(parents=True)
    photos.write_text('mine')
    arguments[1:2] = [str(tmp_path / 'new'), '--photos', str(tmp_path / 'p')]
    (download / 'photos').mkdir()
    (download / 'photos/0001.jpg').touch()
    savemat(download / 'label_list.mat', dict(label_list=['null']))
    tags = download / 'annotations/image-level/0001.mat'
    tags.parent.mkdir(parents=True)
    savemat(tags, dict(tags=[[0]]))
    assert tool.main(arguments) == 2
    assert 'holds photos, which street2fld.py' in capsys.readouterr().err
    assert mine.read_text() == photos.read_text() == 'mine'


def test_a_second_run_replaces_its_own_files(labels, download, tmp_path):
    out = tmp_path / 'out'
    rebuild(labels, download, out, TOOL)
    (out / 'img/mine.jpg').write_text('mine')
    (download / 'train/b.jpg').unlink()
    rebuild(labels, download, out, TOOL, allow_missing=True)
    assert sorted(path.name for path in (out / 'img').iterdir()) == [
        'img_00000001.jpg', 'mine.jpg',
    ]  # fmt: skip
