import errno
from pathlib import Path

import pytest
from mmengine.fileio import get_file_backend

import dfa_mm.engine  # noqa: F401  registers it


@pytest.fixture
def backend():
    return get_file_backend('x', backend_args=dict(backend='whole_files'))


def test_files_are_written_and_replaced(backend, tmp_path):
    path = tmp_path / 'new' / 'x.pth'
    backend.put(b'one', path)
    backend.put(b'two', str(path))
    assert path.read_bytes() == b'two'
    backend.put_text('größer', path)
    assert path.read_text(encoding='utf-8') == 'größer'


def test_a_full_disk_leaves_what_was_there(backend, tmp_path, monkeypatch):
    path = tmp_path / 'x.pth'
    backend.put(b'one', path)

    def full(self, data):
        with self.open('wb') as file:
            file.write(data[:1])
        raise OSError(errno.ENOSPC, 'No space left on device')

    monkeypatch.setattr(Path, 'write_bytes', full)
    with pytest.raises(OSError, match='No space left'):
        backend.put(b'two', path)
    assert path.read_bytes() == b'one'
    assert [*tmp_path.iterdir()] == [path]
