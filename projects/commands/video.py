"""``dfa video``: the garments of every frame, and their landmarks."""

import argparse
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import List, Optional

import mmcv
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TextColumn

from dfa_mm.apis import InputError, describe_garment, open_video
from dfa_mm.apis.garments import SCHEMA
from dfa_mm.files import write_json

from .following import GarmentFollower, follower_from
from .frames import FrameRate, VideoFile, frames_per_second
from .model import model_from
from .results import check_results
from .tables import write_table


def out_file(args: argparse.Namespace) -> str:
    """The video to write; no result may be the one that is read."""
    path = args.output or f'{Path(args.video).stem}_landmarks.mp4'
    inputs = filter(None, (args.video, args.config, args.checkpoint))
    check_results([path, args.json, args.csv], inputs, args.overwrite)
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
    output = out_file(args)
    video = open_video(args.video)
    # file names are no markup
    console = Console(markup=False)
    fps = frames_per_second(video.fps, args.video)
    follow = follower_from(args, model_from(args))
    frames: List[dict] = []
    try:
        with VideoFile(output, fps) as written:
            seconds = process(args, video, follow, written, frames, console)
        if not frames:
            raise InputError(f'{args.video} has no frame that can be read')
        report(args, video, written, seconds, console)
        report_garments(follow, frames, Path(args.video).name, console)
    finally:  # also those before Ctrl-C
        if frames:
            write_found(args, video, fps, frames, console)


def write_found(
    args: argparse.Namespace,
    video: mmcv.VideoReader,
    fps: float,
    frames: List[dict],
    console: Console,
) -> None:
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
    frames: List[dict],
    console: Console,
) -> float:
    """Adds what is told of each frame; how many seconds all took."""
    rate, start = FrameRate(), time.perf_counter()
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
    return time.perf_counter() - start


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
