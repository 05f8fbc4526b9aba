"""Streams, disks and names that break a command: one line, nothing lost."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from demo_files import read_video

from dfa_mm import files
from dfa_mm.apis import InputError
from dfa_mm.apis.outputs import check_display, check_file
from projects.commands import dfa, main
from projects.commands.arguments import common
from projects.commands.frames import VideoFile
from projects.commands.inputs import Inputs
from projects.commands.results import JsonLines, check_results

REPOSITORY = Path(__file__).parents[3]
ENVIRONMENT = dict(os.environ, PYTHONPATH=str(REPOSITORY))
ENVIRONMENT.pop('PYTHONUNBUFFERED', None)  # as users have it
START = 'import sys; from projects.commands import main; sys.exit(main())'
FULL = '/dev/full'


def dfa_printing_to(stdout, *words):
    done = subprocess.run(
        [sys.executable, '-c', START, *words],
        env=ENVIRONMENT,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not os.path.exists(FULL), reason='of Linux')
@pytest.mark.parametrize('word', ['version', '--help'])
def test_what_cannot_be_printed_is_one_line(word):
    told = 'error: standard output: No space left on device\n'
    with open(FULL, 'w') as full:
        assert dfa_printing_to(full, word) == (2, told)


def test_help_that_nobody_reads_ends_quietly():
    read, write = os.pipe()
    os.close(read)
    assert dfa_printing_to(write, 'predict', '--help') == (1, '')
    os.close(write)


def test_a_closed_stream_gives_its_number_to_no_file():
    """Else the first file that is opened would be standard output."""
    code = (
        'import os, sys; from projects.commands import dfa; '
        'dfa.open_closed_streams(); '
        'numbers = [s.fileno() for s in (sys.stdin, sys.stdout)]; '
        'print(numbers, os.open(os.devnull, 0) > 2, file=sys.stderr)'
    )
    done = subprocess.run(
        ['sh', '-c', 'exec "$0" -c "$1" <&- >&-', sys.executable, code],
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert done.stderr == '[0, 1] True\n'


def test_ctrl_c_while_libraries_are_imported(capsys):
    def importing():
        raise KeyboardInterrupt

    assert dfa.status_of(importing) == 130
    assert capsys.readouterr().err == 'stopped\n'


def test_in_a_folder_that_is_gone(tmp_path, monkeypatch, capsys):
    gone = tmp_path / 'gone'
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert main(['predict', 'a.jpg']) == 2
    told = capsys.readouterr().err
    assert told == 'error: the current folder is gone: cd to one\n'


@pytest.mark.parametrize(
    ('words', 'expected'),
    [
        (['--', '-a.jpg', 'b.jpg', '-'], ['./-a.jpg', 'b.jpg', '-']),
        (['b.jpg', '--', '--', '@l'], ['b.jpg', './--', '@l']),
        (['a.jpg'], ['a.jpg']),
    ],
)
def test_what_follows_two_dashes_is_a_file(words, expected):
    assert dfa.read('predict', words).images == expected


def test_a_file_that_looks_like_an_option(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path('-a.jpg').touch()
    with pytest.raises(SystemExit):
        main(['predict', '-a.jpg'])
    assert 'the file is named ./-a.jpg' in capsys.readouterr().err


def test_no_more_threads_than_cores(monkeypatch, capsys):
    monkeypatch.setattr(common.os, 'cpu_count', lambda: 4)
    assert dfa.read('predict', ['a.jpg', '--threads', '4']).threads == 4
    with pytest.raises(SystemExit):
        dfa.read('predict', ['a.jpg', '--threads', '5'])
    assert '5, but this machine has 4 cores' in capsys.readouterr().err


@pytest.mark.parametrize(
    'words',
    [
        ['c.py', 'a.pth', 'a.jpg'],
        ['a.pth', 'c.py'],
        ['a.jpg', 'a.pth', 'c.py'],
    ],
)
def test_config_and_checkpoint_in_another_order(words, capsys):
    with pytest.raises(SystemExit):
        dfa.read('predict', words)
    assert 'CONFIG CHECKPOINT come last' in capsys.readouterr().err


def test_a_dash_is_no_result():
    with pytest.raises(InputError, match='- is no name of one'):
        check_results([Path('a.png'), '-'], [], overwrite=False)


@pytest.mark.parametrize('length', [250, 300])
def test_names_that_are_too_long_are_told_before_the_work(tmp_path, length):
    """Of 250 bytes the temporary file's has more than 255."""
    with pytest.raises(InputError, match='cannot be written: File name too'):
        check_file(tmp_path / 'new' / ('y' * length))


def test_inputs_that_cannot_be_looked_at(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.symlink('loop', 'loop')
    for name, why in {
        'loop': 'loop cannot be read: Too many levels',
        'x' * 300: 'cannot be read: File name too long',
        'none.jpg': 'there is no file none.jpg',
    }.items():
        with pytest.raises(InputError, match=why):
            Inputs([name])


class Full:
    """A file on a disk with room for so many bytes: it takes fewer."""

    def __init__(self, file, room):
        self.file, self.room = file, room

    def __getattr__(self, name):
        return getattr(self.file, name)

    def write(self, line):
        return self.file.write(line[: self.room - self.file.tell()])


def test_a_line_that_does_not_fit_is_taken_back(tmp_path):
    path = tmp_path / 'a.jsonl'
    with JsonLines(str(path)) as lines:
        lines._file = Full(lines._file, room=30)
        lines.add(dict(a=1))  # 9 bytes
        with pytest.raises(OSError, match='No space') as caught:
            lines.add(dict(b='x' * 40))
    assert caught.value.filename == str(path)
    assert json.loads(path.read_text()) == dict(a=1)


def test_a_full_disk_is_told_with_the_file(tmp_path):
    path = tmp_path / 'a.txt'
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    no_space = pytest.raises(OSError, match='No space')
    with no_space as caught, files.replacing(path):
        raise full
    assert caught.value.filename == str(path)


def film(path, times, end=None):
    """A video of so many frames, in which ``end`` is then raised."""
    with VideoFile(str(path), 25) as video:
        video.write(np.zeros((40, 60, 3), np.uint8), times)
        if end is not None:
            raise end


@pytest.fixture
def old_video(tmp_path):
    path = tmp_path / 'a.mp4'
    path.write_bytes(b'precious')
    yield path
    assert os.listdir(tmp_path) == ['a.mp4']


def test_an_error_leaves_the_old_video(old_video):
    with pytest.raises(InputError, match='no such box'):
        film(old_video, 2, InputError('no such box'))
    assert old_video.read_bytes() == b'precious'


def test_ctrl_c_keeps_the_frames_so_far(old_video):
    with pytest.raises(KeyboardInterrupt):
        film(old_video, 3, KeyboardInterrupt())
    assert len(read_video(old_video)[0]) == 3


class Unreadable:
    """What OpenCV makes of a video on a full disk."""

    def get(self, _):
        return 0.0

    def release(self):
        pass


def test_frames_that_did_not_arrive_are_told(old_video, monkeypatch):
    """OpenCV writes on, and says nothing."""
    monkeypatch.setattr(cv2, 'VideoCapture', lambda _: Unreadable())
    with pytest.raises(InputError, match='0 of 2 frames arrived; is the disk'):
        film(old_video, 2)
    assert old_video.read_bytes() == b'precious'


def test_a_window_without_a_display(monkeypatch):
    """Qt would end the whole process."""
    for name in ('DISPLAY', 'WAYLAND_DISPLAY'):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, 'platform', 'linux')
    with pytest.raises(InputError, match='no display'):
        check_display()
