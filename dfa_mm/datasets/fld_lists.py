"""FLD's lists as text: which rows they have, and what one row says.

A list has a line with the number of rows, a line of column names and then one
row per image; columns are separated by blanks or tabs. pandas would gain
nothing: it stops at a row that is too long, without the value and the file;
and the three lists of 123,016 rows take it one second of the two that this
reader needs with all checks.
"""

import codecs
import re
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional, Tuple

from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    VARIATION_TYPES,
    Visibility,
)

from .coco_schema import MAX_POSITION, shown
from .raw_data import RawDataError

HEADER_LINES = 2
IMAGE_PREFIX = 'img/'
SPLITS = ('train', 'val', 'test')
NUM_JOINTS = 14

Points = Tuple[Tuple[int, float, float], ...]  # visibility, x, y

_VISIBILITIES = {v.value: v.name.lower() for v in Visibility if v >= 0}
_JOINT_VISIBILITIES = {0: 'visible', 1: 'not visible'}
# No more than a list of pictures or a position can have; float and int also
# read 1_0, other alphabets' digits and, for seconds, thousands of them.
_COUNT = re.compile(r'[0-9]{1,9}')
_CODE = re.compile(r'[0-9]{1,3}')
_DECIMAL = re.compile(
    r'[+-]?(?:[0-9]{1,15}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?'
)
_FIELD = re.compile(r'[^ \t\r\n\f\v]+')  # names may hold other blanks
_CORRECT = 'Correct the line, or leave such samples out with --lenient.'


class ListRow(NamedTuple):
    """``name`` without ``img/``, ``text`` is what follows it."""

    path: Path
    line: int
    name: str
    text: str

    @property
    def values(self) -> List[str]:
        return _FIELD.findall(self.text)

    def error(
        self, kind: str, found: str, expected: str, remedy: str = _CORRECT
    ) -> RawDataError:
        where = f'{self.path}:{self.line}: {kind}'
        return RawDataError(where, found, expected, remedy, kind)

    def missing_in(self, path: Path) -> RawDataError:
        return self.error('missing row', self.name, f'a row for it in {path}')

    def repeated(self, detail: str = '') -> RawDataError:
        return self.error(
            'duplicate',
            f'{self.name} once more{detail}',
            'one row per image',
            'Delete the wrong row, or leave such rows out with --lenient.',
        )


class RawList:
    """The rows of one list, read one by one; blank lines do not count."""

    def __init__(self, path: Path):
        self.path = path
        self.num_rows = 0
        with self._open() as file:
            first = file.readline().strip()
        if not _COUNT.fullmatch(first):
            raise self._count_error(
                repr(first[:40]),
                'the number of rows, alone in its line',
                'Lists start with a count and a line of column names: add '
                'them.',
            )
        self.count = int(first)

    def __iter__(self) -> Iterator[ListRow]:
        self.num_rows = 0
        with self._open() as file:
            for line, text in enumerate(file, 1):
                if line > HEADER_LINES and not text.isspace():
                    self.num_rows += 1
                    first = _FIELD.search(text)
                    name = first[0].removeprefix(IMAGE_PREFIX)
                    yield ListRow(self.path, line, name, text[first.end() :])

    def check_count(self) -> None:
        """Once all rows were read."""
        if self.num_rows != self.count:
            raise self._count_error(
                f'{self.count} as the number of rows',
                f'{self.num_rows}, which is how many rows follow',
                'The list may be cut short: unpack it again, or correct '
                'line 1.',
            )

    def _open(self):
        with self.path.open('rb') as file:
            wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
        if wide:
            return self.path.open(encoding='utf-16', errors='replace')
        # names as the file system has them, even if they are not UTF-8
        return self.path.open(encoding='utf-8-sig', errors='surrogateescape')

    def _count_error(self, *message: str) -> RawDataError:
        return ListRow(self.path, 1, '', '').error('count', *message)


class Lookup(RawList):
    """A list whose rows are taken by image name, each once."""

    def __init__(self, path: Path):
        super().__init__(path)
        self._by_name: Dict[str, ListRow] = {}
        self._repeated: List[ListRow] = []
        for row in self:
            if self._by_name.setdefault(row.name, row) is not row:
                self._repeated.append(row)

    def take(self, name: str) -> Optional[ListRow]:
        return self._by_name.pop(name, None)

    def leftovers(self) -> List[ListRow]:
        """The rows that nobody took."""
        return [*self._repeated, *self._by_name.values()]


class GarmentLabels(NamedTuple):
    """One row of ``list_landmarks.txt``; positions in image pixels."""

    clothes_type: int
    variation_type: int
    landmarks: Points


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
    x1, y1, x2, y2 = (_number(row, value) for value in values)
    if x2 <= x1 or y2 <= y1:
        raise row.error(
            'box',
            f'the empty or reversed box {row.text.strip()}',
            'x_1 < x_2 and y_1 < y_2',
        )
    return x1, y1, x2, y2


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
    _check_fields(row, len(row.values) == 1, '1: the split')
    (split,) = row.values
    if split not in SPLITS:
        raise row.error('split', shown(split), ' or '.join(SPLITS))
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
        found = f'{len(row.values)} fields after the image name'
        raise row.error('field count', found, expected)


def _code(kind: str, row: ListRow, text: str, codes: Dict[int, str]) -> int:
    code = int(text) if _CODE.fullmatch(text) else None
    if code not in codes:
        known = ', '.join(f'{key} ({name})' for key, name in codes.items())
        raise row.error(kind, shown(text), known)
    return code


def _number(row: ListRow, text: str) -> float:
    if _DECIMAL.fullmatch(text):
        value = float(text)
        if abs(value) <= MAX_POSITION:
            return value
    raise row.error('number', shown(text), 'a finite number of pixels')
