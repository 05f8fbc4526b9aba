"""Whole composites of drawn photographs."""

from collections import Counter

import cv2
import numpy as np
import pytest
from demo_files import load_script
from drawn_photos import (
    flat_photo,
    write_flat_set,
    write_street_set,
)

from dfa_mm.datasets.fld_coco import convert
from dfa_mm.structures import Visibility
from projects.composites import write as writing
from projects.composites.canvas import (
    Canvas,
    is_hidden,
    tight_box,
)
from projects.composites.cloths import change_cloth
from projects.composites.grabcut import edge_distance
from projects.composites.person import (
    in_photograph,
    photograph,
)
from projects.composites.street_photos import held_out_photos
from projects.composites.write import (
    compose,
    load_sources,
    write_composites,
)
from projects.synthfld.framing import variation

SIZE = 160


@pytest.fixture(scope='module')
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp('photos')
    return (
        write_flat_set(root / 'flat'),
        write_street_set(root / 'street_fld', root / 'street'),
        root / 'street',
        root / 'cut_outs',
    )


@pytest.fixture(scope='module')
def sources(folders):
    return load_sources(*folders, workers=1)


def test_nothing_held_out_is_a_source(sources):
    photos = {photo.name for photo in sources.backdrops.photos}
    assert photos == {'0001.jpg', '0002.jpg'}
    assert {p.name for p in sources.things.photos} == photos
    worn = [g.photo.name for some in sources.worn.values() for g in some]
    assert Counter(worn) == {'0001.jpg': 2, '0002.jpg': 1}
    floors = {garment.image.name for garment in sources.backdrops.floors}
    assert floors == {f'img_{i:08d}.jpg' for i in range(1, 7)}
    assert '2, without 1 for' in sources.report[2]


def test_photographs_that_others_test_on_are_held_out(folders):
    # of the crops here, and of the project's whole photographs
    assert {'0003.jpg', '0049.jpg'} <= held_out_photos(folders[1])


def test_a_worn_garments_tag_and_place(sources):
    shirt = sources.worn[1][0]
    assert shirt.photo.labels[shirt.tag] == 'shirt'
    picture, mask = photograph(shirt)
    assert picture.shape[:2] == mask.shape == (1100, 550)
    # 2.5 times the drawn (75, 199)
    points = in_photograph(shirt, shirt.landmarks)
    assert points[4] == pytest.approx((187.5, 497.5), abs=1)
    assert mask[490, 190] == shirt.tag


@pytest.mark.parametrize('index', range(1, 25))
def test_landmarks_lie_in_the_picture_and_near_the_box(sources, index):
    sample, _ = compose(sources, 3, index, SIZE)
    height, width = sample.image.shape[:2]
    assert max(height, width) == SIZE
    cut = sample.visibility == Visibility.TRUNCATED
    assert np.isnan(sample.landmarks[cut]).all()
    placed = sample.landmarks[~cut]
    x1, y1, x2, y2 = sample.bbox
    assert 0 <= x1 < x2 < width
    assert 0 <= y1 < y2 < height
    assert (placed >= 0).all()
    assert (placed <= (width - 1, height - 1)).all()
    # edges are eroded by a pixel or two
    margin = 4
    assert (placed >= (x1 - margin, y1 - margin)).all()
    assert (placed <= (x2 + margin, y2 + margin)).all()


def _only(scene, monkeypatch):
    monkeypatch.setattr(writing, 'SCENES', {scene: 1})


def test_landmarks_of_laid_garments_sit_on_their_edges(sources, monkeypatch):
    """Pieces are kept to compare the landmarks with their outlines."""
    from projects.composites import laid

    _only('laid', monkeypatch)
    seen = []

    def spy(rng, canvas, patch, pieces, kind, things):
        cover = np.max([piece.alpha for piece in pieces], axis=0)
        sample = finish(rng, canvas, patch, pieces, kind, things)
        seen.append((cover, sample))
        return sample

    finish = laid.finish
    monkeypatch.setattr(laid, 'finish', spy)
    for index in range(1, 13):
        compose(sources, 5, index, SIZE)
    assert len(seen) >= 12
    for cover, sample in seen:
        placed = sample.landmarks[~np.isnan(sample.landmarks).any(1)]
        framed = cv2.copyMakeBorder(cover, 1, 1, 1, 1, cv2.BORDER_CONSTANT)
        assert edge_distance(framed, placed + 1).max() < 0.06 * SIZE


@pytest.mark.parametrize('scene', ['person', 'figure', 'laid'])
def test_every_scene_is_reproducible(sources, monkeypatch, scene):
    _only(scene, monkeypatch)
    one, _ = compose(sources, 7, 1, SIZE)
    same, _ = compose(sources, 7, 1, SIZE)
    other, _ = compose(sources, 8, 1, SIZE)
    assert np.array_equal(one.image, same.image)
    assert np.array_equal(one.visibility, same.visibility)
    assert one.image.shape != other.image.shape or not np.array_equal(
        one.image, other.image
    )


