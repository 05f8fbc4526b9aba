import io
import os
import socket
import struct
import sys
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image
from tiff_files import tiff

from dfa_mm import pictures
from dfa_mm.pictures import PictureError

# 48 x 32, each quarter of one grey: survives JPEG, tells eight orientations
DARK, LOW, HIGH, LIGHT = 10, 90, 170, 250
SEEN = np.repeat(
    np.repeat(np.array([[DARK, LOW], [HIGH, LIGHT]], np.uint8), 16, 0), 24, 1
)
LOSSY = dict(atol=6)  # grey values of 255


def stored(seen, orientation):
    """The file's pixels of what is seen: the inverse, by EXIF's table.

    Row 0 of the file is the seen top, top, bottom, bottom, left, right,
    right, left side; column 0 the left, right, right, left, top, top,
    bottom, bottom.
    """
    table = {
        1: seen,
        2: np.fliplr(seen),
        3: np.rot90(seen, 2),
        4: np.flipud(seen),
        5: seen.T,
        6: np.rot90(seen),
        7: np.rot90(seen, 2).T,
        8: np.rot90(seen, -1),
    }
    return np.ascontiguousarray(table[orientation])


def exif(orientation):
    told = Image.Exif()
    told[0x112] = orientation
    return told


def check(path, seen=SEEN, atol=6):
    found = pictures.read(path)
    assert found.dtype == np.uint8
    assert found.flags.c_contiguous
    assert found.shape == (*seen.shape[:2], 3)
    expected = seen if seen.ndim == 3 else np.repeat(seen[..., None], 3, 2)
    np.testing.assert_allclose(found.astype(int), expected, atol=atol)
    assert pictures.size(path) == seen.shape[1::-1]
    assert pictures.header(path).size == seen.shape[1::-1]


@pytest.mark.parametrize('orientation', range(1, 9))
@pytest.mark.parametrize('kind', ['jpg', 'png', 'webp', 'tiff', 'avif'])
def test_what_is_read_is_what_is_seen(tmp_path, kind, orientation):
    path = tmp_path / f'a.{kind}'
    image = Image.fromarray(stored(SEEN, orientation))
    options = dict(quality=95) if kind in ('jpg', 'webp', 'avif') else {}
    image.save(path, exif=exif(orientation), **options)
    check(path)


@pytest.mark.parametrize('orientation', range(1, 9))
def test_orientation_of_deep_and_float_colours(tmp_path, orientation):
    path = tmp_path / 'a.tif'
    colours = np.dstack([stored(SEEN, orientation)] * 3)
    for pixels in (colours.astype(np.uint16) * 257, colours / np.float32(255)):
        path.write_bytes(tiff(pixels, orientation))
        check(path, atol=0)


def test_orientation_behind_the_pixels_of_a_png(tmp_path):
    path = tmp_path / 'late.png'
    Image.fromarray(stored(SEEN, 6)).save(path)
    content = path.read_bytes()
    body = exif(6).tobytes()[6:]
    chunk = b'eXIf' + body
    crc = struct.pack('>I', zlib.crc32(chunk))
    end = content.index(b'IEND') - 4
    late = struct.pack('>I', len(body)) + chunk + crc
    path.write_bytes(content[:end] + late + content[end:])
    check(path, atol=0)


@pytest.mark.parametrize('orientation', [0, 9, 65535])
def test_what_is_no_orientation_turns_nothing(tmp_path, orientation):
    path = tmp_path / 'a.jpg'
    Image.fromarray(SEEN).save(path, exif=exif(orientation), quality=95)
    check(path)


def test_broken_exif_turns_nothing(tmp_path):
    path = tmp_path / 'a.jpg'
    Image.fromarray(SEEN).save(path, exif=b'Exif\0\0no tags', quality=95)
    check(path)


def test_transparency_is_seen_on_white(tmp_path):
    # blue, green, red, alpha: clear; half; covered
    colours = np.array([[[9, 99, 200]] * 3], np.uint8)
    alpha = np.array([[0, 128, 255]], np.uint8)
    # 9 * 128/255 + 255 * 127/255 = 131.5; 99: 176.7; 200: 227.4
    seen = np.array([[[255] * 3, [132, 177, 227], [9, 99, 200]]])
    image = Image.fromarray(np.dstack([colours[..., ::-1], alpha]))
    for name in ('a.png', 'a.webp', 'a.tif'):
        options = dict(lossless=True) if name == 'a.webp' else {}
        image.save(tmp_path / name, **options)
        check(tmp_path / name, seen, atol=1)
    grey = Image.fromarray(np.dstack([colours[..., 0], alpha]), 'LA')
    grey.save(tmp_path / 'grey.png')
    check(tmp_path / 'grey.png', np.array([[255, 132, 9]]), atol=1)


