"""Numbers and tables as Markdown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Optional

from tabulate import tabulate

from .seeds import MISSING, Estimate


def table(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """Pipes; the first column to the left, the others to the right."""
    # tabulate needs a line to know its columns by
    lines = [list(line) for line in lines] or [[''] * len(header)]
    align = ['left'] + ['right'] * (len(header) - 1)
    # numbers are printed as they are given
    return tabulate(
        lines, header, 'pipe', disable_numparse=True, colalign=align
    )


def by_name(
    names: Iterable[str],
    columns: Mapping[str, Callable[[str], str]],
    label: Callable[[str], str],
    first: str = '',
) -> str:
    """A line for every name, a column for every function of it."""
    return table(
        (first, *columns),
        [
            [label(name), *(cell(name) for cell in columns.values())]
            for name in names
        ],
    )


def code(name: str) -> str:
    return f'`{name}`'


def number(
    value: Optional[float], digits: int = 1, signed: bool = False
) -> str:
    """``-`` for None."""
    if value is None:
        return MISSING
    return f'{value:{"+" * signed},.{digits}f}'


def thousands(value: Optional[float]) -> str:
    """``12,000``."""
    return number(value, 0)


def estimate(value: Estimate, digits: int = 1, signed: bool = False) -> str:
    """``12.3 ± 0.4``, without the second where there is no spread."""
    mean = number(value.mean, digits, signed)
    if value.spread is None:
        return mean
    return f'{mean} ± {number(value.spread, digits)}'
