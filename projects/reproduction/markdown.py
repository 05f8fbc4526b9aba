"""Numbers and tables as Markdown."""

from collections.abc import Iterable, Sequence
from typing import Optional

from .seeds import Estimate

MISSING = '-'


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Pipes; the first column to the left, the others to the right."""
    lines = [header, ['---'] + ['---:'] * (len(header) - 1), *rows]
    return '\n'.join(f'| {" | ".join(cells)} |' for cells in lines)


def number(
    value: Optional[float], digits: int = 1, signed: bool = False
) -> str:
    """``-`` for None."""
    if value is None:
        return MISSING
    return f'{value:{"+" * signed},.{digits}f}'


def thousands(value: Optional[float]) -> str:
    """``12,000``."""
    return MISSING if value is None else f'{round(value):,}'


def estimate(value: Estimate, digits: int = 1, signed: bool = False) -> str:
    """``12.3 ± 0.4``, without the second where there is no spread."""
    mean = number(value.mean, digits, signed)
    if value.spread is None:
        return mean
    return f'{mean} ± {number(value.spread, digits)}'
