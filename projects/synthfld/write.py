"""Writes a whole data set in FLD's raw layout."""

import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import List, Optional, Tuple

import cv2
import numpy as np
from rich.progress import track

from . import fld_files
from .contact_sheet import contact_sheet
from .plan import plan
from .render import render_sample
from .sample import SynthSample

SHEET = 48
_JPEG_QUALITY = (55, 96)
_CHUNK = 16

Row = Tuple[int, int, str]


def available_cores() -> int:
    return len(os.sched_getaffinity(0))


def planned_sample(seed: int, index: int, row: Row, size: int):
    """Picture ``index`` (from 1) and its JPEG file's bytes."""
    rng = np.random.default_rng([seed, index])
    sample = render_sample(rng, size, row[0], row[1])
    quality = int(rng.integers(*_JPEG_QUALITY))
    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    return sample, cv2.imencode('.jpg', sample.image, options)[1].tobytes()


def _draw(task: Tuple[int, Row], out: Path, seed: int, size: int):
    """Write one picture; the sample goes back with its pixels left out."""
    index, row = task
    sample, jpeg = planned_sample(seed, index, row, size)
    (out / fld_files.image_name(index)).write_bytes(jpeg)
    if index > SHEET:
        blank = np.broadcast_to(np.uint8(0), sample.image.shape)
        sample = replace(sample, image=blank)
    return sample


def _draw_chunk(tasks, out, seed, size):
    return [_draw(task, out, seed, size) for task in tasks]


def _draw_all(tasks, out, seed, size, jobs) -> List[SynthSample]:
    draw = partial(_draw_chunk, out=out, seed=seed, size=size)
    chunks = [tasks[i : i + _CHUNK] for i in range(0, len(tasks), _CHUNK)]
    if jobs == 1:
        parts = list(track(map(draw, chunks), 'Drawing', len(chunks)))
    else:
        # A started-afresh process would import MMPose once more (6 s).
        with ProcessPoolExecutor(
            jobs, get_context('fork'), cv2.setNumThreads, (0,)
        ) as pool:
            drawn = pool.map(draw, chunks)
            parts = list(track(drawn, 'Drawing', len(chunks)))
    return [sample for part in parts for sample in part]


def _empty_folder(out: Path, overwrite: bool) -> None:
    if out.exists() and any(out.iterdir()):
        if not overwrite:
            raise FileExistsError(
                f'{out} is not empty; give another folder or --overwrite'
            )
        for name in ('img', 'Anno', 'Eval'):
            shutil.rmtree(out / name, ignore_errors=True)
    (out / 'img').mkdir(parents=True)


def write_synth_fld(
    out: Path,
    num: int,
    seed: int = 0,
    size: int = 256,
    jobs: Optional[int] = None,
    overwrite: bool = False,
) -> List[SynthSample]:
    """Draw ``num`` pictures into ``out``; ``jobs`` changes only the speed.

    The lists are written last: a folder that has them is complete.
    """
    out = Path(out)
    _empty_folder(out, overwrite)
    rows = plan(num, seed)
    tasks = list(enumerate(rows, start=1))
    samples = _draw_all(tasks, out, seed, size, jobs or available_cores())
    sheet = contact_sheet(samples[:SHEET])
    cv2.imwrite(str(out / 'contact_sheet.png'), sheet)
    _write_lists(out, samples, rows)
    return samples


def _write_lists(out: Path, samples: List[SynthSample], rows: List[Row]):
    names = [fld_files.image_name(i + 1) for i in range(len(samples))]
    pairs = list(zip(names, samples))
    for stem, columns, row_of in (
        ('joints', fld_files.JOINT_COLUMNS, fld_files.joint_row),
        ('bbox', fld_files.BOX_COLUMNS, fld_files.box_row),
        ('landmarks', fld_files.LANDMARK_COLUMNS, fld_files.landmark_row),
    ):
        lines = [row_of(name, sample) for name, sample in pairs]
        fld_files.write_list(out / f'Anno/list_{stem}.txt', columns, lines)
    splits = [f'{name}  {row[2]}' for name, row in zip(names, rows)]
    fld_files.write_list(
        out / 'Eval/list_eval_partition.txt', fld_files.SPLIT_COLUMNS, splits
    )
