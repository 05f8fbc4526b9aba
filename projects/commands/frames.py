"""Videos and cameras, frame by frame."""

import math
import threading
import time
from collections import deque
from contextlib import ExitStack
from pathlib import Path
from typing import Iterator, NamedTuple, Optional, Union

import cv2
import numpy as np

from dfa_mm.apis import InputError, open_video
from dfa_mm.apis.pictures import check_utf8
from dfa_mm.files import replacing
from dfa_mm.names import shown

DEFAULT_FPS = 25.0  # of a video that does not tell its own
RATE_WINDOW = 2.0  # seconds
_MAX_FPS = 1000  # more is a broken header's word
_FOURCC = 'mp4v'  # what OpenCV's wheels write without other libraries


def frames_per_second(value: float, source: str) -> float:
    """What a video or camera tells of its speed, if it can be true."""
    if math.isfinite(value) and 0 < value < _MAX_FPS:
        return value
    print(f'{source} tells no speed: taken as {DEFAULT_FPS} frames/s')
    return DEFAULT_FPS


class VideoFile:
    """An mp4 file to write frames to, all of the first one's size.

    Odd sides grow by a pixel, without which the codec would cut them. The
    file is there once all is written, or Ctrl-C has ended it; after an error
    what was there before still is.

    Args:
        path (str): Ends in .mp4; folders are created.
        fps (float): Frames per second.

    Raises:
        InputError: If there cannot be such a file.
    """

    def __init__(self, path: str, fps: float) -> None:
        if Path(path).suffix.lower() != '.mp4':
            raise InputError(f'{shown(path)} names no video; end it in .mp4')
        check_utf8(path)
        self.path = str(path)
        self.fps = fps
        self.frames = 0
        self._place = ExitStack()
        self._writer: Optional[cv2.VideoWriter] = None

    def __enter__(self) -> 'VideoFile':
        return self

    def __exit__(self, kind=None, error=None, trace=None) -> None:
        if self._writer is not None:
            self._writer.release()
        if kind in (None, KeyboardInterrupt):
            if self._writer is not None:
                self._place.push(self._check_whole)
            kind = error = trace = None
        self._place.__exit__(kind, error, trace)

    def _check_whole(self, *_) -> None:
        """OpenCV does not tell of a full disk."""
        written = cv2.VideoCapture(self._temporary)
        count = int(written.get(cv2.CAP_PROP_FRAME_COUNT))
        written.release()
        if count != self.frames:
            raise InputError(
                f'{shown(self.path)} cannot be written: {count} of '
                f'{self.frames} frames arrived; is the disk full?'
            )

    def write(self, frame: np.ndarray, times: int = 1) -> None:
        """Append a BGR frame, so many times."""
        size = frame.shape[1], frame.shape[0]
        if self._writer is None:
            even = _even(frame).shape[1::-1]
            self._writer, self._size = self._open(even), size
        if size != self._size:
            raise ValueError(f'a frame of {size} in a video of {self._size}')
        frame = _even(frame)
        for _ in range(times):
            self._writer.write(frame)
        self.frames += times

    def _open(self, size) -> cv2.VideoWriter:
        place = self._place.enter_context(replacing(self.path))
        self._temporary = str(place)
        code = cv2.VideoWriter_fourcc(*_FOURCC)
        writer = cv2.VideoWriter(self._temporary, code, self.fps, size)
        if not writer.isOpened():
            raise InputError(
                f'{self.path} cannot be written with frames of {size}'
            )
        return writer


def _even(frame: np.ndarray) -> np.ndarray:
    """The codec would cut off the last of an odd number of columns."""
    height, width = frame.shape[:2]
    add = height % 2, width % 2
    if not any(add):
        return frame
    return cv2.copyMakeBorder(
        frame, 0, add[0], 0, add[1], cv2.BORDER_REPLICATE
    )


class FrameRate:
    """Frames per second, over the last ``RATE_WINDOW`` seconds."""

    def __init__(self) -> None:
        self._times = deque([time.perf_counter()])

    def tick(self) -> float:
        """To be called after every frame."""
        now = time.perf_counter()
        self._times.append(now)
        while len(self._times) > 2 and now - self._times[0] > RATE_WINDOW:
            self._times.popleft()
        passed = now - self._times[0]
        return (len(self._times) - 1) / passed if passed > 0 else 0.0


class Frame(NamedTuple):
    """A picture of a camera."""

    index: int  # from 0, those that nobody took counted
    image: np.ndarray  # (H, W, 3) BGR uint8
    seconds: float  # since the first one


class LatestFrame:
    """The newest frame of a camera, whenever it is asked for.

    A thread reads the camera as fast as it delivers and keeps one frame.
    Whoever takes longer for a frame misses the ones between, and never sees
    an old one: nothing queues. A video file in the camera's place is played
    at its own speed.

    Args:
        source (int | str): Number of a camera, address of a stream, or a
            video file.

    Raises:
        InputError: If it cannot be opened.
    """

    def __init__(self, source: Union[int, str]) -> None:
        self._file = not isinstance(source, int) and '://' not in source
        if self._file:
            open_video(source)  # for its errors
        self._capture = cv2.VideoCapture(source)
        if not self._capture.isOpened():
            raise InputError(
                f'cannot open camera {source}; is it plugged in, and used by '
                'no other program? A video file can take its place'
            )
        name = source if self._file else f'camera {source}'
        told = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = frames_per_second(told, name)
        self._news = threading.Condition()
        self._latest: Optional[Frame] = None
        self._ended = False
        self._error: Optional[BaseException] = None
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> 'LatestFrame':
        self._thread.start()
        return self

    def __exit__(self, *_) -> None:
        with self._news:
            self._ended = True
        self._thread.join()
        self._capture.release()

    def __iter__(self) -> Iterator[Frame]:
        """The newest frame, then the one that is newest after that, ..."""
        last = -1
        while True:
            with self._news:
                self._news.wait_for(
                    lambda seen=last: self._ended or self._is_newer(seen)
                )
                if self._error is not None:
                    raise self._error
                if not self._is_newer(last):
                    return
                frame = self._latest
            last = frame.index
            yield frame

    def _is_newer(self, index: int) -> bool:
        return self._latest is not None and self._latest.index > index

    def _read(self) -> None:
        try:
            self._read_all()
        except BaseException as error:  # goes on in the thread that asks
            self._error = error
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _read_all(self) -> None:
        start, index = None, 0
        while not self._ended and self._capture.grab():
            now = time.perf_counter()
            start = now if start is None else start
            seconds = index / self.fps if self._file else now - start
            early = start + seconds - now
            if early > 0:
                time.sleep(early)
            # a file that is decoded too slowly: late frames are passed over
            if not self._file or -early * self.fps < 1:
                self._keep_next(index, seconds)
            index += 1

    def _keep_next(self, index: int, seconds: float) -> None:
        whole, image = self._capture.retrieve()
        if not whole:
            return
        with self._news:
            self._latest = Frame(index, image, seconds)
            self._news.notify_all()
