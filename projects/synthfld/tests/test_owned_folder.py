"""What a tool did not write is never removed and never replaced."""

import json

import pytest

from projects.synthfld.owned_folder import (
    MARKER,
    ForeignFilesError,
    check_folder,
    claim_folder,
    seal_folder,
)

NAMES = ['img/1.jpg', 'Anno/list.txt']


def write(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def files(root):
    return {
        str(path.relative_to(root))
        for path in root.rglob('*')
        if path.is_file()
    }


@pytest.fixture
def marked(tmp_path):
    """A folder that 'draw.py' has filled."""
    claim_folder(tmp_path / 'out', 'draw.py', NAMES)
    write(tmp_path / 'out', *NAMES)
    return tmp_path / 'out'


def test_a_folder_of_ones_own_is_refused_whatever_is_asked(tmp_path):
    write(tmp_path, 'img/mine.jpg', 'Anno/list.txt', 'Eval/list.txt')
    for overwrite in (False, True):
        with pytest.raises(ForeignFilesError) as error:
            claim_folder(tmp_path, 'draw.py', NAMES, overwrite)
        message = str(error.value)
        assert f'{tmp_path} holds Anno, Eval, img' in message
        assert 'draw.py did not write' in message
        assert 'another folder' in message
        assert '\n' not in message
    assert len(files(tmp_path)) == 3


def test_many_foreign_files_are_counted_instead_of_listed(tmp_path):
    write(tmp_path, *(f'{i}.jpg' for i in range(9)))
    with pytest.raises(ForeignFilesError, match='holds 0.jpg, .* and 6 more'):
        check_folder(tmp_path, 'draw.py')


def test_a_new_or_empty_folder_is_marked_before_anything_is_written(tmp_path):
    (tmp_path / 'empty').mkdir()
    for name in ('new', 'empty'):
        claim_folder(tmp_path / name, 'draw.py', NAMES)
        content = json.loads((tmp_path / name / MARKER).read_text())
        assert content == {'tool': 'draw.py', 'files': dict.fromkeys(NAMES)}


def test_own_files_are_replaced_only_when_asked(marked):
    with pytest.raises(ForeignFilesError, match='--overwrite'):
        claim_folder(marked, 'draw.py', NAMES)
    assert files(marked) == {*NAMES, MARKER}
    claim_folder(marked, 'draw.py', ['img/2.jpg'], overwrite=True)
    assert files(marked) == {MARKER}


def test_what_a_user_added_survives(marked):
    write(marked, 'notes.txt', 'img/mine.jpg', 'annotations/all.json')
    claim_folder(marked, 'draw.py', NAMES, overwrite=True)
    assert files(marked) == {
        MARKER, 'notes.txt', 'img/mine.jpg', 'annotations/all.json',
    }  # fmt: skip


def test_an_added_file_is_not_written_over(marked):
    write(marked, 'img/2.jpg')
    with pytest.raises(ForeignFilesError, match='holds img/2.jpg, which draw'):
        claim_folder(marked, 'draw.py', [*NAMES, 'img/2.jpg'], overwrite=True)
    assert files(marked) == {*NAMES, MARKER, 'img/2.jpg'}


def test_a_half_written_folder_is_the_tools_own(tmp_path):
    claim_folder(tmp_path / 'out', 'draw.py', NAMES)
    write(tmp_path / 'out', NAMES[0])
    with pytest.raises(ForeignFilesError, match='1 of 2 files.*interrupted'):
        check_folder(tmp_path / 'out', 'draw.py')
    claim_folder(tmp_path / 'out', 'draw.py', NAMES, overwrite=True)
    assert files(tmp_path / 'out') == {MARKER}


def test_the_marker_of_another_tool_gives_no_right(marked):
    with pytest.raises(ForeignFilesError, match='label.py did not write'):
        claim_folder(marked, 'label.py', NAMES, overwrite=True)
    (marked / MARKER).write_text('not JSON')
    with pytest.raises(ForeignFilesError, match='draw.py did not write'):
        claim_folder(marked, 'draw.py', NAMES, overwrite=True)
    assert files(marked) == {*NAMES, MARKER}


def test_a_marked_folder_inside_is_not_in_the_way(tmp_path):
    claim_folder(tmp_path / 'out/cache', 'cut.py', ['a.png'])
    write(tmp_path / 'out/cache', 'a.png')
    claim_folder(tmp_path / 'out', 'draw.py', NAMES, overwrite=True)
    assert 'cache/a.png' in files(tmp_path / 'out')


@pytest.mark.parametrize('name', ['../mine.jpg', '/{}/mine.jpg', 'img/a.jpg'])
def test_nothing_outside_the_folder_is_touched(marked, tmp_path, name):
    """Neither by a path that leads out nor through a link."""
    write(tmp_path, 'mine.jpg', 'elsewhere/a.jpg')
    name = name.format(tmp_path)
    if name.startswith('img'):
        (marked / 'img/1.jpg').unlink()
        (marked / 'img').rmdir()
        (marked / 'img').symlink_to(tmp_path / 'elsewhere')
    marker = dict(tool='draw.py', files={NAMES[1]: None, name: None})
    (marked / MARKER).write_text(json.dumps(marker))
    with pytest.raises(ForeignFilesError, match='outside'):
        claim_folder(marked, 'draw.py', NAMES, overwrite=True)
    assert (tmp_path / 'mine.jpg').is_file()
    assert (tmp_path / 'elsewhere/a.jpg').is_file()
    assert (marked / NAMES[1]).is_file()


def test_what_was_changed_or_replaced_since_is_not_the_tools(marked):
    seal_folder(marked, 'draw.py')
    (marked / NAMES[1]).write_text('corrected by hand')
    with pytest.raises(ForeignFilesError, match='holds Anno/list.txt, which'):
        claim_folder(marked, 'draw.py', NAMES, overwrite=True)
    assert files(marked) == {*NAMES, MARKER}


def test_a_copied_marker_gives_no_right(marked, tmp_path):
    seal_folder(marked, 'draw.py')
    write(tmp_path / 'mine', NAMES[1])
    (tmp_path / 'mine/img').mkdir()
    (tmp_path / 'mine' / NAMES[0]).write_text('a photograph of my own')
    (tmp_path / 'mine' / MARKER).write_bytes((marked / MARKER).read_bytes())
    with pytest.raises(ForeignFilesError, match='holds img/1.jpg, which'):
        claim_folder(tmp_path / 'mine', 'draw.py', NAMES, overwrite=True)
    assert files(tmp_path / 'mine') == {*NAMES, MARKER}


def test_sealed_files_are_replaced_when_asked(marked):
    (marked / NAMES[0]).unlink()
    seal_folder(marked, 'draw.py')
    claim_folder(marked, 'draw.py', NAMES, overwrite=True)
    assert files(marked) == {MARKER}


@pytest.mark.parametrize('listed', [['sub'], ['..'], ['img/1.jpg', 'sub']])
def test_a_folder_under_a_listed_name_is_not_the_tools(marked, listed):
    write(marked, 'sub/mine.txt')
    marker = dict(tool='draw.py', files=dict.fromkeys(listed))
    (marked / MARKER).write_text(json.dumps(marker))
    before = files(marked)
    with pytest.raises(ForeignFilesError, match=f'holds {listed[-1]}, which'):
        claim_folder(marked, 'draw.py', [], overwrite=True)
    assert files(marked) == before


@pytest.mark.parametrize('listed', [None, 'img/1.jpg', [5], [['a']]])
def test_a_marker_of_another_form_gives_no_right(marked, listed):
    marker = dict(tool='draw.py', files=listed)
    (marked / MARKER).write_text(json.dumps(marker))
    with pytest.raises(ForeignFilesError, match='draw.py did not write'):
        claim_folder(marked, 'draw.py', NAMES, overwrite=True)
    assert files(marked) == {*NAMES, MARKER}


def test_a_file_is_no_folder(tmp_path):
    write(tmp_path, 'out')
    with pytest.raises(ForeignFilesError, match='is a file'):
        check_folder(tmp_path / 'out', 'draw.py')
