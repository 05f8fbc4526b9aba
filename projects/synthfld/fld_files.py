"""A folder in FLD's raw layout: pictures and lists of them.

A list has a count, the columns' names, then a row per picture.
"""

from pathlib import Path
from typing import List, Sequence, Tuple

import numpy as np

from dfa_mm.datasets.fld_lists import HEADER_LINES, IMAGE_PREFIX
from dfa_mm.datasets.fld_reader import BOXES, JOINTS, LANDMARKS, PARTITION
from dfa_mm.files import write_text
from dfa_mm.structures import Visibility, has_position

from .sample import LabelledPicture, SynthSample

LISTS = (BOXES, LANDMARKS, PARTITION)
_FULL, _JOINTS = 8, 14


def image_name(index: int) -> str:
    """The name in the lists; ``index`` counts from 1."""
    return f'img/img_{index:08d}.jpg'


def image_names(num: int) -> List[str]:
    return [image_name(index) for index in range(1, num + 1)]


def _columns(kind: str, count: int) -> List[str]:
    points = [
        f'{kind}_{part}_{i}'
        for i in range(1, count + 1)
        for part in ('visibility', 'location_x', 'location_y')
    ]
    return ['image_name', 'clothes_type', 'variation_type', *points]


LANDMARK_COLUMNS = _columns('landmark', _FULL)
JOINT_COLUMNS = _columns('joint', _JOINTS)
BOX_COLUMNS = ['image_name', 'x_1', 'y_1', 'x_2', 'y_2']
SPLIT_COLUMNS = ['image_name', 'evaluation_status']


def write_lists(
    out: Path, samples: Sequence[LabelledPicture], splits: Sequence[str]
) -> None:
    """The lists of pictures 1, 2, ...; joints where the samples have them.

    The partition is written last: a folder that has it is complete.
    """
    named = list(zip(image_names(len(samples)), samples))
    tables = [
        (BOXES, BOX_COLUMNS, box_row),
        (LANDMARKS, LANDMARK_COLUMNS, landmark_row),
    ]
    if isinstance(samples[0], SynthSample):
        tables.insert(0, (JOINTS, JOINT_COLUMNS, joint_row))
    for path, columns, row_of in tables:
        rows = [row_of(name, sample) for name, sample in named]
        write_list(out / path, columns, rows)
    rows = [f'{name}  {split}' for (name, _), split in zip(named, splits)]
    write_list(out / PARTITION, SPLIT_COLUMNS, rows)


def write_list(path: Path, columns: List[str], rows: List[str]) -> None:
    lines = [str(len(rows)), ' '.join(columns), *rows]
    write_text(path, '\n'.join(lines) + '\n')


def read_list(path: Path) -> Tuple[List[str], List[str]]:
    """The columns and the rows as they stand."""
    lines = path.read_text().splitlines()
    return lines[HEADER_LINES - 1].split(), lines[HEADER_LINES:]


def image_of(row: str) -> str:
    """The picture of a row, ``img/...``; FLD leaves the folder out."""
    name = row.split(maxsplit=1)[0]
    return name if name.startswith(IMAGE_PREFIX) else IMAGE_PREFIX + name


def landmark_row(name: str, sample: LabelledPicture) -> str:
    placed = has_position(sample.visibility)
    points = _points(sample.visibility, sample.landmarks, placed)
    return f'{name}  {_kinds(sample)}  {points}'


def joint_row(name: str, sample: SynthSample) -> str:
    height, width = sample.image.shape[:2]
    pixel = np.round(sample.joints)
    placed = ((pixel >= 0) & (pixel < (width, height))).all(1)
    points = _points(sample.joint_visibility, pixel, placed)
    return f'{name}  {_kinds(sample)}  {points}'


def box_row(name: str, sample: LabelledPicture) -> str:
    return f'{name}  {_numbers(sample.bbox)}'


def _kinds(sample: LabelledPicture) -> str:
    return f'{sample.clothes_type}  {sample.variation_type}'


def _points(codes: np.ndarray, points: np.ndarray, placed: np.ndarray) -> str:
    """Points without a position are written as zeros, as FLD does."""
    pixels = np.where(placed[:, None], np.round(points), 0)
    return '  '.join(
        f'{code} {_numbers(pixel)}' for code, pixel in zip(codes, pixels)
    )


def _numbers(values: Sequence) -> str:
    return ' '.join(f'{int(value):03d}' for value in values)


def state_shares(samples: Sequence[LabelledPicture]) -> str:
    """How many landmarks are in which state, in words."""
    codes = np.concatenate([sample.visibility for sample in samples])
    return ', '.join(
        f'{np.mean(codes == state):.1%} {state.name.lower()}'
        for state in Visibility
        if state != Visibility.ABSENT
    )
