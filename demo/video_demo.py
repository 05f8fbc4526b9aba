#!/usr/bin/env python
"""Find the landmarks of the garment in every frame of a video.

    python demo/video_demo.py clip.mp4 [CONFIG CHECKPOINT] --smooth

Writes clip_landmarks.mp4, without sound. Without CONFIG and CHECKPOINT the
model that comes with the package is used.
"""

import argparse
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import mmcv
from command_line import (
    GarmentFinder,
    add_model_arguments,
    add_video_arguments,
    check_max_frames,
    exit_status,
    make_parser,
    model_from,
    parse,
)
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn
from video import FrameRate, VideoFile, frames_per_second

from dfa_mm.apis import InputError, branch_name, landmark_rows, open_video
from dfa_mm.files import write_json


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument('video', help='video file')
    add_model_arguments(parser, closer_look=False)
    parser.add_argument(
        '--output', help='mp4 to write (default: VIDEO_landmarks.mp4)'
    )
    add_video_arguments(parser)
    parser.add_argument(
        '--stages', action='store_true', help='draw the stages side by side'
    )
    parser.add_argument('--json', help='file to write the landmarks to')
    return parse(parser, argv)


def out_file(args: argparse.Namespace) -> str:
    """The video to write, which must not be the one that is read."""
    path = args.output or f'{Path(args.video).stem}_landmarks.mp4'
    if Path(path).resolve() == Path(args.video).resolve():
        raise InputError(f'--output {path} is the video itself')
    return path


def announced(video: mmcv.VideoReader, limit: Optional[int]) -> Optional[int]:
    """How many frames the video says there are, ``None`` if it does not."""
    if video.frame_cnt <= 0:
        return limit
    return min(video.frame_cnt, limit or video.frame_cnt)


def progress_bar(console: Console) -> Progress:
    return Progress(
        *Progress.get_default_columns(),
        MofNCompleteColumn(),
        TextColumn('{task.fields[fps]:.1f} frames/s'),
        console=console,
    )


def run(args: argparse.Namespace) -> None:
    check_max_frames(args)
    output = out_file(args)
    video = open_video(args.video)
    console = Console()
    fps = frames_per_second(video.fps, args.video)
    with VideoFile(output, fps) as written:
        find = GarmentFinder(args, model_from(args))
        found, seconds = process(args, video, find, written, console)
    if not found:
        raise InputError(f'{args.video} has no frame that can be read')
    report(args, video, written, seconds, console)
    if args.json:
        keys = ('video', 'config', 'checkpoint', 'box', 'clothes_type')
        asked = {key: getattr(args, key) for key in (*keys, 'smooth')}
        write_json(args.json, dict(asked, fps=fps, frames=found))
        console.print(f'landmarks: {args.json}', soft_wrap=True)


def process(args, video, find, written: VideoFile, console: Console) -> tuple:
    """All frames: what was found in each, and how long it took."""
    found, rate, start = [], FrameRate(), time.perf_counter()
    total = announced(video, args.max_frames)
    with progress_bar(console) as bar:
        task = bar.add_task('frames', total=total, fps=0.0)
        for i, frame in enumerate(islice(video, args.max_frames)):
            pred = find(frame, args.video, i / written.fps)
            written.write(find.draw(frame, pred))
            rows, branch = landmark_rows(pred, find.meta), branch_name(pred)
            found.append(dict(frame=i, branch=branch, landmarks=rows))
            bar.update(task, advance=1, fps=rate.tick())
    return found, time.perf_counter() - start


def report(args, video, written, seconds: float, console: Console) -> None:
    count, total = written.frames, announced(video, args.max_frames)
    if total and count < total:
        console.print(f'only {count} of {total} frames could be read')
    console.print(
        f'{count} frames in {seconds:.1f} s, {count / seconds:.1f} frames/s'
    )
    console.print(f'video: {written.path}', soft_wrap=True)


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    return exit_status(lambda: run(args))


if __name__ == '__main__':
    sys.exit(main())
