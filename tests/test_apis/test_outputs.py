import os

import pytest

from dfa_mm.apis import InputError
from dfa_mm.apis.outputs import (
    check_file,
    check_folder,
    check_not_an_input,
    output_stems,
)


def test_every_picture_has_a_name_of_its_own():
    told = {
        '/shop/a/front.jpg': 'a/front',
        '/shop/b/front.jpg': 'b/front',
        '/shop/x.jpg': 'x.jpg',
        '/shop/X.png': 'X.png',
        '/shop/y.jpg': 'y',
        '/shop/.z': '.z',
        'https://a.b/w.jpg': 'w.jpg',
        'https://c.d/w.jpg?size=3': 'w.jpg_2',
        'https://a.b/y.png': 'y.png',
    }
    # y.jpg and the address' y.png are of one name, too
    told['/shop/y.jpg'] = 'y.jpg'
    assert output_stems(list(told)) == list(told.values())
    assert output_stems(['/shop/a/front.jpg']) == ['front']
    assert output_stems([]) == []
    # a name may be what another is given
    assert output_stems(['x.jpg', 'x.png', 'x.jpg.gif', 'x.jpg']) == [
        *('x.jpg', 'x.png', 'x.jpg_2', 'x.jpg_3')
    ]


def test_a_result_is_no_input_by_any_name(tmp_path):
    photo = tmp_path / 'a.jpg'
    photo.write_bytes(b'x')
    (tmp_path / 'soft.jpg').symlink_to(photo)
    os.link(photo, tmp_path / 'hard.jpg')
    (tmp_path / 'folder').symlink_to(tmp_path)
    for name in ('a.jpg', 'soft.jpg', 'hard.jpg', 'folder/a.jpg', './a.jpg'):
        with pytest.raises(InputError, match='would replace the input'):
            check_not_an_input([tmp_path / name], [str(photo)])
    check_not_an_input([tmp_path / 'b.jpg'], [str(photo), 'https://a.b/b.jpg'])


def test_places_that_cannot_be_written_are_told_before(tmp_path):
    check_folder(tmp_path / 'new/deep')
    check_file(tmp_path / 'other/a.json')
    assert os.listdir(tmp_path / 'new/deep') == []
    assert os.listdir(tmp_path / 'other') == []
    (tmp_path / 'file').write_text('x')
    for folder in (tmp_path / 'file', tmp_path / 'file/a', '/proc/self/fd'):
        with pytest.raises(InputError, match='nothing can be written to'):
            check_folder(folder)
    with pytest.raises(InputError, match='is a folder; give the name'):
        check_file(tmp_path)
    os.mkfifo(tmp_path / 'pipe')
    with pytest.raises(InputError, match='no ordinary file'):
        check_file(tmp_path / 'pipe')
