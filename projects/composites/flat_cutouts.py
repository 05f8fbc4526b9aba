"""The garments of the training split of a flat set, cut out once and kept."""

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, NamedTuple

import cv2
import numpy as np

from dfa_mm.datasets.fld_reader import LANDMARKS, FLDReader, FLDSample
from dfa_mm.structures import has_position
from projects.synthfld.owned_folder import claim_folder
from projects.synthfld.workers import map_in_order

from .grabcut import cut_out

TOOL = 'cut-outs of compose_worn.py'
_FAULTS, _GOOD = 'faults.tsv', 'good'


@dataclass(frozen=True)
class FlatGarment:
    """A cut-out garment; positions in pixels of the photograph.

    Args:
        image (Path), mask (Path): The photograph and its mask.
        box (np.ndarray): x1, y1, x2, y2.
        landmarks (np.ndarray): (K, 2), zeros where cut off.
        visibility (np.ndarray): (K,), FLD's codes.
    """

    image: Path
    mask: Path
    clothes_type: int
    box: np.ndarray
    landmarks: np.ndarray
    visibility: np.ndarray


class CutOuts(NamedTuple):
    garments: List[FlatGarment]
    faults: Counter  # what was wrong with the rejected ones


def training_samples(root: Path):
    """The training samples of a set in FLD's raw layout, and its images."""
    reader = FLDReader(Path(root))
    samples = [sample for sample in reader if sample.split == 'train']
    return samples, reader.image_folder


def load_cut_outs(root: Path, cache: Path, workers: int) -> CutOuts:
    """Cut out what ``cache`` does not hold yet, and return the good ones.

    Only the training split is looked at. A cache of other labels is
    replaced.

    Raises:
        ForeignFilesError: If ``cache`` holds what is no cut-out.
    """
    samples, images = training_samples(root)
    key = hashlib.sha256((Path(root) / LANDMARKS).read_bytes()).hexdigest()
    known = _read_faults(cache, key)
    if any(sample.name not in known for sample in samples):
        names = [_mask_path(cache, sample.name).name for sample in samples]
        claim_folder(cache, TOOL, [*names, _FAULTS], overwrite=True)
        known = {}
    tasks = [
        (sample, images / sample.name, cache)
        for sample in samples
        if sample.name not in known
    ]
    found = map_in_order(_cut, tasks, workers, 'Cutting out')
    known.update(zip((task[0].name for task in tasks), found))
    _write_faults(cache, key, known)
    faults = Counter(known[sample.name] for sample in samples)
    del faults[_GOOD]
    return CutOuts(
        [
            _garment(sample, images, cache)
            for sample in samples
            if known[sample.name] == _GOOD
        ],
        faults,
    )


def _labels(sample: FLDSample):
    values = np.array(sample.labels.landmarks, float)
    return values[:, 1:], values[:, 0].astype(np.int64)


def _mask_path(cache: Path, name: str) -> Path:
    return cache / Path(name).with_suffix('.png').name


def _cut(task) -> str:
    sample, path, cache = task
    landmarks, visibility = _labels(sample)
    if not has_position(visibility).all():
        return 'cut off by the picture'
    image = cv2.imread(str(path))
    kind = sample.labels.clothes_type
    found = cut_out(image, kind, np.array(sample.box), landmarks)
    if found.fault is None:
        cv2.imwrite(str(_mask_path(cache, sample.name)), found.mask)
    return found.fault or _GOOD


def _garment(sample: FLDSample, images: Path, cache: Path) -> FlatGarment:
    landmarks, visibility = _labels(sample)
    return FlatGarment(
        images / sample.name,
        _mask_path(cache, sample.name),
        sample.labels.clothes_type,
        np.array(sample.box, float),
        landmarks,
        visibility,
    )


def _read_faults(cache: Path, key: str) -> Dict[str, str]:
    path = cache / _FAULTS
    if not path.is_file():
        return {}
    first, *lines = path.read_text().splitlines()
    return dict(line.split('\t') for line in lines) if first == key else {}


def _write_faults(cache: Path, key: str, faults: Dict[str, str]) -> None:
    lines = [f'{name}\t{fault}\n' for name, fault in sorted(faults.items())]
    (cache / _FAULTS).write_text(''.join([f'{key}\n', *lines]))
