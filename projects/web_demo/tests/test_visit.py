import argparse
import json
import struct
import zlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from mmengine.structures import InstanceData
from PIL import Image

from dfa_mm.apis import Garment, InputError
from dfa_mm.structures import FLD_SETS, Visibility
from projects.web_demo.visit import (
    Visit,
    choosing_picture,
    click,
    close,
    find_garments,
    fit,
    open_photo,
    pixels,
    result_picture,
    shown_factor,
    write_answer,
)


def visit_of(height, width, **fields):
    """A visit and its black photo."""
    image = np.zeros((height, width, 3), np.uint8)
    return Visit('a.jpg', '', '', (width, height), **fields), image


@pytest.mark.parametrize(
    ('height', 'width', 'factor'),
    [
        (2048, 1024, 0.5),
        (1024, 10, 1.0),
        (400, 300, 1.0),
        (96, 192, 2.0),  # 384 pixels at least
        (1, 1, 384.0),
    ],
)
def test_how_pictures_are_shown(height, width, factor):
    image = np.zeros((height, width, 3), np.uint8)
    assert shown_factor((width, height), 1024) == factor
    shown, told = fit(image, 1024)
    assert told == factor
    assert shown.shape[:2] == (height * factor, width * factor)


def test_a_thread_of_a_picture_stays_one():
    shown, _ = fit(np.zeros((4096, 1, 3), np.uint8), 1024)
    assert shown.shape == (1024, 1, 3)


def test_a_click_is_told_in_pixels_of_the_photo():
    visit = click(
        visit_of(2048, 1024)[0], (100, 200)
    )  # shown at half its size
    assert visit.corners == ((200, 400),)
    visit = click(visit_of(96, 192)[0], (100, 50))  # at twice its size
    assert visit.corners == ((50, 25),)


def test_a_click_beyond_the_photo_is_at_its_edge():
    visit = click(visit_of(96, 192)[0], (99999, 50))
    assert visit.corners == ((192, 25),)


def test_the_chosen_corner_is_where_the_click_was():
    visit, image = visit_of(2048, 2048)
    visit = click(visit, (300, 200))
    drawn = np.argwhere(choosing_picture(visit, image).any(axis=2))
    np.testing.assert_allclose(drawn.mean(axis=0), (200, 300), atol=0.5)


def test_all_kinds_of_pictures(tmp_path):
    rng = np.random.default_rng(0)
    shades = rng.integers(0, 256, (30, 20, 1), np.uint8).repeat(3, axis=2)
    colour = Image.fromarray(shades)
    colour.save(tmp_path / 'colour.png')
    colour.convert('L').save(tmp_path / 'grey.png')
    colour.putalpha(255)
    colour.save(tmp_path / 'rgba.png')
    exif = Image.Exif()
    exif[0x112] = 6  # to be turned clockwise by 90 degrees when shown
    turned = Image.fromarray(shades).transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / 'turned.png', exif=exif)
    for name in ('colour.png', 'grey.png', 'rgba.png', 'turned.png'):
        visit, image = open_photo(str(tmp_path / name), str(tmp_path))
        np.testing.assert_array_equal(image, shades, name)
        np.testing.assert_array_equal(pixels(visit), shades, name)
        assert visit.name == name


