import time

import cv2
import numpy as np
import pytest
from demo_files import frame_number, read_video, write_video

from dfa_mm.apis import InputError, open_video
from projects.commands.frames import (
    FrameRate,
    LatestFrame,
    VideoFile,
    frames_per_second,
)


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / 'new' / 'a.mp4'
    with VideoFile(str(path), fps=12.5) as video:
        for i, times in enumerate((1, 3, 1)):
            frame = np.full((40, 61, 3), 50 * i, np.uint8)
            video.write(frame, times)
    frames, fps = read_video(path)
    assert fps == pytest.approx(12.5)
    assert frames[0].shape == (40, 62, 3)  # 61, made even
    means = [frame.mean() for frame in frames]
    np.testing.assert_allclose(means, [0, 50, 50, 50, 100], atol=4)
    assert video.frames == len(open_video(str(path))) == 5


def test_refuses_frames_of_another_size(tmp_path):
    with VideoFile(str(tmp_path / 'a.mp4'), fps=25) as video:
        video.write(np.zeros((40, 60, 3), np.uint8))
        with pytest.raises(ValueError, match=r'\(61, 40\).*\(60, 40\)'):
            video.write(np.zeros((40, 61, 3), np.uint8))


def test_refuses_what_is_no_video(tmp_path):
    with pytest.raises(InputError, match='no video .*missing.mp4'):
        open_video(str(tmp_path / 'missing.mp4'))
    (tmp_path / 'text.mp4').write_text('no video')
    with pytest.raises(InputError, match='text.mp4 cannot be read'):
        open_video(str(tmp_path / 'text.mp4'))
    with pytest.raises(InputError, match='a.gif names no video'):
        VideoFile('a.gif', fps=25)


def test_what_counts_as_a_speed(capsys):
    assert frames_per_second(12.0, 'a.mp4') == 12
    assert capsys.readouterr().out == ''
    for value in (0.0, -1.0, float('nan'), float('inf'), 90000.0):
        assert frames_per_second(value, 'a.mp4') == 25
        assert 'a.mp4 tells no speed: taken as 25' in capsys.readouterr().out


def test_frame_rate_by_hand(monkeypatch):
    times = iter([0, 1, 2, 3, 4, 4.2, 4.4, 8.4])
    monkeypatch.setattr(time, 'perf_counter', lambda: next(times))
    rate = FrameRate()
    # 1 / 1; 2 / 2; then the last two seconds: 2 / 2; 2 / 2; 3 / 2.2 is too
    # long, 2 / 1.2; 3 / 1.4; a pause longer than the window: 1 / 4
    expected = [1, 1, 1, 1, 2 / 1.2, 3 / 1.4, 1 / 4]
    assert [rate.tick() for _ in expected] == pytest.approx(expected)


def test_a_slow_taker_misses_frames_and_never_lags(tmp_path):
    write_video(tmp_path / 'a.mp4', count=40, fps=20.0)  # two seconds
    seen = []
    with LatestFrame(str(tmp_path / 'a.mp4')) as camera:
        assert camera.fps == pytest.approx(20)
        start = time.perf_counter()
        for frame in camera:
            lag = time.perf_counter() - start - frame.seconds
            seen.append(frame.index)
            assert frame_number(frame.image) == frame.index
            assert lag < 0.5  # generous, for a busy machine
            time.sleep(0.3)
        passed = time.perf_counter() - start
    assert seen == sorted(set(seen))
    assert len(seen) <= 9  # two seconds of 0.3 s each, and the last
    assert seen[-1] == 39
    assert 1.8 < passed < 4


def test_leaving_early_ends_the_thread(tmp_path):
    write_video(tmp_path / 'a.mp4', count=200, fps=20.0)
    with LatestFrame(str(tmp_path / 'a.mp4')) as camera:
        next(iter(camera))
    assert not camera._thread.is_alive()


class FakeCamera:
    """Four frames without pause, then silence; or a fault."""

    def __init__(self, fault=None):
        self.fault = fault
        self.taken = 0

    def isOpened(self):
        return True

    def get(self, _):
        return 0.0  # as many cameras do

    def grab(self):
        self.taken += 1
        if self.taken > 4 and self.fault:
            raise self.fault
        return self.taken <= 4

    def retrieve(self):
        return True, np.full((2, 2, 3), self.taken - 1, np.uint8)

    def release(self):
        self.released = True


def test_a_camera_that_ends(monkeypatch, capsys):
    fake = FakeCamera()
    monkeypatch.setattr(cv2, 'VideoCapture', lambda _: fake)
    with LatestFrame(0) as camera:
        camera._thread.join()  # it is faster than who asks
        frames = list(camera)
    assert [(f.index, f.image.max()) for f in frames] == [(3, 3)]
    assert 'camera 0 tells no speed' in capsys.readouterr().out
    assert camera.fps == 25
    assert fake.released


def test_a_fault_of_the_camera_reaches_who_asks(monkeypatch):
    fake = FakeCamera(fault=OSError('unplugged'))
    monkeypatch.setattr(cv2, 'VideoCapture', lambda _: fake)
    with LatestFrame(0) as camera, pytest.raises(OSError, match='unplugged'):
        list(camera)


def test_refuses_a_camera_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setattr(FakeCamera, 'isOpened', lambda _: False)
    monkeypatch.setattr(cv2, 'VideoCapture', lambda _: FakeCamera())
    with pytest.raises(InputError, match='cannot open camera 7'):
        LatestFrame(7)
    with pytest.raises(InputError, match='no video no.mp4'):
        LatestFrame('no.mp4')