def test_transparency_of_palettes_and_of_one_colour(tmp_path):
    indices = np.array([[0, 1, 2]], np.uint8)
    image = Image.fromarray(indices, 'P')
    image.putpalette([0, 0, 0, 10, 20, 30, 200, 100, 50])
    seen = np.array([[[255] * 3, [30, 20, 10], [50, 100, 200]]])
    for name in ('a.png', 'a.gif'):
        image.save(tmp_path / name, transparency=0)
        check(tmp_path / name, seen, atol=0)
    opaque = np.array([[[0] * 3, [30, 20, 10], [50, 100, 200]]])
    image.save(tmp_path / 'opaque.png')
    check(tmp_path / 'opaque.png', opaque, atol=0)
    image.convert('RGB').save(tmp_path / 'key.png', transparency=(10, 20, 30))
    key = np.array([[[0] * 3, [255] * 3, [50, 100, 200]]])
    check(tmp_path / 'key.png', key, atol=0)


def test_one_bit_grey_and_print_colours(tmp_path):
    bits = np.array([[0, 255, 0, 255]], np.uint8)
    for name in ('a.png', 'a.tif', 'a.gif'):
        Image.fromarray(bits).convert('1').save(tmp_path / name)
        check(tmp_path / name, bits, atol=0)
    Image.new('CMYK', (16, 16), (0, 255, 255, 0)).save(tmp_path / 'a.jpg')
    red = np.zeros((16, 16, 3)) + [0, 0, 255]
    check(tmp_path / 'a.jpg', red)
    Image.new('CMYK', (16, 16), (0, 255, 255, 0)).save(tmp_path / 'a.tif')
    check(tmp_path / 'a.tif', red)


@pytest.mark.parametrize('bits', [8, 10, 12, 16])
@pytest.mark.parametrize('channels', [1, 3, 4])
@pytest.mark.parametrize('kind', ['png', 'tif'])
def test_depths_in_files_of_16_bits(tmp_path, bits, channels, kind):
    eight = np.arange(0, 256, 5, dtype=np.uint16).reshape(4, 13)
    deep = eight << (bits - 8)
    deep[-1, -1] = 2**bits - 1
    pixels = np.dstack([deep] * channels) if channels > 1 else deep
    if channels == 4:
        pixels[..., 3] = 65535  # the alpha has its own depth
    path = str(tmp_path / f'a.{kind}')
    assert cv2.imwrite(path, pixels)
    check(path, eight, atol=0)


def test_an_alpha_of_as_few_bits_as_the_colours(tmp_path):
    path = str(tmp_path / 'a.png')
    pixels = np.full((2, 2, 4), 4095, np.uint16)
    pixels[..., :3] = 1600  # 100 of 255
    pixels[0, 0, 3] = 0
    cv2.imwrite(path, pixels)
    check(path, np.array([[255, 100], [100, 100]]), atol=0)


def test_grey_tiffs_of_floats_and_of_white_zero(tmp_path):
    path = tmp_path / 'a.tif'
    for pixels in (SEEN / np.float32(255), SEEN.astype(np.float32)):
        path.write_bytes(tiff(pixels))
        check(path, atol=0)
    shares = SEEN / np.float32(255)
    shares[0, 0], shares[0, 1] = np.nan, 7.0  # a light is white
    path.write_bytes(tiff(shares))
    seen = SEEN.copy()
    seen[0, :2] = 0, 255
    check(path, seen, atol=0)
    for dtype, scale in ((np.uint8, 1), (np.uint16, 257)):
        negative = (255 - SEEN).astype(dtype) * dtype(scale)
        negative[0, 0] = 255 * scale
        path.write_bytes(tiff(negative, photometric=0))
        seen = SEEN.copy()
        seen[0, 0] = 0
        check(path, seen, atol=0)


def test_of_animations_and_documents_the_first(tmp_path):
    first = Image.fromarray(SEEN)
    later = [Image.new('L', (48, 32), grey) for grey in (128, 0)]
    for name in ('a.gif', 'a.png', 'a.webp', 'a.tif', 'a.avif'):
        path = tmp_path / name
        options = dict(quality=95) if name in ('a.webp', 'a.avif') else {}
        first.save(path, save_all=True, append_images=later, **options)
        check(path)
        assert pictures.header(path).frames == 3
    first.save(tmp_path / 'one.gif')
    assert pictures.header(tmp_path / 'one.gif').frames == 1


