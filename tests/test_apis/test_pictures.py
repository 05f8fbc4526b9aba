import http.server
import threading

import cv2
import numpy as np
import pytest
from PIL import Image

from dfa_mm.apis import InputError, as_picture, find_pictures, read_picture
from dfa_mm.apis.pictures import is_many, picture_name

GREY = np.arange(0, 240, 10, dtype=np.uint8).reshape(4, 6)
BGR = np.stack([GREY, GREY + 3, GREY + 7], axis=-1)


@pytest.fixture
def shop(tmp_path):
    """Four pictures, one of them in a subfolder, and a text."""
    for name in ('b.PNG', 'a.jpg', 'deep/c.png', 'photo[1].png'):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(BGR).save(path)
    (tmp_path / 'notes.txt').write_text('no picture')
    return tmp_path


def names(source, root):
    return [file[len(str(root)) + 1 :] for file in find_pictures(str(source))]


def test_a_folder_stands_for_its_pictures(shop):
    assert names(shop, shop) == ['a.jpg', 'b.PNG', 'photo[1].png']


def test_a_pattern_stands_for_what_it_matches(shop):
    assert names(shop / '[ab].*', shop) == ['a.jpg', 'b.PNG']
    found = names(shop / '**' / '*.png', shop)
    assert found == ['deep/c.png', 'photo[1].png']


def test_a_file_or_an_address_stands_for_itself(shop):
    brackets = str(shop / 'photo[1].png')
    assert find_pictures(brackets) == [brackets]
    url = 'https://example.org/a[1].jpg?size=*'
    assert find_pictures(url) == [url]
    assert [is_many(str(s)) for s in (shop, brackets, url)] == [1, 0, 0]


def test_refuses_folders_and_patterns_without_pictures(shop, tmp_path):
    empty = tmp_path / 'empty'
    empty.mkdir()
    with pytest.raises(InputError, match='no picture in .*empty.*jpg'):
        find_pictures(str(empty))
    with pytest.raises(InputError, match=r'no file matches .*\*\.gif'):
        find_pictures(str(shop / '*.gif'))


def test_names_of_addresses():
    assert picture_name('https://a.b/c/my%20shirt.jpg?w=3') == 'my shirt.jpg'
    assert picture_name('https://a.b/c/42') == '42.jpg'
    assert picture_name('https://a.b') == 'picture.jpg'
    assert picture_name('/c/d.webp') == 'd.webp'


def test_kinds_of_files(tmp_path):
    def read(name, pixels):
        assert cv2.imwrite(str(tmp_path / name), pixels)
        return read_picture(str(tmp_path / name))

    colour = read('a.png', BGR)
    np.testing.assert_array_equal(colour, BGR)
    np.testing.assert_array_equal(
        read('grey.png', GREY), np.repeat(GREY[..., None], 3, axis=2)
    )
    alpha = np.concatenate([BGR, np.full((4, 6, 1), 51, np.uint8)], axis=2)
    # a fifth covers white: 255 * 204/255 + colour * 51/255
    on_white = 204 + np.rint(BGR / 5)
    np.testing.assert_array_equal(read('rgba.png', alpha), on_white)
    # 256 * 8-bit value + 99
    deep = BGR.astype(np.uint16) * 256 + 99
    np.testing.assert_array_equal(read('deep.png', deep), BGR)
    np.testing.assert_array_equal(read('deep.tiff', deep), BGR)
    np.testing.assert_array_equal(
        read('deepgrey.png', deep[..., 0])[..., 0], BGR[..., 0]
    )


def test_arrays_as_files(tmp_path):
    alpha = np.concatenate([BGR, np.full((4, 6, 1), 9, np.uint8)], axis=2)
    for array in (BGR, GREY, GREY[..., None], alpha):
        for deep in (False, True):
            given = array.astype(np.uint16) * 256 + 99 if deep else array
            path = str(tmp_path / 'a.png')
            cv2.imwrite(path, given)
            found = as_picture(given)
            np.testing.assert_array_equal(found, read_picture(path))
            assert found.flags.c_contiguous
            assert found.dtype == np.uint8


@pytest.mark.parametrize(
    ('array', 'told'),
    [
        (np.zeros((4, 6, 3)), r'float64 \(4, 6, 3\)'),
        (np.zeros((2, 4, 6, 3), np.uint8), r'uint8 \(2, 4, 6, 3\)'),
        (np.zeros((4, 6, 2), np.uint8), r'uint8 \(4, 6, 2\)'),
        (np.zeros((0, 6, 3), np.uint8), r'uint8 \(0, 6, 3\)'),
    ],
)
def test_refuses_arrays_that_are_no_pictures(array, told):
    with pytest.raises(InputError, match=f'shirt is {told}; expected'):
        as_picture(array, 'shirt')


def test_turned_photographs_are_read_upright(tmp_path):
    exif = Image.Exif()
    exif[0x112] = 6  # to be turned clockwise by 90 degrees when shown
    Image.new('RGB', (60, 40)).save(tmp_path / 'turned.jpg', exif=exif)
    assert read_picture(str(tmp_path / 'turned.jpg')).shape == (60, 40, 3)


def test_refuses_what_is_no_picture(tmp_path):
    def refusal(name, content=b''):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(InputError, match=name) as caught:
            read_picture(str(path))
        return str(caught.value)

    assert 'there is no file' in refusal('missing.jpg', None)
    assert 'is empty; expected a picture' in refusal('empty.jpg')
    assert 'expected a whole JPEG' in refusal('text.png', b'no picture')
    assert 'is a video' in refusal('clip.mp4', b'x')
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    for suffix in ('.jpg', '.png', '.webp'):
        whole = cv2.imencode(suffix, noise)[1].tobytes()
        (tmp_path / f'whole{suffix}').write_bytes(whole)
        assert read_picture(str(tmp_path / f'whole{suffix}')).shape[0] == 64
        refusal(f'half{suffix}', whole[: len(whole) // 2])


@pytest.fixture
def server(tmp_path):
    """The address of a server of a PNG, and of nothing else."""
    content = cv2.imencode('.png', BGR)[1].tobytes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            known = {'/a.png': content, '/text.jpg': b'no picture'}
            self.send_response(200 if self.path in known else 404)
            self.end_headers()
            self.wfile.write(known.get(self.path, b''))

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(('127.0.0.1', 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{running.server_port}'
        running.shutdown()


def test_pictures_behind_addresses(server):
    np.testing.assert_array_equal(read_picture(f'{server}/a.png'), BGR)
    with pytest.raises(InputError, match='b.png cannot be downloaded.*404'):
        read_picture(f'{server}/b.png')
    with pytest.raises(InputError, match='text.jpg cannot be read'):
        read_picture(f'{server}/text.jpg')


def test_an_address_that_nobody_answers():
    with pytest.raises(InputError, match='127.0.0.1:9/a.png cannot be down'):
        read_picture('http://127.0.0.1:9/a.png')
