"""Lists of images as text: which rows they have, in which line.

A list has a line with the number of rows, a line of column names and then one
row per image; columns are separated by blanks or tabs. pandas would gain
nothing: it stops at a row that is too long, without the value and the file;
and the three lists of 123,016 rows take it one second of the two that this
reader needs with all checks.
"""

from collections import Counter
from pathlib import Path
from typing import Dict, Iterator, List, NamedTuple, Optional

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


class ListRow(NamedTuple):
    """``name`` without ``img/``, ``text`` is what follows it."""

    path: Path
    line: int
    name: str
    text: str

    @property
    def where(self) -> str:
        return f'{self.path}:{self.line}'

    @property
    def values(self) -> List[str]:
        return self.text.split()


class RawList:
    """The rows of one list, read one by one; blank lines do not count."""

    def __init__(self, path: Path):
        self.path = Path(path)
        self.num_rows = 0
        with self._open() as file:
            self.count = self._parse_count(file.readline())

    def __iter__(self) -> Iterator[ListRow]:
        self.num_rows = 0
        with self._open() as file:
            for line, text in enumerate(file, 1):
                if line > HEADER_LINES and not text.isspace():
                    self.num_rows += 1
                    name, *rest = text.split(maxsplit=1)
                    name = name.removeprefix(IMAGE_PREFIX)
                    yield ListRow(self.path, line, name, ''.join(rest))

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

    def _open(self):
        return self.path.open(encoding='utf-8-sig', errors='replace')

    def _parse_count(self, text: str) -> int:
        if text.strip().isdecimal():
            return int(text)
        raise RawListError(
            'count',
            f'{self.path}:1',
            repr(text.strip()[:40]),
            'the number of rows, alone in its line',
            'Lists start with a count and a line of column names: add them.',
        )


class Lookup:
    """The rows of a list by image name, each to be taken once."""

    def __init__(self, rows: RawList):
        self.rows = rows
        self._by_name: Dict[str, ListRow] = {}
        self._repeated: List[ListRow] = []
        for row in rows:
            if self._by_name.setdefault(row.name, row) is not row:
                self._repeated.append(row)

    def take(self, name: str) -> Optional[ListRow]:
        return self._by_name.pop(name, None)

    def leftovers(self) -> List[ListRow]:
        """The rows that nobody took."""
        return [*self._repeated, *self._by_name.values()]


class Problems:
    """Raises the first problem or, if lenient, keeps a line about each."""

    def __init__(self, lenient: bool = False):
        self.lenient = lenient
        self.lines: List[str] = []
        self.by_kind: Counter = Counter()

    def add(self, error: RawListError) -> None:
        if not self.lenient:
            raise error
        self.lines.append(str(error))
        self.by_kind[error.kind] += 1


def duplicate_error(row: ListRow, detail: str = '') -> RawListError:
    return RawListError(
        'duplicate',
        row.where,
        f'{row.name} once more{detail}',
        'one row per image',
        'Delete the wrong row, or leave such rows out with --lenient.',
    )


def missing_row_error(row: ListRow, rows: RawList) -> RawListError:
    return RawListError(
        'missing row', row.where, row.name, f'a row for it in {rows.path}'
    )
