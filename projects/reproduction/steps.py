"""Differences between rows, and whether the paper has them too."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Optional

from . import tables
from .results import Reader, Results
from .seeds import (
    DIGITS,
    MISSING,
    Estimate,
    beyond_noise,
    over_seeds,
    paired_values,
    verdict,
)


@dataclass(frozen=True)
class Step:
    """From one row to another, in one number.

    Args:
        row (str), before (str): Names.
        column (str): Of the number.
        paper (float, optional): The paper's difference.
        ours (Estimate): Ours, seed by seed.
        certain (bool): Whether ours is beyond the noise.
        verdict (str): Of :func:`.seeds.verdict`.
    """

    row: str
    before: str
    column: str
    paper: Optional[float]
    ours: Estimate
    certain: bool
    verdict: str

    def cell(self, verdict: str) -> str:
        """``-0.0012 ± 0.0003 (yes)``."""
        change = tables.estimate(self.ours, DIGITS, signed=True)
        if MISSING in (change, verdict):
            return change
        return f'{change} ({verdict})'

    def as_json(self) -> dict:
        return dict(vars(self), ours=self.ours._asdict())


def make_step(
    results: Results,
    row: str,
    before: str,
    column: str,
    reader: Reader,
    paper: Optional[Mapping[str, float]] = None,
) -> Step:
    """Args: ``paper`` has the printed numbers of the column by row."""
    pairs = paired_values(
        results.values(row, reader), results.values(before, reader)
    )
    ours = list(pairs.values())
    printed = paper_difference(paper or {}, row, before)
    return Step(
        *(row, before, column, printed, over_seeds(ours)),
        *(beyond_noise(ours), verdict(ours, printed)),
    )


def make_steps(
    results: Results,
    comparisons: Iterable[tuple[str, str]],
    readers: Mapping[str, Reader],
    paper: Optional[Mapping[str, Mapping[str, float]]] = None,
) -> list[Step]:
    """Of all pairs of rows that the scale has, in every column.

    Args:
        results (Results): Of the experiment.
        comparisons (Iterable): Rows and what each is compared with.
        readers (Mapping): Column to its number.
        paper (Mapping, optional): Row to column to the paper's number.
    """
    return [
        make_step(
            *(results, row, before, column, reader),
            {
                name: line[column]
                for name, line in (paper or {}).items()
                if line.get(column) is not None
            },
        )
        for row, before in comparisons
        if results.has_rows(row, before)
        for column, reader in readers.items()
    ]


def paper_difference(
    paper: Mapping[str, float], row: str, before: str
) -> Optional[float]:
    """None where one of the two is not printed."""
    if row not in paper or before not in paper:
        return None
    return round(paper[row] - paper[before], DIGITS)


def tally(steps: Iterable[Step]) -> str:
    """``As in the paper: yes 3, no 1, within noise 5.``"""
    counts = Counter(step.verdict for step in steps if step.verdict != MISSING)
    found = ', '.join(f'{name} {counts[name]}' for name in counts)
    return f'As in the paper: {found or "nothing to compare yet"}.'


def steps_table(results: Results, steps: Iterable[Step]) -> str:
    """One line per step."""
    lines = [
        [
            results.label(step.row),
            tables.code(step.before),
            tables.number(step.paper, 3, signed=True),
            tables.estimate(step.ours, DIGITS, signed=True),
            str(step.ours.count),
            step.verdict,
        ]
        for step in steps
    ]
    header = (
        *('rung', 'compared with', 'step (paper)', 'step (ours)', 'seeds'),
        'as in the paper',
    )
    return tables.table(header, lines)


def steps_matrix(
    results: Results,
    steps: Iterable[Step],
    columns: Sequence[str],
    judge: Callable[[Step], str] = lambda step: step.verdict,
    first: str = 'rung',
) -> str:
    """One line per pair of rows, one column per number."""
    cells: dict[tuple, dict] = {}
    for step in steps:
        line = cells.setdefault((step.row, step.before), {})
        line[step.column] = step.cell(judge(step))
    lines = [
        [
            results.label(row),
            tables.code(before),
            *(found.get(column, MISSING) for column in columns),
        ]
        for (row, before), found in cells.items()
    ]
    return tables.table((first, 'compared with', *columns), lines)
