"""A copy of FLD as COCO files: one per clothes type and split, plus all."""

from pathlib import Path
from typing import Callable, Dict, Iterable, List, Optional

import numpy as np

from dfa_mm.files import write_text
from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    TYPE_SLOTS,
    Visibility,
    to_coco,
)

from .coco_writer import CocoFiles, annotation_record, file_head, image_record
from .fld_lists import SPLITS
from .fld_reader import FLDReader, FLDSample
from .raw_data import RawDataError

CONVERTER, REPORT = 'fld2coco.py', 'fld2coco_report.txt'
# Flags per landmark state and per joint state (0 visible, 1 not visible).
_FLAGS = {int(v): int(to_coco(np.array(v))) for v in Visibility if v >= 0}
_JOINT_FLAGS = {0: 2, 1: 1}


def convert(
    root: Path,
    out_dir: Path,
    check_images: bool = True,
    lenient: bool = False,
    allow_outside: bool = False,
    progress: Callable[[Iterable, int], Iterable] = lambda rows, total: rows,
) -> FLDReader:
    """Writes all files, or raises and writes none.

    Returns:
        FLDReader: With what it has counted.

    Raises:
        RawDataError: At the first problem, unless ``lenient``.
        ForeignFilesError: If it would write over another's file.
    """
    arguments = dict(skip_image_check=not check_images, lenient=lenient)
    reader = FLDReader(root, lenient, check_images, allow_outside)
    heads = file_heads('Fashion Landmark Detection', CONVERTER, arguments)
    with CocoFiles(out_dir, CONVERTER, heads) as files:
        for sample in progress(reader, len(reader)):
            image = image_record(sample.id, sample.name, sample.size)
            for subset in (CLOTHES_TYPES[sample.labels.clothes_type], 'all'):
                name = file_name(subset, sample.split)
                files.add(name, image, garment_record(sample, subset))
        if not reader.samples:
            raise RawDataError(
                f'{reader.landmarks.path}: samples',
                f'none of {reader.landmarks.num_rows} rows usable',
                'at least one',
                'Run without --lenient to see the first problem.',
            )
        files.publish()
    report = Path(out_dir) / REPORT
    if lenient:
        write_text(report, ''.join(f'{line}\n' for line in reader.problems))
    else:
        report.unlink(missing_ok=True)
    return reader


def file_name(subset: str, split: str) -> str:
    return f'fld_{subset}_{split}.json'


def garment_record(
    sample: FLDSample, subset: str, image: Optional[int] = None
) -> Dict:
    """Without ``image`` it is the only garment of image ``sample.id``."""
    x1, y1, x2, y2 = sample.box
    width, height = x2 - x1, y2 - y1
    more = dict(
        clothes_type=sample.labels.clothes_type,
        variation_type=sample.labels.variation_type,
    )
    if sample.joints is not None:
        more['joints'] = [
            number
            for state, x, y in sample.joints
            for number in (_short(x), _short(y), _JOINT_FLAGS[state])
        ]
    return annotation_record(
        sample.id,
        [_short(value) for value in (x1, y1, width, height)],
        _short(width * height),
        landmark_triples(sample, subset),
        image,
        **more,
    )


def landmark_triples(sample: FLDSample, subset: str) -> List:
    """COCO's x, y, v of every slot; 0, 0, 0 without a position."""
    labels = sample.labels
    slots = range(len(labels.landmarks))
    if subset == 'all':
        slots = TYPE_SLOTS[labels.clothes_type]
    triples = [0] * (3 * len(FLD_SETS[subset]))
    for slot, (state, x, y) in zip(slots, labels.landmarks):
        flag = _FLAGS[state]
        if flag:
            triples[3 * slot : 3 * slot + 3] = _short(x), _short(y), flag
    return triples


def file_heads(title: str, converter: str, arguments: Dict) -> Dict[str, Dict]:
    """By file name, for all subsets and splits."""
    return {
        file_name(subset, split): file_head(
            FLD_SETS[subset],
            'clothes',
            description=f'{title}: {subset}, {split}',
            converter=converter,
            arguments=arguments,
        )
        for subset in FLD_SETS
        for split in SPLITS
    }


def _short(value: float):
    """Whole numbers without a decimal point, as in FLD's lists.

    Others to a thousandth: differences of tenths are none in binary.
    """
    return int(value) if float(value).is_integer() else round(value, 3)
