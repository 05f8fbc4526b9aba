import json
import os

import pytest

from dfa_mm.files import replacing, write_json, write_text


def test_content_is_what_was_written(tmp_path):
    write_text(tmp_path / 'new' / 'a.txt', 'Ärmel\n')
    write_json(tmp_path / 'a.json', {'b': [1, 2.5, None]})
    assert (tmp_path / 'new' / 'a.txt').read_bytes() == b'\xc3\x84rmel\n'
    assert json.loads((tmp_path / 'a.json').read_text()) == {
        'b': [1, 2.5, None]
    }
    assert sorted(p.name for p in tmp_path.rglob('*') if p.is_file()) == [
        'a.json',
        'a.txt',
    ]


def write_half(path):
    with replacing(path) as part:
        part.write_text('ne')
        raise OSError('disk full')


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / 'a.txt'
    path.write_text('old')
    with pytest.raises(OSError, match='disk full'):
        write_half(path)
    assert path.read_text() == 'old'
    assert list(tmp_path.iterdir()) == [path]


def test_readers_see_the_old_content_until_the_end(tmp_path):
    path = tmp_path / 'a.pth'
    path.write_text('old')
    with replacing(path) as part:
        part.write_text('new')
        assert part.suffix == '.pth'
        assert path.read_text() == 'old'
    assert path.read_text() == 'new'


def test_numbers_that_json_does_not_know_are_refused(tmp_path):
    with pytest.raises(ValueError, match='JSON'):
        write_json(tmp_path / 'a.json', {'loss': float('nan')})
    assert not list(tmp_path.iterdir())


def test_of_a_link_the_target_is_replaced(tmp_path):
    target, link = tmp_path / 'target.txt', tmp_path / 'link.txt'
    target.write_text('old')
    link.symlink_to(target)
    write_text(link, 'new')
    assert link.is_symlink()
    assert target.read_text() == 'new'


def test_a_pipe_is_not_replaced(tmp_path):
    os.mkfifo(tmp_path / 'pipe')
    with pytest.raises(OSError, match='no ordinary file'):
        write_text(tmp_path / 'pipe', 'new')
    assert (tmp_path / 'pipe').is_fifo()
