"""Config files with every kind of mistake."""

import os

import pytest

from dfa_mm.config_files import config_texts, quoted_variables, read_config
from dfa_mm.errors import InputError

JPEG = b'\xff\xd8\xff\xe0\x00\x10JFIF'
FILES = {
    'right.py': b"model = dict(type='X')\n",
    'child.py': b"_base_ = './right.py'\nmodel = dict(depth=1)\n",
    'empty.py': b'',
    'comment.py': b'# nothing\n',
    'picture.py': JPEG,
    'picture.jpg': JPEG,
    'broken.py': b"a = 1\nmodel = dict(type='X'\n",
    'quote.py': b"a = 1\n\nb = 'it's'\n",
    'nobase.py': b"_base_ = ['./rihgt.py']\n",
    'badbase.py': b"_base_ = './broken.py'\n",
    'one.py': b"_base_ = './two.py'\n",
    'two.py': b"_base_ = './one.py'\n",
    'self.py': b"_base_ = 'self.py'\n",
    'raises.py': b'a = 1 / 0\n',
    'exits.py': b'raise SystemExit(0)\n',
    'twice.py': b"_base_ = ['./right.py', './child.py']\n",
    'imports.py': b"custom_imports = dict(imports=['no_such_module'])\n",
    'variable.py': b"root = '{{$DFA_TEST_ROOT:}}'\n",
    'model.pth': b'PK',
    'half.json': b'{"model": ',
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / 'folder.py').mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ('name', 'told'),
    [
        ('rihgt.py', 'there is no config rihgt.py; is it right.py?'),
        ('x/y.py', 'there is no config x/y.py'),
        ('folder.py', 'folder.py is a folder: name a config in it'),
        ('model.pth', 'model.pth is a checkpoint in the place of a config'),
        ('picture.jpg', 'picture.jpg is no config: expected a file that ends'),
        ('picture.py', 'no text in UTF-8, byte 0 is 0xff'),
        ('empty.py', 'empty.py sets nothing'),
        ('comment.py', 'comment.py sets nothing'),
        ('broken.py', "broken.py:2: '(' was never closed"),
        ('quote.py', 'quote.py:3: '),
        (
            'nobase.py',
            'nobase.py: its _base_: there is no config rihgt.py; is',
        ),
        ('badbase.py', 'broken.py:2: '),
        ('one.py', 'inherits from itself: one.py <- two.py <- one.py'),
        ('self.py', 'inherits from itself: self.py <- self.py'),
        ('raises.py', 'cannot be read as a config: ZeroDivisionError'),
        ('exits.py', 'cannot be read as a config: SystemExit: 0'),
        ('twice.py', 'cannot be read as a config: KeyError'),
        ('imports.py', "custom modules from {'imports': ['no_such_module']"),
        (
            'variable.py',
            'variable.py needs the environment variable DFA_TEST_ROOT',
        ),
        ('half.json', 'cannot be read as a config: JSONDecodeError'),
    ],
)
def test_every_mistake_in_one_line(folder, name, told):
    with pytest.raises(InputError) as info:
        read_config(name)
    message = str(info.value)
    assert told in message
    assert '\n' not in message
    assert str(name) in message or name == 'badbase.py'


def test_what_is_right_is_read_with_what_it_inherits(folder):
    assert read_config('child.py').model == dict(type='X', depth=1)
    assert read_config(folder / 'child.py').model.depth == 1
    assert [text[:5] for text in config_texts('child.py')] == [
        '_base',
        'model',
    ]


@pytest.mark.parametrize(
    'root',
    [
        *("it's", 'a"b', 'a\\b', 'a\\nb', 'a\\\\b', 'a\nb', "\\'", 'é ü'),
        *('a\\g<0>', '\\1', "'''", 'plain/path', os.fsdecode(b'a\xffb')),
    ],
)
def test_a_variable_of_any_letters_is_its_value(folder, monkeypatch, root):
    text = (
        "root = '{{$DFA_TEST_ROOT:data}}'\n"
        'other = "{{$DFA_TEST_ROOT:data}}/img"\n'
    )
    (folder / 'own.py').write_text(text)
    (folder / 'below.py').write_text("_base_ = './own.py'\n")
    monkeypatch.setenv('DFA_TEST_ROOT', root)
    for name in ('own.py', 'below.py'):
        cfg = read_config(name)
        assert cfg.root == root
        assert cfg.other == f'{root}/img'
    assert os.environ['DFA_TEST_ROOT'] == root


def test_a_choice_that_is_not_read_is_refused(folder, monkeypatch):
    monkeypatch.setenv('FLD_SUBSET', 'upper')
    with pytest.raises(InputError, match="FLD_SUBSET='upper' is set, but ri"):
        read_config('right.py')
    (folder / 'own.py').write_text("subset = '{{$FLD_SUBSET:all}}'\n")
    assert read_config('own.py').subset == 'upper'


def test_variables_are_as_before_after_an_error(monkeypatch):
    monkeypatch.setenv('DFA_TEST_ROOT', "it's")
    with quoted_variables({'DFA_TEST_ROOT', 'NONE'}):
        assert os.environ['DFA_TEST_ROOT'] == r'it\\x27s'
    assert os.environ['DFA_TEST_ROOT'] == "it's"
    with pytest.raises(KeyError), quoted_variables({'DFA_TEST_ROOT'}):
        raise KeyError
    assert os.environ['DFA_TEST_ROOT'] == "it's"
    assert 'NONE' not in os.environ


def test_the_base_may_lie_in_a_variable(folder, monkeypatch):
    (folder / 'sub').mkdir()
    (folder / 'sub/own.py').write_text("_base_ = '{{$DFA_TEST:.}}/right.py'\n")
    monkeypatch.setenv('DFA_TEST', str(folder))
    assert read_config('sub/own.py').model.type == 'X'
    monkeypatch.setenv('DFA_TEST', 'nowhere')
    with pytest.raises(InputError, match='no config sub/nowhere/right.py'):
        read_config('sub/own.py')


def test_nothing_is_printed_beside(folder, monkeypatch, capsys):
    (folder / 'own.py').write_text("root = '{{$DFA_TEST_ROOT:data}}'\n")
    monkeypatch.setenv('DFA_TEST_ROOT', 'here')
    read_config('own.py')
    assert capsys.readouterr().out == ''
