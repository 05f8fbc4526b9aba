import numpy as np
import pytest
from mmpose.registry import TRANSFORMS
from PIL import Image

from dfa_mm import pictures
from dfa_mm.datasets.transforms import LoadPicture

PIXELS = np.arange(0, 240, 2, dtype=np.uint8).reshape(5, 8, 3)  # RGB


def load(path, **options):
    step = TRANSFORMS.build(dict(type='LoadImage', **options))
    return step(dict(img_path=str(path)))


def test_configs_read_by_the_one_decoder(tmp_path):
    assert TRANSFORMS.get('LoadImage') is LoadPicture
    exif = Image.Exif()
    exif[0x112] = 6  # to be turned clockwise
    path = tmp_path / 'a.webp'
    Image.fromarray(PIXELS).save(path, lossless=True, exif=exif)
    loaded = load(path)
    seen = np.rot90(PIXELS[..., ::-1], -1)
    np.testing.assert_array_equal(loaded['img'], seen)
    assert loaded['img_shape'] == loaded['ori_shape'] == (8, 5)
    assert load(path, to_float32=True)['img'].dtype == np.float32


def test_a_storage_of_their_own(tmp_path):
    Image.fromarray(PIXELS).save(tmp_path / 'a.png')
    own = dict(backend_args=dict(backend='local'))
    loaded = load(tmp_path / 'a.png', **own)
    np.testing.assert_array_equal(loaded['img'], PIXELS[..., ::-1])
    assert load(tmp_path / 'a.png', color_type='grayscale')['img'].ndim == 2


def test_pixels_that_are_given_stay():
    step = TRANSFORMS.build(dict(type='LoadImage'))
    loaded = step(dict(img=PIXELS))
    assert loaded['img'] is PIXELS
    assert loaded['img_path'] is None


def test_what_cannot_be_read_stops_or_is_counted(tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(
        'dfa_mm.datasets.transforms.load_picture.print_log',
        lambda text, *_: told.append(text),
    )
    path = tmp_path / 'half.jpg'
    Image.fromarray(PIXELS).save(path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(pictures.PictureError, match='half.jpg cannot be read'):
        load(path)
    step = TRANSFORMS.build(dict(type='LoadImage', ignore_empty=True))
    for name in ('half.jpg', 'half.jpg', 'none.jpg'):
        assert step(dict(img_path=str(tmp_path / name))) is None
    first, second = told
    assert 'half.jpg cannot be read' in first
    assert 'no file' in second
    assert '(2 so far' in second
