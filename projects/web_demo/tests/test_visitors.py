import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from dfa_mm.apis import InputError
from projects.web_demo import visitors as module
from projects.web_demo.uploads import MAX_NAME, safe_name
from projects.web_demo.visitors import FullError, Visitors


@pytest.fixture
def clock():
    return SimpleNamespace(now=0.0)


@pytest.fixture
def forgotten():
    return []


@pytest.fixture
def visitors(tmp_path, clock, forgotten):
    return Visitors(str(tmp_path), forgotten.append, lambda: clock.now)


def upload(visitor, name='a.jpg'):
    path = Path(tempfile.mkdtemp(dir=visitor.folder)) / name
    path.write_bytes(b'a')
    visitor.keep(path)
    return path


def test_only_names_that_were_given_are_known(visitors):
    ann, bob = visitors.enter(), visitors.enter()
    assert visitors.find(ann.name) is ann
    assert visitors.find(ann.name[:-1] + '!') is None
    assert visitors.find('') is None
    assert visitors.of_session(f'{bob.name}tab') is bob
    with pytest.raises(InputError, match='load the page again'):
        visitors.of_session('x' * 30)


def test_a_file_belongs_to_who_brought_it(visitors, tmp_path):
    ann, bob = visitors.enter(), visitors.enter()
    path = upload(ann)
    secret = tmp_path / 'secret.jpg'
    secret.write_bytes(b'a')
    link = ann.folder / 'link.jpg'
    link.symlink_to(secret)
    assert ann.owns(path)
    assert not bob.owns(path)
    beside = path.parent / '..' / path.parent.name / path.name
    for other in (secret, link, path.parent, beside, Path('a\0')):
        assert not ann.owns(other)


def test_the_oldest_upload_goes(visitors):
    ann = visitors.enter()
    paths = [upload(ann, f'{i}.jpg') for i in range(module.MAX_UPLOADS + 2)]
    assert [p.exists() for p in paths] == [False] * 2 + [True] * 4
    ann.used(paths[-1])
    assert not paths[-1].parent.exists()
    ann.used(paths[-1])  # once is enough
    ann.used(Path(visitors.root))  # no upload
    assert visitors.root.exists()


def test_tabs_have_plain_names_and_are_few(visitors, forgotten):
    ann = visitors.enter()
    for bad in ('', 'a/b', 'a b', 'é', 'a' * 41, None, 3, ['a'], '../a'):
        assert visitors.session(ann, bad) is None
    for i in range(module.MAX_TABS + 1):
        assert visitors.session(ann, f't{i}') == f'{ann.name}t{i}'
    assert list(ann.tabs) == ['t1', 't2', 't3', 't4']
    assert forgotten == [f'{ann.name}t0']


def test_who_is_away_for_ten_minutes_is_gone(visitors, clock, forgotten):
    ann, bob = visitors.enter(), visitors.enter()
    ann.streams = 1  # has the page open
    upload(bob)
    clock.now = 601
    visitors.sweep()
    assert visitors.find(bob.name) is None
    assert not bob.folder.exists()
    assert forgotten == [bob.name]
    assert visitors.find(ann.name) is ann


def test_a_full_page_is_busy_unless_somebody_left(visitors, clock):
    first, *others = (visitors.enter() for _ in range(module.MAX_VISITORS))
    for other in others:
        other.streams = 1
    clock.now = 14
    with pytest.raises(FullError):
        visitors.enter()
    assert len(visitors) == 20
    clock.now = 16  # 15 seconds without a connection make room
    assert visitors.enter() is not None
    assert visitors.find(first.name) is None
    assert len(visitors) == 20


@pytest.mark.parametrize(
    ('name', 'safe'),
    [
        ('dress.jpg', 'dress.jpg'),
        ('été 衣.png', 'été 衣.png'),
        ('../../etc/passwd', 'passwd'),
        ('..\\..\\boot.ini', 'boot.ini'),
        ('/abs/olute.jpg', 'olute.jpg'),
        ('a\0b.jpg', 'ab.jpg'),
        ('a\r\nX: y.jpg', 'aX y.jpg'),
        ('.htaccess', 'htaccess'),
        ('...', 'photo'),
        ('', 'photo'),
        ('\u202egpj.exe', 'gpj.exe'),  # written from right to left
        ('<img src=x>.png', 'img src=x.png'),
        ('a' * 5000 + '.jpg', 'a' * MAX_NAME + '.jpg'),
        ('衣' * 5000 + '.jpg', '衣' * (MAX_NAME // 3) + '.jpg'),
    ],
)
def test_names_are_only_names(name, safe):
    assert safe_name(name) == safe