def test_the_folder_is_fld_whatever_the_number_of_workers(sources, tmp_path):
    for workers in (1, 2):
        samples, _ = write_composites(
            sources, tmp_path / str(workers), 10, 1, SIZE, workers, keep=2
        )
    for path in sorted((tmp_path / '1').rglob('*.*')):
        twin = tmp_path / '2' / path.relative_to(tmp_path / '1')
        assert path.read_bytes() == twin.read_bytes()
    assert samples[0].image.any()
    assert not samples[2].image.any()
    conversion = convert(tmp_path / '1', tmp_path / 'coco')
    assert conversion.left_out == 0
    assert conversion.partition_counts == {'train': 10}


def test_what_is_painted_later_hides():
    canvas = Canvas(np.zeros((60, 60, 3), np.uint8))
    white = np.full((60, 60, 3), 255, np.uint8)
    own, thing = np.zeros((2, 60, 60), np.uint8)
    own[20:40, 20:40] = 255
    thing[15:30, 10:50] = 255
    step = canvas.paste(white, own)
    assert not is_hidden(np.array([20.0, 20]), own, canvas.top, step)
    canvas.paste(white // 2, thing)
    assert is_hidden(np.array([20.0, 20]), own, canvas.top, step)
    assert not is_hidden(np.array([20.0, 39]), own, canvas.top, step)
    assert canvas.picture[35, 30].tolist() == [255] * 3
    assert canvas.picture[25, 30].tolist() == [127] * 3
    assert tight_box([own]).tolist() == [20, 20, 39, 39]


def test_variation_by_the_number_cut_off():
    cut = Visibility.TRUNCATED
    assert variation(1, 2, np.array([0, 0, 0, 0, 0, 1])) == 2
    assert variation(1, 2, np.array([0, 0, 0, 0, cut, cut])) == 4
    assert variation(1, 1, np.array([0, 0, cut, cut, cut, cut])) == 5
    assert variation(2, 1, np.array([0, cut, cut, cut])) == 5


def test_new_cloth_changes_the_garment_only():
    picture, mask, _ = flat_photo(1)
    changed = change_cloth(np.random.default_rng(1), picture, mask)
    assert (changed[mask > 0] != picture[mask > 0]).mean() > 0.5
    outside = cv2.dilate(mask, np.ones((9, 9), np.uint8)) == 0
    assert np.array_equal(changed[outside], picture[outside])


@pytest.fixture
def command(folders, tmp_path):
    tool = load_script('projects/composites/compose_worn.py')
    flat, street, photos, cut_outs = map(str, folders)

    def call(out, *more, cut_outs=cut_outs):
        return tool.main(
            [
                str(out), '--flat', flat, '--street', street, '--photos',
                photos, '--cut-outs', str(cut_outs), '--num', '3', '--size',
                '96', '--workers', '1', *more,
            ]
        )  # fmt: skip

    return call


def test_the_command_line(command, tmp_path, capsys):
    sheet, out = tmp_path / 'sheet.png', tmp_path / 'out'
    assert command(out, '--contact-sheet', str(sheet)) == 0
    assert 'flat garments: 6 of 6' in capsys.readouterr().out
    assert len(list((out / 'img').iterdir())) == 3
    assert cv2.imread(str(sheet)).size
    (out / 'img/mine.jpg').write_text('mine')
    assert command(out) == 2
    assert '--overwrite' in capsys.readouterr().err
    assert command(out, '--overwrite') == 0
    assert len(list((out / 'img').iterdir())) == 4
    assert command(tmp_path / 'x', '--flat', str(tmp_path)) == 1
    assert 'list_landmarks.txt' in capsys.readouterr().err


def test_other_pictures_in_the_folders_are_not_touched(
    command, tmp_path, capsys
):
    mine = tmp_path / 'out/img/img_00000001.jpg'
    mask = tmp_path / 'cut_outs/img_00000001.png'
    for path in (mine, mask):
        path.parent.mkdir(parents=True)
        path.write_text('mine')
    assert command(tmp_path / 'out', '--overwrite') == 2
    assert 'holds img, which compose_worn.py did' in capsys.readouterr().err
    assert command(tmp_path / 'new', cut_outs=mask.parent) == 2
    assert 'holds img_00000001.png, which cut' in capsys.readouterr().err
    assert mine.read_text() == mask.read_text() == 'mine'


def test_cut_outs_may_lie_in_the_folder(command, tmp_path):
    out = tmp_path / 'out'
    for more in ([], ['--overwrite']):
        assert command(out, *more, cut_outs=out / 'cutouts') == 0
    assert len(list((out / 'cutouts').glob('*.png'))) == 6
