import io
import os
from types import SimpleNamespace

import pytest
from PIL import Image

from dfa_mm.apis import InputError
from projects.commands.arguments.predict import split_model
from projects.commands.errors import message_of
from projects.commands.inputs import Inputs

ODD = os.fsdecode(b'caf\xe9\n"1".jpg')


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """What people have in folders."""
    monkeypatch.chdir(tmp_path)
    small = Image.new('RGB', (9, 6))
    for name in ('b.jpg', 'a.PNG', ODD, 'deep/c.webp', '.d.jpg', 'e.gif'):
        path = tmp_path / 'shop' / name
        path.parent.mkdir(parents=True, exist_ok=True)
        small.save(path)
    root = tmp_path / 'shop'
    small.save(root / 'b_landmarks.png')
    small.save(root / 'none', 'JPEG')
    small.save(root / 'data.bin', 'PNG')
    for name in ('x.psd', 'y.PSD', 'notes.txt', 'README'):
        (root / name).write_text('no picture')
    os.mkfifo(root / 'pipe.jpg')
    (root / '.hidden').mkdir()
    small.save(root / '.hidden/f.jpg')
    return root


TAKEN = ['a.PNG', 'b.jpg', ODD, 'data.bin', 'e.gif', 'none']
SKIPPED = (
    '1 *_landmarks.png, 2 .psd, 1 .txt, 1 folders, 2 hidden, '
    '1 no ordinary file, 1 without a suffix'
)


def test_a_folder_and_what_of_it_is_not_taken(shop):
    inputs = Inputs(['shop'])
    assert inputs.names == [f'shop/{name}' for name in TAKEN]
    assert inputs.told_skipped() == SKIPPED
    assert inputs.many


def test_folders_to_their_ends(shop):
    inputs = Inputs(['shop/'], recursive=True)
    assert 'shop/deep/c.webp' in inputs.names
    assert len(inputs.names) == len(TAKEN) + 1
    assert 'folders' not in inputs.told_skipped()


def test_patterns_also_those_that_the_shell_has_seen(shop):
    inputs = Inputs(['shop/*.[pP]*'])
    assert inputs.names == ['shop/a.PNG']
    assert inputs.told_skipped() == '1 *_landmarks.png, 2 .psd'
    assert Inputs(['shop/**/*.webp']).names == ['shop/deep/c.webp']
    # what is named itself is taken
    named = ['shop/b_landmarks.png', 'shop/.d.jpg']
    assert Inputs(named).names == named
    # a name with a bracket is a file
    os.rename('shop/b.jpg', 'shop/b[1].jpg')
    assert Inputs(['shop/b[1].jpg']).names == ['shop/b[1].jpg']


def test_no_picture_twice(shop):
    os.symlink('b.jpg', 'shop/link.jpg')
    inputs = Inputs(['shop/b.jpg', './shop/b.jpg', 'shop/link.jpg'])
    assert inputs.names == ['shop/b.jpg']
    assert inputs.told_skipped() == '2 named twice'
    assert Inputs(['shop/b.jpg', 'shop/b*.jpg']).names == ['shop/b.jpg']


def test_lists(shop, tmp_path):
    lines = ['\ufeffshop/b.jpg\r', '', ODD.replace('\n', '?'), 'shop/*.gif']
    os.rename(shop / ODD, tmp_path / ODD.replace('\n', '?'))
    (tmp_path / 'list.txt').write_bytes(os.fsencode('\n'.join(lines)))
    expected = ['shop/b.jpg', ODD.replace('\n', '?'), 'shop/e.gif']
    for inputs in (Inputs(['@list.txt']), Inputs([], ['list.txt'])):
        assert inputs.names == expected
        assert inputs.many
        assert inputs.read_lists == ['list.txt']
    (tmp_path / 'list.txt').write_text('shop/b.jpg\nnone.jpg\n')
    with pytest.raises(InputError, match='list.txt:2: there is no file none'):
        Inputs(['@list.txt'])
    with pytest.raises(InputError, match='there is no list other.txt'):
        Inputs(['@other.txt'])


def stdin(monkeypatch, content):
    piped = SimpleNamespace(buffer=io.BytesIO(content), isatty=lambda: False)
    monkeypatch.setattr('sys.stdin', piped)


def test_standard_input_is_a_picture_or_a_list(shop, monkeypatch):
    content = (shop / 'b.jpg').read_bytes()
    stdin(monkeypatch, content)
    inputs = Inputs(['-'])
    (picture,) = inputs.pictures
    assert (picture.name, inputs.many) == ('stdin', False)
    assert picture.read().shape == (6, 9, 3)
    stdin(monkeypatch, b'shop/b.jpg\nhttps://example.org/a.jpg\n')
    inputs = Inputs(['-'])
    assert inputs.names == ['shop/b.jpg', 'https://example.org/a.jpg']
    assert inputs.many
    for broken in (content[: len(content) // 2], b''):
        stdin(monkeypatch, broken)
        with pytest.raises(InputError, match='stdin'):
            Inputs(['-'])
    monkeypatch.setattr('sys.stdin', SimpleNamespace(isatty=lambda: True))
    with pytest.raises(InputError, match='nothing is piped'):
        Inputs(['-'])


def test_refuses_what_is_no_picture(shop, tmp_path):
    (tmp_path / 'empty').mkdir()
    told = {
        'none.jpg': 'there is no file none.jpg',
        'empty': 'there is no picture in empty$',
        'shop/*.psd': r'that matches shop/\*.psd; not taken: 1 .psd',
        'shop/*.none': r'that matches shop/\*.none$',
        'shop/pipe.jpg': 'is a pipe',
    }
    for name, words in told.items():
        with pytest.raises(InputError, match=words):
            Inputs([name])


def test_heic_is_counted_where_nothing_reads_it(shop, monkeypatch):
    (shop / 'x.heic').write_bytes(b'x')
    monkeypatch.setattr('projects.commands.inputs.find_spec', lambda _: None)
    told = Inputs(['shop']).told_skipped()
    assert '1 .heic (pip install pillow-heif)' in told


def test_the_model_ends_the_pictures():
    model = ['my.py', 'my.pth']
    assert split_model(['a.jpg', 'b', *model]) == (['a.jpg', 'b'], *model)
    assert split_model(['a.jpg', 'b.png']) == (['a.jpg', 'b.png'], None, None)
    assert split_model(['a.jpg', 'my.py', 'b']) == (['a.jpg'], 'my.py', 'b')
    assert split_model(['a.jpg', 'my.py']) == (['a.jpg'], 'my.py', None)
    assert split_model(['a.jpg', 'my.pth']) == (['a.jpg'], None, 'my.pth')
    assert split_model([]) == ([], None, None)


def test_of_an_error_in_a_worker_its_line():
    plain = InputError('a.jpg cannot be read')
    assert message_of(plain) == 'a.jpg cannot be read'
    text = (
        'Caught PictureError in DataLoader worker process 0.\nOriginal '
        'Traceback (most recent call last):\n  File "x.py", line 1\n'
        'dfa_mm.errors.PictureError: a: b.jpg cannot be read\n'
    )
    assert message_of(InputError(text)) == 'a: b.jpg cannot be read'