@pytest.mark.parametrize(
    ('content', 'words'),
    [
        (b'no picture', 'a.jpg cannot be read as a picture'),
        (b'', 'a.jpg is empty'),
        (None, 'a.jpg is not there any more'),
        ('half', 'a.jpg'),
    ],
)
def test_bad_files_are_named_without_their_folder(tmp_path, content, words):
    if content == 'half':
        image = np.random.default_rng(0).integers(0, 256, (64, 64, 3))
        jpeg = cv2.imencode('.jpg', image)[1].tobytes()
        content = jpeg[: len(jpeg) // 2]
    if content is not None:
        (tmp_path / 'a.jpg').write_bytes(content)
    with pytest.raises(InputError, match=words) as error:
        open_photo(str(tmp_path / 'a.jpg'), str(tmp_path))
    assert str(tmp_path) not in str(error.value)


def test_an_address_is_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr('dfa_mm.apis.pictures.download', None)
    with pytest.raises(InputError, match='b.png is not there'):
        open_photo('https://example.org/b.png', str(tmp_path))


def test_the_files_of_a_visit_go_with_it(photo, tmp_path):
    folder = tmp_path / 'visit'
    folder.mkdir()
    visit, _ = open_photo(str(photo), str(folder))
    (folder / 'a.json').write_text('{}')
    close(visit)
    assert list(tmp_path.iterdir()) == []
    close(None)  # before the first photo


@pytest.fixture
def opened(photo, tmp_path):
    """A visit and the pixels of its photo."""
    return open_photo(str(photo), str(tmp_path))


def test_all_garments_unless_one_is_asked_for(find, opened):
    visit, image = opened
    visit = find_garments(find, visit, image)
    assert [one.type for one in visit.garments] == ['upper', 'lower']
    assert [one.score for one in visit.garments] == [0.75, 0.5]
    lower = replace(visit, clothes_type='lower')
    (skirt,) = find_garments(find, lower, image).garments
    assert skirt.box.tolist() == visit.garments[1].box.tolist()
    (whole,) = find_garments(find, replace(lower, whole=True), image).garments
    height, width = image.shape[:2]
    assert whole.box.tolist() == [0, 0, width, height]
    assert whole.type == 'lower'


def test_stages_are_drawn_from_one_prediction(find, opened):
    visit, image = opened
    visit = find_garments(find, visit, image)
    pictures = [
        result_picture(find, visit, image, s, False) for s in (1, 2, 3)
    ]
    assert pictures[0].shape[0] == 384
    assert (pictures[0] != pictures[1]).any()
    assert (pictures[1] != pictures[2]).any()
    one = find_garments(find, replace(visit, whole=True), image)
    height, width = image.shape[:2]
    panel = round(480 * width / max(width, height))
    beside = result_picture(find, one, image, 3, True)
    assert beside.shape[1] == 3 * panel + 2 * 4  # three panels, two gaps
    both = result_picture(find, visit, image, 3, True)
    assert both.shape[0] > beside.shape[0]  # a row for each


def test_huge_pictures_are_drawn_at_half_their_size(find):
    names = find.meta['keypoint_name2id']
    states = np.full((1, len(names)), int(Visibility.ABSENT))
    for name in FLD_SETS['lower'].landmarks:
        states[0, names[name]] = Visibility.VISIBLE
    points = np.full((1, len(names), 2), [1000.0, 3000.0])
    pred = InstanceData(
        keypoints=points,
        bboxes=np.array([[0.0, 0, 4096, 4096]]),
        landmark_visibility=states,
        stage_keypoints=points[:, None],
        stage_visibility=states[:, None],
    )
    visit, image = visit_of(
        4096, 4096, garments=[Garment('lower', 1.0, pred)], whole=True
    )
    picture = result_picture(find, visit, image, 1, False)
    assert picture.shape == (2048, 2048, 3)
    drawn = np.argwhere(picture.any(axis=2))
    np.testing.assert_allclose(drawn.mean(axis=0), (1500, 500), atol=0.5)


def test_the_box_is_used_and_drawn(find, opened):
    visit, image = opened
    for corner in ((30, 300), (240, 60)):
        visit = click(visit, corner)  # of a picture of 384 pixels
    visit = find_garments(find, visit, image)
    (garment,) = visit.garments
    np.testing.assert_allclose(garment.box, [10, 20, 80, 100], atol=1e-4)
    picture = result_picture(find, visit, image, 3, False)
    # its left side is white, its right one too
    assert (picture[200, [30, 240]] == 255).all()


def test_a_box_without_pixels_is_refused(find):
    visit, image = visit_of(40, 40, corners=((5, 5), (5, 9)))
    with pytest.raises(InputError, match='covers nothing'):
        find_garments(find, visit, image)


def test_a_picture_without_clothes(find, tmp_path):
    visit, image = visit_of(40, 30)
    visit = replace(visit, folder=str(tmp_path))
    visit = find_garments(find, visit, image)
    assert list(visit.garments) == []
    args = argparse.Namespace(config='/at/c.py', checkpoint='/at/c.pth')
    png, told = write_answer(find, visit, image, args, 3, False)
    assert json.loads(Path(told).read_text()) == dict(
        schema=1,
        image='a.jpg',
        size=[30, 40],
        config='c.py',
        checkpoint='c.pth',
        garments=[],
    )
    assert not cv2.imread(png).any()


def bomb(width, height):
    """A PNG of that many grey pixels, in some kilobytes."""

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return (
            struct.pack('>I', len(data)) + kind + data + struct.pack('>I', crc)
        )

    head = struct.pack('>IIBBBBB', width, height, 1, 0, 0, 0, 0)
    row = bytes(1 + (width + 7) // 8)
    squeeze = zlib.compressobj(9)
    body = b''.join(squeeze.compress(row) for _ in range(height))
    body += squeeze.flush()
    return (
        b'\x89PNG\r\n\x1a\n'
        + chunk(b'IHDR', head)
        + chunk(b'IDAT', body)
        + chunk(b'IEND', b'')
    )


def test_too_many_pixels_are_not_decoded(tmp_path):
    file = tmp_path / 'a.png'
    file.write_bytes(bomb(20_000, 20_000))
    assert file.stat().st_size < 100_000
    with pytest.raises(InputError, match='20000 x 20000 pixels') as error:
        open_photo(str(file), str(tmp_path))
    assert str(tmp_path) not in str(error.value)
    assert [each.name for each in tmp_path.iterdir()] == ['a.png']


def test_only_the_last_pictures_are_kept(find, opened):
    visit, image = opened
    args = argparse.Namespace(config='c.py', checkpoint='c.pth')
    visit = find_garments(find, visit, image)
    made = [write_answer(find, visit, image, args, 3, False) for _ in '1234']
    kept = [all(Path(file).is_file() for file in files) for files in made]
    assert kept == [False, False, True, True]
