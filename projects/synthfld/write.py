"""Writes a whole data set in FLD's raw layout."""

import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import List, Optional, Tuple

import cv2
import numpy as np

from dfa_mm.datasets.fld_reader import JOINTS

from . import fld_files
from .contact_sheet import contact_sheet
from .owned_folder import claim_folder, seal_folder
from .plan import Planned, plan
from .render import render_sample
from .sample import LabelledPicture, SynthSample
from .workers import map_in_order

TOOL = 'synth_fld.py'
SHEET, SHEET_NAME = 48, 'contact_sheet.png'
_JPEG_QUALITY = (55, 96)


def write_synth_fld(
    out: Path,
    num: int,
    seed: int = 0,
    size: int = 256,
    jobs: Optional[int] = None,
    overwrite: bool = False,
) -> List[SynthSample]:
    """Draw ``num`` pictures into ``out``; ``jobs`` changes only the speed.

    Raises:
        ForeignFilesError: If the folder is in use, see ``claim_folder``.
    """
    out = Path(out)
    names = fld_files.image_names(num)
    lists = [JOINTS, *fld_files.LISTS]
    claim_folder(out, TOOL, [*names, SHEET_NAME, *lists], overwrite)
    (out / 'img').mkdir(exist_ok=True)
    planned = plan(num, seed)
    samples = map_in_order(
        partial(_draw, out=out, seed=seed, size=size),
        list(enumerate(planned, start=1)),
        jobs or len(os.sched_getaffinity(0)),
        'Drawing',
    )
    sheet = contact_sheet(samples[:SHEET])
    cv2.imwrite(str(out / SHEET_NAME), sheet)
    fld_files.write_lists(out, samples, [each.split for each in planned])
    seal_folder(out, TOOL)
    return samples


def _draw(task: Tuple[int, Planned], out: Path, seed: int, size: int):
    """Write one picture (counted from 1)."""
    index, planned = task
    rng = np.random.default_rng([seed, index])
    sample = render_sample(
        rng, size, planned.clothes_type, planned.variation_type
    )
    options = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*_JPEG_QUALITY))]
    cv2.imwrite(str(out / fld_files.image_name(index)), sample.image, options)
    return sample if index <= SHEET else without_pixels(sample)


def without_pixels(sample: LabelledPicture) -> LabelledPicture:
    """Only the shape of the picture is needed once it is written."""
    blank = np.broadcast_to(np.uint8(0), sample.image.shape)
    return replace(sample, image=blank)
