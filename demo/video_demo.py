#!/usr/bin/env python
"""Find the garments in every frame of a video, and their landmarks.

    python demo/video_demo.py clip.mp4 [CONFIG CHECKPOINT] --smooth

Writes clip_landmarks.mp4, without sound, in which every garment keeps its
number. Without CONFIG and CHECKPOINT the model that comes with the package is
used.
"""

import argparse
import sys
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

import dfa_mm  # noqa: F401  (registers, and closes gaps of the stack)

# isort: split
import mmcv
from command_line import (
    add_network_arguments,
    exit_status,
    make_parser,
    model_from,
    parse,
)
from following import (
    GarmentFollower,
    add_video_arguments,
    check_video_arguments,
    follower_from,
)
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn
from tables import write_table
from video import FrameRate, VideoFile, frames_per_second

from dfa_mm.apis import InputError, describe_garment, open_video
from dfa_mm.apis.garments import SCHEMA
from dfa_mm.files import write_json


def parse_args(argv: Optional[Sequence[str]] = None) -> argparse.Namespace:
    parser = make_parser(__doc__)
    parser.add_argument('video', help='video file')
    add_network_arguments(parser)
    parser.add_argument(
        '--output', help='mp4 to write (default: VIDEO_landmarks.mp4)'
    )
    add_video_arguments(parser)
    parser.add_argument(
        '--stages', action='store_true', help='draw the stages side by side'
    )
    parser.add_argument('--json', help='file to write the garments to')
    parser.add_argument(
        '--csv', help='the same as a table, a landmark of a frame a line'
    )
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
    check_video_arguments(args)
    output = out_file(args)
    video = open_video(args.video)
    # file names are no markup
    console = Console(markup=False)
    fps = frames_per_second(video.fps, args.video)
    with VideoFile(output, fps) as written:
        follow = follower_from(args, model_from(args))
        frames, seconds = process(args, video, follow, written, console)
    if not frames:
        raise InputError(f'{args.video} has no frame that can be read')
    report(args, video, written, seconds, console)
    report_garments(follow, frames, Path(args.video).name, console)
    if args.json:
        size = [video.width, video.height]
        keys = ('video', 'config', 'checkpoint', 'smooth')
        asked = dict(size=size, **{key: getattr(args, key) for key in keys})
        write_json(
            args.json, dict(schema=SCHEMA, **asked, fps=fps, frames=frames)
        )
        console.print(f'garments: {args.json}', soft_wrap=True)
    if args.csv:
        garments = (
            ((frame['frame'], frame['seconds'], garment['track']), garment)
            for frame in frames
            for garment in frame['garments']
        )
        write_table(args.csv, ('frame', 'seconds', 'track'), garments)
        console.print(f'table: {args.csv}', soft_wrap=True)


def process(
    args: argparse.Namespace,
    video: mmcv.VideoReader,
    follow: GarmentFollower,
    written: VideoFile,
    console: Console,
) -> Tuple[List[dict], float]:
    """What is told of each frame, and how many seconds all took."""
    frames, rate, start = [], FrameRate(), time.perf_counter()
    total = announced(video, args.max_frames)
    with progress_bar(console) as bar:
        task = bar.add_task('frames', total=total, fps=0.0)
        for i, frame in enumerate(islice(video, args.max_frames)):
            seconds = i / written.fps
            garments = follow(frame, args.video, seconds)
            written.write(follow.draw(frame, garments, args.stages))
            told = [describe_garment(g, follow.meta) for g in garments]
            frames.append(dict(frame=i, seconds=seconds, garments=told))
            bar.update(task, advance=1, fps=rate.tick())
    return frames, time.perf_counter() - start


def report(args, video, written, seconds: float, console: Console) -> None:
    count, total = written.frames, announced(video, args.max_frames)
    if total and count < total:
        console.print(f'only {count} of {total} frames could be read')
    console.print(
        f'{count} frames in {seconds:.1f} s, {count / seconds:.1f} frames/s'
    )
    console.print(f'video: {written.path}', soft_wrap=True)


def report_garments(
    follow: GarmentFollower, frames: List[dict], name: str, console: Console
) -> None:
    """How many garments there were, and in how many frames each."""
    seen = Counter(
        (one['track'], one['type'])
        for frame in frames
        for one in frame['garments']
    )
    if not seen:
        console.print(follow.find.nothing_found(name), soft_wrap=True)
        return
    named = ', '.join(
        f'{kind or "garment"} {track} in {count}'
        for (track, kind), count in sorted(seen.items())
    )
    console.print(f'garments, and in how many frames: {named}')


def main(argv: Optional[Sequence[str]] = None) -> int:
    args = parse_args(argv)
    return exit_status(lambda: run(args))


if __name__ == '__main__':
    sys.exit(main())
