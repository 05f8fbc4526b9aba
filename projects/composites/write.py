"""Writes composites as a folder in FLD's raw layout."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import List, Tuple

import cv2
import numpy as np

from projects.synthfld import fld_files
from projects.synthfld.chance import chance, pick
from projects.synthfld.owned_folder import claim_folder, seal_folder
from projects.synthfld.sample import LabelledPicture
from projects.synthfld.workers import map_in_order
from projects.synthfld.write import without_pixels

from .backdrops import Backdrops
from .figure import compose_figure
from .flat_cutouts import load_cut_outs
from .laid import compose_laid
from .misfit import MisfitError
from .person import compose_person
from .street_photos import (
    WornGarment,
    held_out_photos,
    masked_photos,
    worn_garments,
)
from .things import Things
from .wardrobe import Wardrobe, load_patterns

TOOL = 'compose_worn.py'
# Shares: people of photographs, drawn figures, garments with nobody inside.
SCENES = dict(person=55, figure=25, laid=20)
_TYPES = {1: 43, 2: 32, 3: 25}
_TRIES = 200
_JPEG_QUALITY = (70, 96)


@dataclass(frozen=True)
class Sources:
    """What composites are made of; all of it from training splits.

    ``worn`` are the labelled garments in street photographs by clothes
    type; ``report`` says in words what was used and what rejected.
    """

    wardrobe: Wardrobe
    worn: dict
    backdrops: Backdrops
    things: Things
    report: Tuple[str, ...]


def load_sources(
    flat: Path, street: Path, photos: Path, cache: Path, workers: int
) -> Sources:
    """Read the sets and cut the flat garments out.

    Args:
        flat (Path), street (Path): In FLD's raw layout, ``street`` with
            ``SOURCES.tsv``.
        photos (Path): ``photos``, ``masks`` and ``labels.txt`` of street
            photographs.
        cache (Path): Where cut-outs are kept.
    """
    cut = load_cut_outs(flat, cache, workers)
    patterns, unfit = load_patterns(cut.garments)
    masked = masked_photos(photos, held_out_photos(street))
    held_out = len(masked_photos(photos, set())) - len(masked)
    worn, missed = worn_garments(street, masked)
    by_type: dict = {1: [], 2: [], 3: []}
    for garment in worn:
        by_type[garment.clothes_type].append(garment)
    report = (
        f'flat garments: {len(patterns)} of '
        f'{len(cut.garments) + sum(cut.faults.values())} in the training '
        f'split; rejected: {_counts(cut.faults + unfit)}',
        f'worn garments: {len(worn)}; {missed} not found in the masks',
        f'street photographs: {len(masked)}, without {held_out} for '
        'validation or testing',
    )
    return Sources(
        Wardrobe(patterns),
        by_type,
        Backdrops(masked, cut.garments),
        Things(masked),
        report,
    )


def _counts(counter: Counter) -> str:
    return ', '.join(f'{n} {name}' for name, n in counter.most_common())


def compose(
    sources: Sources, seed: int, index: int, size: int
) -> Tuple[LabelledPicture, Counter]:
    """Picture ``index`` and what went wrong on the way to it."""
    rng = np.random.default_rng([seed, index])
    scene, failures = pick(rng, SCENES), Counter()
    for _ in range(_TRIES):
        try:
            return _try(rng, sources, scene, _shape(rng, size)), failures
        except MisfitError as error:
            failures[f'{scene}: {error}'] += 1
    raise RuntimeError(
        f'no {scene} picture came about in {_TRIES} tries: {failures}'
    )


def _shape(rng, size) -> Tuple[int, int]:
    """Height and width; the long side is ``size``."""
    short = round(size * rng.uniform(0.6, 1.0))
    return (size, short) if chance(rng, 0.88) else (short, size)


def _try(rng, sources: Sources, scene, shape) -> LabelledPicture:
    s = sources
    if scene == 'person':
        some = s.worn[pick(rng, _TYPES)]
        garment: WornGarment = some[int(rng.integers(len(some)))]
        return compose_person(
            rng, shape, garment, s.wardrobe, s.backdrops, s.things
        )
    build = compose_figure if scene == 'figure' else compose_laid
    return build(rng, shape, s.wardrobe, s.backdrops, s.things)


def write_composites(
    sources: Sources,
    out: Path,
    num: int,
    seed: int = 0,
    size: int = 320,
    workers: int = 1,
    keep: int = 0,
    overwrite: bool = False,
) -> Tuple[List[LabelledPicture], Counter]:
    """Compose ``num`` pictures into ``out``, all of the training split.

    Returns:
        tuple: The samples, the first ``keep`` of them with their pixels,
        and what had to be drawn again and why.

    Raises:
        ForeignFilesError: If the folder is in use, see ``claim_folder``.
    """
    names = fld_files.image_names(num)
    claim_folder(out, TOOL, [*names, *fld_files.LISTS], overwrite)
    (out / 'img').mkdir(exist_ok=True)
    work = partial(
        _write, sources=sources, out=out, seed=seed, size=size, keep=keep
    )
    found = map_in_order(work, range(1, num + 1), workers, 'Composing')
    samples = [sample for sample, _ in found]
    fld_files.write_lists(out, samples, ['train'] * num)
    seal_folder(out, TOOL)
    return samples, sum((failures for _, failures in found), Counter())


def _write(index, sources, out: Path, seed: int, size: int, keep: int):
    sample, failures = compose(sources, seed, index, size)
    quality = _JPEG_QUALITY[0] + (index * 7) % (
        _JPEG_QUALITY[1] - _JPEG_QUALITY[0]
    )
    path = out / fld_files.image_name(index)
    cv2.imwrite(str(path), sample.image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return sample if index <= keep else without_pixels(sample), failures
