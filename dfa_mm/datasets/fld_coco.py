"""A copy of FLD as COCO files: one per clothes type and split, plus all."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Dict, Iterable, List

import numpy as np

from dfa_mm.files import write_text
from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    TYPE_SLOTS,
    Visibility,
    to_coco,
)

from .coco_writer import CocoFiles, category
from .fld_raw import SPLITS
from .fld_reader import FLDReader, FLDSample
from .raw_list import RawListError

CONVERTER, REPORT = 'fld2coco.py', 'fld2coco_report.txt'
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
        ForeignFilesError: If it would write over another's file.
    """
    arguments = dict(skip_image_check=not check_images, lenient=lenient)
    reader = FLDReader(root, lenient, check_images)
    with CocoFiles(out_dir, CONVERTER, _heads(arguments)) as files:
        samples = _write(progress(reader, len(reader)), files)
        if not samples:
            raise RawListError(
                'samples',
                str(reader.landmarks.path),
                f'none of {reader.landmarks.num_rows} rows usable',
                'at least one',
                'Run without --lenient to see the first problem.',
            )
        files.publish()
    report = Path(out_dir) / REPORT
    if lenient:
        lines = [f'{line}\n' for line in reader.problems.lines]
        write_text(report, ''.join(lines))
    else:
        report.unlink(missing_ok=True)
    return Conversion(
        samples,
        reader.partition_counts,
        reader.problems.by_kind,
        reader.left_out,
        reader.notes,
    )


def file_name(subset: str, split: str) -> str:
    return f'fld_{subset}_{split}.json'


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
        clothes_type=sample.labels.clothes_type,
        variation_type=sample.labels.variation_type,
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
    labels = sample.labels
    slots = range(len(labels.landmarks))
    if subset == 'all':
        slots = TYPE_SLOTS[labels.clothes_type]
    triples = [0] * (3 * len(FLD_SETS[subset]))
    for slot, (state, x, y) in zip(slots, labels.landmarks):
        if _FLAGS[state]:
            triples[3 * slot : 3 * slot + 3] = (
                _short(x),
                _short(y),
                _FLAGS[state],
            )
    return triples


def _write(samples: Iterable[FLDSample], files: CocoFiles) -> Counter:
    counts: Counter = Counter()
    for sample in samples:
        image, labels = image_record(sample), sample.labels
        for subset in (CLOTHES_TYPES[labels.clothes_type], 'all'):
            name = file_name(subset, sample.split)
            files.add(name, image, annotation_record(sample, subset))
        counts[sample.split, labels.clothes_type, labels.variation_type] += 1
    return counts


def _heads(arguments: Dict) -> Dict[str, Dict]:
    return {
        file_name(subset, split): dict(
            info=dict(
                description=f'Fashion Landmark Detection: {subset}, {split}',
                converter=CONVERTER,
                arguments=arguments,
            ),
            categories=[category(FLD_SETS[subset], 'clothes')],
        )
        for subset in FLD_SETS
        for split in SPLITS
    }


def _short(value: float):
    """Whole numbers without a decimal point, as in FLD's lists."""
    return int(value) if float(value).is_integer() else value