def test_the_picture_behind_a_photograph_is_no_frame(tmp_path):
    path = tmp_path / 'phone.jpg'
    preview = Image.new('L', (12, 8))
    Image.fromarray(SEEN).save(
        path, 'MPO', save_all=True, append_images=[preview], quality=95
    )
    check(path)
    assert pictures.header(path).frames == 1


def test_heic_by_a_package_or_not_at_all(tmp_path):
    heif = pytest.importorskip('pillow_heif')
    path = tmp_path / 'a.heic'
    heif.from_pillow(Image.fromarray(stored(SEEN, 6)).convert('RGB')).save(
        path, exif=exif(6).tobytes(), quality=95
    )
    check(path)


def test_names_the_package_that_heic_needs(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, 'pillow_heif', None)
    path = tmp_path / 'a.heic'
    path.write_bytes(b'\0\0\0\x18ftypheic\0\0\0\0mif1heic' + bytes(64))
    with pytest.raises(PictureError, match='pip install pillow-heif'):
        pictures.read(path)
    with pytest.raises(PictureError, match='pip install pillow-heif'):
        pictures.size(path)


@pytest.mark.parametrize(
    'kind', ['jpg', 'png', 'webp', 'tif', 'gif', 'bmp', 'ppm', 'avif', 'jp2']
)
def test_half_a_picture_is_none(tmp_path, kind):
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (64, 64, 3), np.uint8)
    path = tmp_path / f'a.{kind}'
    Image.fromarray(noise).save(path)
    assert pictures.read(path).shape == (64, 64, 3)
    whole = path.read_bytes()
    for share in (0.02, 0.5, 0.9):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(PictureError, match=f'a.{kind}') as caught:
            pictures.read(path)
        assert '\n' not in str(caught.value)


@pytest.mark.parametrize('kind', ['jpg', 'png', 'webp', 'bmp'])
def test_files_that_end_too_soon(tmp_path, kind):
    path = tmp_path / f'a.{kind}'
    Image.new('RGB', (64, 64)).save(path)
    assert pictures.seems_whole(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert pictures.seems_whole(path) == (kind == 'bmp')  # which has no end
    path.write_bytes(whole[:4])
    assert not pictures.seems_whole(path) or kind == 'bmp'


def png_of(width, height):
    """A few bytes that claim many pixels."""
    header = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    chunks = [(b'IHDR', header), (b'IDAT', zlib.compress(b'')), (b'IEND', b'')]
    return b'\x89PNG\r\n\x1a\n' + b''.join(
        struct.pack('>I', len(body)) + name + body
        + struct.pack('>I', zlib.crc32(name + body))
        for name, body in chunks
    )  # fmt: skip


@pytest.mark.parametrize('ask', [pictures.read, pictures.size])
def test_more_pixels_than_are_opened(tmp_path, monkeypatch, ask):
    path = tmp_path / 'bomb.png'
    path.write_bytes(png_of(20000, 20000))
    told = 'bomb.png has 20000 x 20000 pixels, 400 million; at most 100'
    with pytest.raises(PictureError, match=told):
        ask(path)
    Image.fromarray(SEEN).save(path)  # 1536 pixels
    monkeypatch.setenv('DFA_MAX_MEGAPIXELS', '0.001535')
    with pytest.raises(PictureError, match='DFA_MAX_MEGAPIXELS'):
        ask(path)
    monkeypatch.setenv('DFA_MAX_MEGAPIXELS', '0.001536')
    ask(path)


@pytest.mark.parametrize('value', ['many', '0', '-3', 'nan', 'inf', ''])
def test_a_limit_that_is_none(monkeypatch, value):
    monkeypatch.setenv('DFA_MAX_MEGAPIXELS', value)
    with pytest.raises(ValueError, match='DFA_MAX_MEGAPIXELS='):
        pictures.max_pixels()


def test_pillows_own_limit_is_neither_asked_nor_changed(tmp_path, monkeypatch):
    Image.fromarray(SEEN).save(tmp_path / 'a.png')
    monkeypatch.setattr(Image, 'MAX_IMAGE_PIXELS', 4)  # it refuses twice that
    check(tmp_path / 'a.png', atol=0)
    assert Image.MAX_IMAGE_PIXELS == 4


def test_more_bytes_than_the_largest_picture(tmp_path):
    path = tmp_path / 'huge.jpg'
    with path.open('wb') as file:
        file.truncate(800_000_001)  # 100 million pixels of 8 bytes, and one
    with pytest.raises(PictureError, match='huge.jpg takes 800 MB'):
        pictures.read(path)


def test_nothing_but_ordinary_files(tmp_path):
    os.mkfifo(tmp_path / 'pipe.jpg')
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / 'socket.jpg'))
    (tmp_path / 'folder.jpg').mkdir()
    (tmp_path / 'empty.jpg').touch()
    (tmp_path / 'zero.jpg').symlink_to('/dev/zero')
    (tmp_path / 'loop.jpg').symlink_to('loop.jpg')
    told = {
        'pipe.jpg': 'is a pipe',
        'socket.jpg': 'is a socket',
        'folder.jpg': 'is a folder',
        'empty.jpg': 'is empty',
        'zero.jpg': 'is a device',
        'loop.jpg': 'cannot be read',
        'none.jpg': 'there is no file',
        'empty.jpg/a.jpg': 'there is no file',
        'a\0b.jpg': 'cannot be read',
        'a' * 300: 'cannot be read',
    }
    for name, reason in told.items():
        for ask in (pictures.read, pictures.size):
            with pytest.raises(PictureError, match=reason):
                ask(tmp_path / name)


