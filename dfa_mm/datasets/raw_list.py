"""Lists of images as text: which rows they have, in which line.

A list has a line with the number of rows, a line of column names and then one
row per image; columns are separated by blanks or tabs.
"""

from collections import Counter
from pathlib import Path
from typing import (
    Dict,
    Iterator,
    List,
    NamedTuple,
    Optional,
    TextIO,
    Tuple,
)

HEADER_LINES = 2
IMAGE_PREFIX = 'img/'

_CORRECT = 'Correct the line, or leave such samples out with --lenient.'


class RawListError(ValueError):
    """What is wrong in one line, what it should be, and what to do."""

    def __init__(
        self,
        kind: str,
        where: str,
        found: str,
        expected: str,
        remedy: str = _CORRECT,
    ):
        super().__init__(
            f'{where}: {kind}: found {found}; expected {expected}. {remedy}'
        )
        self.kind = kind


class Row(NamedTuple):
    where: str
    line: int
    offset: int
    name: str
    values: List[str]


class RawList:
    """The rows of one list, read one by one; blank lines do not count."""

    def __init__(self, path: Path):
        self.path = Path(path)
        self.num_rows = 0
        with self.path.open('rb') as file:
            self.count = self._parse_count(file.readline())

    def __iter__(self) -> Iterator[Row]:
        self.num_rows = 0
        with self.path.open('rb') as file:
            offset = sum(len(file.readline()) for _ in range(HEADER_LINES))
            for line, text in enumerate(file, HEADER_LINES + 1):
                if not text.isspace():
                    self.num_rows += 1
                    yield self.row(line, offset, text)
                offset += len(text)

    def row(self, line: int, offset: int, text: bytes) -> Row:
        name, *values = text.decode('utf-8', 'replace').split()
        if name.startswith(IMAGE_PREFIX):
            name = name[len(IMAGE_PREFIX) :]
        return Row(f'{self.path}:{line}', line, offset, name, values)

    def count_error(self) -> Optional[RawListError]:
        """What is wrong with the count line, once all rows were read."""
        if self.num_rows == self.count:
            return None
        return RawListError(
            'count',
            f'{self.path}:1',
            f'{self.count} as the number of rows',
            f'{self.num_rows}, which is how many rows follow',
            'The list may be cut short: unpack it again, or correct line 1.',
        )

    def _parse_count(self, text: bytes) -> int:
        fields = text.decode('utf-8-sig', 'replace').split()
        if len(fields) == 1 and fields[0].isdecimal():
            return int(fields[0])
        raise RawListError(
            'count',
            f'{self.path}:1',
            repr(' '.join(fields)[:40]),
            'the number of rows, alone in its line',
            'Lists start with a count and a line of column names: add them.',
        )


class Lookup:
    """The rows of a list by image name.

    Lists in the same order are read side by side. Rows that are passed over
    are remembered by their place in the file only.
    """

    def __init__(self, rows: RawList):
        self.rows = rows
        self._coming = iter(rows)
        self._passed: Dict[str, Tuple[int, int]] = {}
        self._repeated = []

    def take(self, name: str) -> Optional[Row]:
        if name in self._passed:
            return self._read(*self._passed.pop(name))
        for row in self._coming:
            if row.name == name:
                return row
            self._pass(row)
        return None

    def leftovers(self) -> Iterator[Row]:
        """The rows that nobody took."""
        for place in (*self._repeated, *self._passed.values()):
            yield self._read(*place)
        yield from self._coming

    def _pass(self, row: Row) -> None:
        place = (row.line, row.offset)
        if self._passed.setdefault(row.name, place) != place:
            self._repeated.append(place)

    def _read(self, line: int, offset: int) -> Row:
        with self.rows.path.open('rb') as file:
            file.seek(offset)
            return self.rows.row(line, offset, file.readline())


class Problems:
    """Raises the first problem, or writes every one to a report."""

    def __init__(self, report: Optional[TextIO] = None):
        self.report = report
        self.by_kind: Counter = Counter()

    def add(self, error: RawListError) -> None:
        if self.report is None:
            raise error
        self.report.write(f'{error}\n')
        self.by_kind[error.kind] += 1


def duplicate_error(row: Row, detail: str = '') -> RawListError:
    return RawListError(
        'duplicate',
        row.where,
        f'{row.name} once more{detail}',
        'one row per image',
        'Delete the wrong row, or leave such rows out with --lenient.',
    )


def missing_row_error(row: Row, rows: RawList) -> RawListError:
    return RawListError(
        'missing row', row.where, row.name, f'a row for it in {rows.path}'
    )
