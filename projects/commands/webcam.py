"""``dfa webcam``: the garments in front of a camera."""

import argparse
import re
from contextlib import nullcontext
from typing import Optional, Union

import cv2
import numpy as np

from dfa_mm.apis import InputError
from dfa_mm.apis.outputs import check_display
from dfa_mm.visualization import draw_heading

from .following import follower_from
from .frames import Frame, FrameRate, LatestFrame, VideoFile
from .model import model_from
from .results import check_results

WINDOW = 'dfa_mm: q ends'
QUIT_KEYS = (ord('q'), ord('Q'), 27)  # Esc


def camera(source: str) -> Union[int, str]:
    """``0`` and ``/dev/video0`` are cameras, anything else is a video."""
    number = re.fullmatch(r'(?:/dev/video)?(\d+)', source)
    return int(number[1]) if number else source


class Window:
    """The window on the screen."""

    def __enter__(self) -> 'Window':
        cv2.namedWindow(WINDOW, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO)
        return self

    def __exit__(self, *_) -> None:
        cv2.destroyAllWindows()

    def show(self, picture: np.ndarray) -> bool:
        """Whether to go on: not after q, nor when the window was closed."""
        cv2.imshow(WINDOW, picture)
        if cv2.waitKey(1) & 0xFF in QUIT_KEYS:
            return False
        return cv2.getWindowProperty(WINDOW, cv2.WND_PROP_VISIBLE) >= 1


class Recording(VideoFile):
    """What is shown as an mp4 of the camera's speed.

    A picture stays until the next one: the recording lasts as long as the
    scene, however many frames were dropped.
    """

    _last: Optional[tuple] = None

    def __exit__(self, *ended) -> None:
        if self._last is not None:
            self.write(self._last[1])
        super().__exit__(*ended)

    def add(self, frame: Frame, picture: np.ndarray) -> None:
        if self._last is not None:
            index, before = self._last
            self.write(before, frame.index - index)
        self._last = frame.index, picture


def run(args: argparse.Namespace) -> None:
    if not args.no_window:
        check_display()
    inputs = filter(None, (args.source, args.config, args.checkpoint))
    check_results([args.output], inputs, args.overwrite)
    follow = follower_from(args, model_from(args))
    with LatestFrame(camera(args.source)) as frames:
        shown_in = nullcontext() if args.no_window else Window()
        kept = nullcontext()
        if args.output:
            kept = Recording(args.output, frames.fps)
        with shown_in as window, kept as recording:
            shown, last, rate = loop(args, frames, follow, window, recording)
    if not shown:
        raise InputError(f'--device {args.source} delivers no picture')
    print(
        f'{shown} frames shown, {last + 1 - shown} dropped, '
        f'{rate:.1f} frames/s'
    )
    if args.output:
        print(f'video: {args.output}')


def loop(args, frames, follow, window, recording) -> tuple:
    """Frames shown, index of the last one, and frames per second."""
    shown, last, rate, meter = 0, -1, 0.0, FrameRate()
    for frame in frames:
        garments = follow(frame.image, args.source, frame.seconds)
        picture = follow.draw(frame.image, garments)
        shown, last, rate = shown + 1, frame.index, meter.tick()
        dropped = last + 1 - shown
        draw_heading(picture, f'{rate:.1f} frames/s, {dropped} dropped')
        if recording:
            recording.add(frame, picture)
        closed = window and not window.show(picture)
        if closed or shown == args.max_frames:
            break
    return shown, last, rate