@pytest.mark.filterwarnings('ignore::UserWarning:PIL')
def test_bytes_that_are_no_picture(tmp_path):
    path = tmp_path / 'a.png'
    for content in (b'no picture', b'II*\0', b'II*\0\x08\0\0\0\x01\0', b'x'):
        path.write_bytes(content)
        with pytest.raises(PictureError, match='a.png cannot be read'):
            pictures.read(path)
    # Pillow would run Ghostscript
    path.write_bytes(b'%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n')
    with pytest.raises(PictureError, match='expected a whole JPEG'):
        pictures.read(path)


@pytest.mark.filterwarnings('ignore::UserWarning:PIL')
def test_changed_bytes_are_an_error_or_a_picture(tmp_path):
    rng = np.random.default_rng(1)
    for kind in ('JPEG', 'PNG', 'WEBP', 'TIFF', 'GIF', 'BMP', 'PPM', 'AVIF'):
        file = io.BytesIO()
        Image.fromarray(SEEN).save(file, kind, exif=exif(6))
        content = np.frombuffer(file.getvalue(), np.uint8)
        for _ in range(60):
            changed = content.copy()
            where = rng.integers(0, len(changed), 4)
            changed[where] = rng.integers(0, 256, 4)
            try:
                found = pictures.decode(changed.tobytes(), 'a')
            except PictureError as error:
                found = error
            assert '\n' not in str(found) or found.ndim == 3


def test_names_of_any_bytes(tmp_path):
    path = tmp_path / os.fsdecode(b'caf\xe9\n.png')
    pictures.write(path, np.dstack([SEEN] * 3))
    check(path, atol=0)
    assert sorted(os.listdir(tmp_path)) == [path.name]
    path.write_bytes(b'no picture')
    with pytest.raises(PictureError) as caught:
        pictures.read(path)
    assert r'caf\xe9\n.png cannot be read' in str(caught.value)
    str(caught.value).encode()


def test_refuses_to_write_what_is_no_kind_of_picture(tmp_path):
    for name in ('a.txt', 'a', os.fsdecode(b'a.\xe9')):
        with pytest.raises(ValueError, match='names no kind of picture'):
            pictures.write(tmp_path / name, SEEN)
    (tmp_path / 'a.png').mkdir()
    with pytest.raises(ValueError, match='a.png cannot be written'):
        pictures.write(tmp_path / 'a.png', SEEN)


def test_a_jpeg_of_many_scans(tmp_path, monkeypatch):
    # 20 scans of the largest picture may be gone over: of 100 x 100 pixels
    # with a limit of 0.01 megapixels so many, and one more may not.
    path = tmp_path / 'a.jpg'
    Image.new('RGB', (100, 100)).save(path, progressive=True)
    content = path.read_bytes()
    monkeypatch.setenv('DFA_MAX_MEGAPIXELS', '0.01')
    assert pictures.read(path).shape == (100, 100, 3)
    # scans that are empty, before the end of the file
    path.write_bytes(content[:-2] + b'\xff\xda\x00\x02' * 20 + content[-2:])
    with pytest.raises(pictures.PictureError, match='scans of 100 x 100'):
        pictures.read(path)
