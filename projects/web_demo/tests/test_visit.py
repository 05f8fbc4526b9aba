import cv2
import numpy as np
import pytest
from mmengine.structures import InstanceData
from PIL import Image

from dfa_mm.apis import InputError, load_model
from dfa_mm.structures import FLD_SETS
from projects.web_demo.visit import (
    Visit,
    choosing_picture,
    click,
    close,
    find_landmarks,
    fit,
    open_photo,
    result_picture,
    shown_factor,
)


@pytest.fixture(scope='module')
def model(cascade):
    return load_model(cascade.config, cascade.checkpoint)


def visit_of(height, width, **fields):
    image = np.zeros((height, width, 3), np.uint8)
    return Visit('a.jpg', image, '', **fields)


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
    assert shown_factor(image, 1024) == factor
    shown, told = fit(image, 1024)
    assert told == factor
    assert shown.shape[:2] == (height * factor, width * factor)


def test_a_thread_of_a_picture_stays_one():
    shown, _ = fit(np.zeros((4096, 1, 3), np.uint8), 1024)
    assert shown.shape == (1024, 1, 3)


def test_a_click_is_told_in_pixels_of_the_photo():
    visit = click(visit_of(2048, 1024), (100, 200))  # shown at half its size
    assert visit.corners == ((200, 400),)
    visit = click(visit_of(96, 192), (100, 50))  # shown at twice its size
    assert visit.corners == ((50, 25),)


def test_the_chosen_corner_is_where_the_click_was():
    visit = click(visit_of(2048, 2048), (300, 200))
    drawn = np.argwhere(choosing_picture(visit).any(axis=2))
    np.testing.assert_allclose(drawn.mean(axis=0), (200, 300), atol=0.5)


def test_all_kinds_of_pictures(tmp_path):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (30, 20, 1), np.uint8).repeat(3, axis=2)
    colour = Image.fromarray(pixels)
    colour.save(tmp_path / 'colour.png')
    colour.convert('L').save(tmp_path / 'grey.png')
    colour.putalpha(100)
    colour.save(tmp_path / 'rgba.png')
    exif = Image.Exif()
    exif[0x112] = 6  # to be turned clockwise by 90 degrees when shown
    turned = Image.fromarray(pixels).transpose(Image.Transpose.ROTATE_90)
    turned.save(tmp_path / 'turned.png', exif=exif)
    for name in ('colour.png', 'grey.png', 'rgba.png', 'turned.png'):
        visit = open_photo(str(tmp_path / name), str(tmp_path))
        np.testing.assert_array_equal(visit.image, pixels, name)
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
    monkeypatch.setattr('dfa_mm.apis.pictures.urlopen', None)
    with pytest.raises(InputError, match='b.png is not there'):
        open_photo('https://example.org/b.png', str(tmp_path))


def test_the_files_of_a_visit_go_with_it(photo, tmp_path):
    folder = tmp_path / 'visit'
    folder.mkdir()
    visit = open_photo(str(photo), str(folder))
    (folder / 'a.json').write_text('{}')
    close(visit)
    assert list(tmp_path.iterdir()) == []
    close(None)  # before the first photo


def test_stages_are_drawn_from_one_prediction(model, photo, tmp_path):
    visit = find_landmarks(model, open_photo(str(photo), str(tmp_path)))
    meta = model.dataset_meta
    pictures = [result_picture(visit, meta, s, False) for s in (1, 2, 3)]
    assert pictures[0].shape[0] == 384
    assert (pictures[0] != pictures[1]).any()
    assert (pictures[1] != pictures[2]).any()
    height, width = visit.image.shape[:2]
    panel = round(480 * width / max(width, height))
    beside = result_picture(visit, meta, 3, True)
    assert beside.shape[1] == 3 * panel + 2 * 4  # three panels, two gaps


def test_huge_pictures_are_drawn_at_half_their_size():
    pred = InstanceData(
        keypoints=np.array([[[1000.0, 3000.0]] * 4]),
        bboxes=np.array([[0.0, 0, 4096, 4096]]),
        stage_keypoints=np.array([[[[1000.0, 3000.0]] * 4]]),
        stage_visibility=np.zeros((1, 1, 4), int),
    )
    meta = FLD_SETS['lower'].metainfo()
    picture = result_picture(visit_of(4096, 4096, pred=pred), meta, 1, False)
    assert picture.shape == (2048, 2048, 3)
    drawn = np.argwhere(picture.any(axis=2))
    np.testing.assert_allclose(drawn.mean(axis=0), (1500, 500), atol=0.5)


def test_the_box_is_used_and_drawn(model, photo, tmp_path):
    visit = open_photo(str(photo), str(tmp_path))
    for corner in ((30, 300), (240, 60)):
        visit = click(visit, corner)  # of a picture of 384 pixels
    visit = find_landmarks(model, visit)
    np.testing.assert_allclose(
        visit.pred.bboxes, [[10, 20, 80, 100]], atol=1e-4
    )
    picture = result_picture(visit, model.dataset_meta, 3, False)
    # its left side is white, its right one too
    assert (picture[200, [30, 240]] == 255).all()


def test_a_box_without_pixels_is_refused(model):
    visit = visit_of(40, 40, corners=((5, 5), (5, 9)))
    with pytest.raises(InputError, match='covers nothing'):
        find_landmarks(model, visit)
