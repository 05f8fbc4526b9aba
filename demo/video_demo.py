#!/usr/bin/env python
"""Find the landmarks of the garment in every frame of a video.

    python demo/video_demo.py clip.mp4 [CONFIG CHECKPOINT] --smooth

Writes clip_landmarks.mp4, without sound. Without CONFIG and CHECKPOINT the
model that comes with the package is used.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Iterator, Optional, Sequence

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import mmcv
import numpy as np
from command_line import (
    GarmentFinder,
    add_model_arguments,
    exit_status,
    model_from,
    parse,
    write_json,
)
from mmengine.structures import InstanceData
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from video import DEFAULT_FPS, FrameRate, VideoFile, frames_per_second

from dfa_mm.apis import InputError, branch_name, landmark_rows, open_video
from dfa_mm.visualization import draw_prediction, draw_stages

PANEL_SIZE = 480


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument('video', help='video file')
    add_model_arguments(parser, closer_look=False)
    parser.add_argument(
        '--output', help='mp4 to write (default: VIDEO_landmarks.mp4)'
    )
    parser.add_argument(
        '--smooth',
        action='store_true',
        help='let landmarks and states follow the frames calmly',
    )
    parser.add_argument(
        '--stages', action='store_true', help='draw the stages side by side'
    )
    parser.add_argument('--json', help='file to write the landmarks to')
    parser.add_argument(
        '--max-frames', type=int, help='stop after so many frames'
    )
    return parse(parser, argv)


def out_file(args: argparse.Namespace) -> str:
    """The video to write, which must not be the one that is read."""
    path = args.output or f'{Path(args.video).stem}_landmarks.mp4'
    if Path(path).resolve() == Path(args.video).resolve():
        raise InputError(f'--output {path} is the video itself')
    return path


def frames(
    video: mmcv.VideoReader, limit: Optional[int]
) -> Iterator[np.ndarray]:
    """BGR frames up to the limit."""
    for i, frame in enumerate(video):
        if i == limit:
            return
        yield frame


def announced(video: mmcv.VideoReader, limit: Optional[int]) -> Optional[int]:
    """How many frames the video says there are, ``None`` if it does not."""
    if video.frame_cnt <= 0:
        return limit
    return min(video.frame_cnt, limit or video.frame_cnt)


def progress_bar(console: Console) -> Progress:
    return Progress(
        TextColumn('frames'),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn('{task.fields[fps]:.1f} frames/s'),
        TimeRemainingColumn(),
        console=console,
    )


def draw(
    args: argparse.Namespace,
    frame: np.ndarray,
    pred: InstanceData,
    meta: dict,
) -> np.ndarray:
    """The BGR picture to write, from a BGR frame."""
    image, given = mmcv.bgr2rgb(frame), args.box is not None
    if args.stages:
        box = pred.bboxes[0] if given else None
        picture = draw_stages(image, pred, meta, box, PANEL_SIZE)
    else:
        picture = draw_prediction(image, pred, meta, show_box=given)
    return mmcv.rgb2bgr(picture)


def describe(number: int, pred: InstanceData, meta: dict) -> dict:
    """The JSON of one frame."""
    rows = landmark_rows(pred, meta)
    return dict(frame=number, branch=branch_name(pred), landmarks=rows)


def run(args: argparse.Namespace) -> None:
    if args.max_frames is not None and args.max_frames < 1:
        raise InputError(f'--max-frames is {args.max_frames}, at least 1')
    output = out_file(args)
    video = open_video(args.video)
    console = Console()
    fps = frames_per_second(video.fps)
    if fps is None:
        fps = DEFAULT_FPS
        console.print(f'{args.video} tells no speed: taken as {fps} frames/s')
    with VideoFile(output, fps) as written:
        find = GarmentFinder(args, model_from(args))
        found, seconds = process(args, video, find, written, console)
    if not found:
        raise InputError(f'{args.video} has no frame that can be read')
    report(args, video, written, seconds, console)
    if args.json:
        write_json(args.json, dict(heading(args, fps), frames=found))
        console.print(f'landmarks: {args.json}', soft_wrap=True)


def process(args, video, find, written: VideoFile, console: Console) -> tuple:
    """All frames: what was found in each, and how long it took."""
    found, rate, start = [], FrameRate(), time.perf_counter()
    total = announced(video, args.max_frames)
    with progress_bar(console) as bar:
        task = bar.add_task('frames', total=total, fps=0.0)
        for i, frame in enumerate(frames(video, args.max_frames)):
            pred = find(frame, args.video, i / written.fps)
            written.write(draw(args, frame, pred, find.meta))
            found.append(describe(i, pred, find.meta))
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


def heading(args: argparse.Namespace, fps: float) -> dict:
    """The JSON of the whole video, without its frames."""
    return dict(
        video=args.video,
        config=args.config,
        checkpoint=args.checkpoint,
        fps=fps,
        box=args.box,
        clothes_type=args.clothes_type,
        smooth=args.smooth,
    )


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    return exit_status(lambda: run(args))


if __name__ == '__main__':
    sys.exit(main())
