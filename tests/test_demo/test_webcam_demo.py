import re
import time

import cv2
import numpy as np
import pytest
from demo_files import load_script, read_video, write_video

from projects.commands import webcam
from projects.commands.following import GarmentFollower

demo = load_script('demo/webcam_demo.py')
FPS = 20.0


@pytest.fixture
def call(cascade, tmp_path, monkeypatch):
    """Runs the demo on a film of so many frames of 96 x 128, whole."""
    monkeypatch.chdir(tmp_path)

    def run(count, *options):
        write_video(tmp_path / 'film.mp4', count, fps=FPS)
        command = ['--device', 'film.mp4', '--model-device', 'cpu']
        model = cascade.config, cascade.checkpoint
        where = [] if '--box' in options else ['--whole']
        assert demo.main([*model, *command, *where, *options]) == 0

    return run


@pytest.fixture
def slow(monkeypatch):
    """A model that takes 0.2 s, four frames, beside its own time."""
    ask = GarmentFollower.__call__

    def slowly(*args):
        time.sleep(0.2)
        return ask(*args)

    monkeypatch.setattr(GarmentFollower, '__call__', slowly)


def refusal(capsys, *command):
    try:
        status = demo.main([*map(str, command)])
    except SystemExit as ended:  # of the arguments
        status = ended.code
    assert status == 2
    return capsys.readouterr().err


def told(capsys):
    """Frames shown, dropped and per second."""
    text = capsys.readouterr().out
    found = re.search(
        r'(\d+) frames shown, (\d+) dropped, ([\d.]+) frames/s', text
    )
    return int(found[1]), int(found[2]), float(found[3])


def test_a_slow_model_drops_frames(call, slow, capsys, tmp_path):
    start = time.perf_counter()
    call(40, '--no-window', '--output', 'out.mp4')
    passed = time.perf_counter() - start
    shown, dropped, rate = told(capsys)
    assert shown + dropped == 40
    assert dropped > 20
    assert 0 < rate < 5
    assert passed < 60
    # two seconds of film are two seconds of recording
    drawn, fps = read_video(tmp_path / 'out.mp4')
    assert fps == pytest.approx(FPS)
    assert len(drawn) == 40
    # small frames are drawn enlarged, to a long side of 384 pixels
    assert drawn[0].shape == (384, 288, 3)


def test_it_ends_after_so_many_frames(call, capsys):
    call(
        *(100, '--no-window', '--output', 'out.mp4', '--max-frames', '2'),
        *(
            '--smooth',
            '--clothes-type',
            'upper',
            '--box',
            '5',
            '5',
            '90',
            '99',
        ),
    )
    assert told(capsys)[0] == 2


def test_a_film_without_clothes(cascade, tmp_path, capsys):
    """The shipped detector sees none in a white bar."""
    write_video(tmp_path / 'film.mp4', 3, fps=FPS)
    model = cascade.config, cascade.checkpoint, '--model-device', 'cpu'
    source = '--device', str(tmp_path / 'film.mp4'), '--max-frames', '1'
    out = '--no-window', '--output', str(tmp_path / 'out.mp4')
    assert demo.main([*model, *source, *out]) == 0
    assert told(capsys)[0] == 1
    (drawn,) = read_video(tmp_path / 'out.mp4')[0]
    below = drawn[60:]  # the strip with frames per second
    lit = below.max(axis=2) > 128
    assert lit.any(axis=0).sum() <= 12  # 2 pixels, enlarged by 3, and blur


@pytest.fixture
def screen(monkeypatch):
    """A window whose pictures are kept; keys are pressed one a picture."""
    monkeypatch.setenv('DISPLAY', ':0')
    shown = []
    keys = iter([-1, ord('x'), ord('q'), -1])
    monkeypatch.setattr(cv2, 'namedWindow', lambda *_: None)
    monkeypatch.setattr(cv2, 'imshow', lambda _, image: shown.append(image))
    monkeypatch.setattr(cv2, 'waitKey', lambda _: next(keys))
    monkeypatch.setattr(cv2, 'getWindowProperty', lambda *_: 1.0)
    monkeypatch.setattr(cv2, 'destroyAllWindows', lambda: None)
    return shown


def test_q_ends(call, screen, slow, capsys):
    call(100)
    assert len(screen) == told(capsys)[0] == 3
    # the strip with frames per second darkens the upper edge's bar
    top, below = screen[0][2], screen[0][100]
    assert top.max() < 0.5 * below.max()


def test_closing_the_window_ends(call, screen, monkeypatch, capsys):
    monkeypatch.setattr(cv2, 'getWindowProperty', lambda *_: 0.0)
    call(100)
    assert told(capsys)[0] == 1


def test_frames_per_second_are_shown(call, monkeypatch):
    texts = []
    monkeypatch.setattr(
        webcam, 'draw_heading', lambda _, text: texts.append(text)
    )
    call(100, '--no-window', '--output', 'out.mp4', '--max-frames', '2')
    assert all(re.match(r'[\d.]+ frames/s, \d+ dropped', t) for t in texts)
    assert len(texts) == 2


def test_names_of_cameras():
    names = '0', '12', '/dev/video3', 'film.mp4', 'rtsp://camera/1'
    found = [webcam.camera(name) for name in names]
    assert found == [0, 12, 3, 'film.mp4', 'rtsp://camera/1']


def test_refuses_what_it_cannot_do(capsys, cascade, monkeypatch):
    model = cascade.config, cascade.checkpoint, '--model-device', 'cpu'
    write = '--no-window', '--output', 'out.mp4'
    message = refusal(capsys, *model, '--no-window')
    assert 'give --output' in message
    message = refusal(capsys, *model, *write, '--device', 'no.mp4')
    assert 'no video no.mp4' in message
    message = refusal(capsys, *model, *write, '--max-frames', '0')
    assert '--max-frames is 0' in message
    monkeypatch.setattr('sys.platform', 'linux')
    monkeypatch.delenv('DISPLAY', raising=False)
    monkeypatch.delenv('WAYLAND_DISPLAY', raising=False)
    assert 'no display' in refusal(capsys, *model)


def test_a_recording_keeps_the_cameras_time(tmp_path):
    def frame(index):
        return webcam.Frame(index, None, 0.0)

    path = str(tmp_path / 'a.mp4')
    with webcam.Recording(path, fps=10) as recording:
        for i, level in ((3, 0), (4, 100), (7, 200)):
            recording.add(frame(i), np.full((32, 32, 3), level, np.uint8))
    drawn, _ = read_video(path)
    levels = [round(float(image.mean()), -2) for image in drawn]
    assert levels == [0, 100, 100, 100, 200]
