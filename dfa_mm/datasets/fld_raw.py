"""What one line of FLD's lists says."""

import math
from typing import Dict, List, NamedTuple, Optional, Tuple

from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    VARIATION_TYPES,
    Visibility,
)

from .raw_list import ListRow, RawListError

SPLITS = ('train', 'val', 'test')
NUM_JOINTS = 14

Points = Tuple[Tuple[int, float, float], ...]  # visibility, x, y

_VISIBILITIES = {v.value: v.name.lower() for v in Visibility if v >= 0}
_JOINT_VISIBILITIES = {0: 'visible', 1: 'not visible'}


class GarmentLabels(NamedTuple):
    """One row of ``list_landmarks.txt``; positions in image pixels."""

    clothes_type: int
    variation_type: int
    landmarks: Points

    @property
    def names(self) -> Tuple[str, ...]:
        return FLD_SETS[CLOTHES_TYPES[self.clothes_type]].landmarks


def parse_labels(row: ListRow) -> GarmentLabels:
    fields = row.values
    kinds, values = fields[:2], fields[2:]
    _check_fields(row, len(kinds) == 2, 'clothes and variation type')
    clothes = _code('clothes type', row, kinds[0], CLOTHES_TYPES)
    variation = _code('variation type', row, kinds[1], VARIATION_TYPES)
    number = len(FLD_SETS[CLOTHES_TYPES[clothes]])
    _check_fields(
        row,
        len(values) == 3 * number,
        f'{2 + 3 * number}: two types and {number} landmarks (visibility x y) '
        f'for clothes type {clothes} ({CLOTHES_TYPES[clothes]})',
    )
    landmarks = _triples(row, values, _VISIBILITIES)
    return GarmentLabels(clothes, variation, landmarks)


def parse_box(row: ListRow) -> Tuple[float, ...]:
    """Left, top, right and bottom edge in image pixels."""
    values = row.values
    _check_fields(row, len(values) == 4, '4: x_1 y_1 x_2 y_2')
    box = tuple(_number(row, value) for value in values)
    if box[2] <= box[0] or box[3] <= box[1]:
        raise RawListError(
            'box',
            row.where,
            f'the empty or reversed box {row.text.strip()}',
            'x_1 < x_2 and y_1 < y_2',
        )
    return box


def parse_joints(row: ListRow) -> Optional[Points]:
    """All joints as (visibility, x, y), or None where some are missing.

    The list does not say which joints a shorter row leaves out.
    """
    values = row.values[2:]
    if len(values) < 3 * NUM_JOINTS:
        return None
    _check_fields(
        row,
        len(values) == 3 * NUM_JOINTS,
        f'{2 + 3 * NUM_JOINTS}: two types and {NUM_JOINTS} joints '
        '(visibility x y)',
    )
    return _triples(row, values, _JOINT_VISIBILITIES)


def parse_split(row: ListRow) -> str:
    split = row.text.strip()
    _check_fields(row, len(row.values) == 1, '1: the split')
    if split not in SPLITS:
        raise RawListError(
            'split', row.where, repr(split), ' or '.join(SPLITS)
        )
    # one string per split instead of one per row
    return SPLITS[SPLITS.index(split)]


def _triples(row: ListRow, values: List[str], codes: Dict) -> Points:
    return tuple(
        (
            _code('visibility', row, values[i], codes),
            _number(row, values[i + 1]),
            _number(row, values[i + 2]),
        )
        for i in range(0, len(values), 3)
    )


def _check_fields(row: ListRow, right: bool, expected: str) -> None:
    if not right:
        raise RawListError(
            'field count',
            row.where,
            f'{len(row.values)} fields after the image name',
            expected,
        )


def _code(kind: str, row: ListRow, text: str, codes: Dict[int, str]) -> int:
    code = int(text) if text.isdecimal() else None
    if code not in codes:
        known = ', '.join(f'{key} ({name})' for key, name in codes.items())
        raise RawListError(kind, row.where, repr(text), known)
    return code


def _number(row: ListRow, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise RawListError('number', row.where, repr(text), 'a finite number')
    return value
