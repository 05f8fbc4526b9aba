"""A copy of FLD as COCO files: one per clothes type and split, plus all."""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterable, List, Tuple

import numpy as np

from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    TYPE_SLOTS,
    Visibility,
    to_coco,
)

from .coco_writer import CocoWriter, category, staging
from .fld_raw import SPLITS
from .fld_reader import FLDReader, FLDSample
from .raw_list import Problems, RawListError

REPORT = 'fld2coco_report.txt'
# Flags per landmark state and per joint state (0 visible, 1 not visible).
_FLAGS = {int(v): int(to_coco(np.array(v))) for v in Visibility if v >= 0}
_JOINT_FLAGS = {0: 2, 1: 1}


@dataclass
class Conversion:
    """What was converted and what was not.

    Args:
        samples (Counter): Number of samples by (split, clothes type,
            variation type).
        partition (Counter): Number of rows by split in the partition file.
        problems (Counter): Number of reported problems by kind.
        left_out (int): Number of rows of the landmark list left out.
        notes (Counter): Harmless observations.
    """

    samples: Counter
    partition: Counter
    problems: Counter
    left_out: int
    notes: Counter


def convert(
    root: Path,
    out_dir: Path,
    check_images: bool = True,
    lenient: bool = False,
    progress: Callable[[Iterable, int], Iterable] = lambda rows, total: rows,
) -> Conversion:
    """Writes all files, or raises and writes none.

    Raises:
        RawListError: At the first problem, unless ``lenient``.
    """
    arguments = dict(skip_image_check=not check_images, lenient=lenient)
    with staging(out_dir) as stage, ExitStack() as stack:
        report = None
        if lenient:
            path = stage / REPORT
            report = stack.enter_context(path.open('w', encoding='utf-8'))
        reader = FLDReader(Path(root), Problems(report), check_images)
        writers = {
            (subset, split): stack.enter_context(
                _writer(stage, subset, split, arguments)
            )
            for subset in FLD_SETS
            for split in SPLITS
        }
        samples = _write(progress(reader, len(reader)), writers)
        if not samples:
            raise RawListError(
                'samples',
                str(reader.landmarks.path),
                f'none of {reader.landmarks.num_rows} rows usable',
                'at least one',
                'Run without --lenient to see the first problem.',
            )
    if not lenient:
        (Path(out_dir) / REPORT).unlink(missing_ok=True)
    return Conversion(
        samples,
        reader.partition_counts,
        reader.problems.by_kind,
        reader.left_out,
        reader.notes,
    )


def image_record(sample: FLDSample) -> Dict:
    record = dict(id=sample.id, file_name=sample.name)
    if sample.size is not None:
        record.update(width=sample.size[0], height=sample.size[1])
    return record


def annotation_record(sample: FLDSample, subset: str) -> Dict:
    x1, y1, x2, y2 = sample.box
    width, height = x2 - x1, y2 - y1
    keypoints = landmark_triples(sample, subset)
    record = dict(
        id=sample.id,
        image_id=sample.id,
        category_id=1,
        bbox=[_short(value) for value in (x1, y1, width, height)],
        area=_short(width * height),
        iscrowd=0,
        keypoints=keypoints,
        num_keypoints=sum(flag > 0 for flag in keypoints[2::3]),
        clothes_type=sample.garment.clothes_type,
        variation_type=sample.garment.variation_type,
    )
    if sample.joints is not None:
        record['joints'] = [
            number
            for state, x, y in sample.joints
            for number in (_short(x), _short(y), _JOINT_FLAGS[state])
        ]
    return record


def landmark_triples(sample: FLDSample, subset: str) -> List:
    """COCO's x, y, v of every slot; 0, 0, 0 without a position."""
    garment = sample.garment
    slots = range(len(garment.landmarks))
    if subset == 'all':
        slots = TYPE_SLOTS[garment.clothes_type]
    triples = [0] * (3 * len(FLD_SETS[subset]))
    for slot, (state, x, y) in zip(slots, garment.landmarks):
        if _FLAGS[state]:
            triples[3 * slot : 3 * slot + 3] = (
                _short(x),
                _short(y),
                _FLAGS[state],
            )
    return triples


def _write(
    samples: Iterable[FLDSample],
    writers: Dict[Tuple[str, str], CocoWriter],
) -> Counter:
    counts: Counter = Counter()
    for sample in samples:
        image = image_record(sample)
        garment = sample.garment
        for subset in (CLOTHES_TYPES[garment.clothes_type], 'all'):
            writers[subset, sample.split].add(
                image, annotation_record(sample, subset)
            )
        counts[sample.split, garment.clothes_type, garment.variation_type] += 1
    return counts


def _writer(
    folder: Path, subset: str, split: str, arguments: Dict
) -> CocoWriter:
    info = dict(
        description=f'Fashion Landmark Detection: {subset}, {split}',
        converter='fld2coco.py',
        arguments=arguments,
    )
    head = dict(info=info, categories=[category(FLD_SETS[subset], 'clothes')])
    return CocoWriter(folder / f'fld_{subset}_{split}.json', head)


def _short(value: float):
    """Whole numbers without a decimal point, as in FLD's lists."""
    return int(value) if float(value).is_integer() else value
