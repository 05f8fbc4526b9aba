"""Differences between rows, and whether the paper has them too."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Callable, Optional

from .. import markdown
from ..report import ReportInput
from ..seeds import SPREAD, Estimate, over_seeds, paired_values

YES, NO, NOISE, ONE_SEED = 'yes', 'no', 'within noise', 'one seed'
RULE = (
    'A step is the mean of the differences seed by seed, '
    f'± {SPREAD}; less is better. It is beyond the noise if it has the same '
    'sign for every seed and is larger than its spread; only then `as in the '
    "paper` is yes (the paper's sign) or no."
)
# NE to the fourth digit, as the tables of this package have it.
DIGITS = 4


def beyond_noise(differences: Sequence[float]) -> bool:
    """Same sign for all of at least two seeds, and larger than the spread."""
    found = over_seeds(differences)
    if found.count < 2:
        return False
    one_sign = min(differences) > 0 or max(differences) < 0
    return one_sign and abs(found.mean) > found.spread


def verdict(differences: Sequence[float], paper: Optional[float]) -> str:
    """Does the paper's direction come out?

    Args:
        differences (Sequence[float]): Ours, seed by seed.
        paper (float, optional): The paper's; None where it prints none.

    Returns:
        str: ``yes``, ``no``, ``within noise``, ``one seed`` or ``-``. Where
        the paper prints no difference, noise is as in the paper.
    """
    if paper is None or not differences:
        return markdown.MISSING
    if len(differences) == 1:
        return ONE_SEED
    # printed with three digits; 0.001 may come out as 0.00099999
    if round(paper, DIGITS) == 0:
        return NO if beyond_noise(differences) else YES
    if not beyond_noise(differences):
        return NOISE
    ours = over_seeds(differences).mean
    return YES if (ours > 0) == (paper > 0) else NO


@dataclass(frozen=True)
class Step:
    """From one row to another, in one number.

    Args:
        row (str), before (str): Names.
        column (str): Of the number.
        paper (float, optional): The paper's difference.
        ours (Estimate): Ours, seed by seed.
        certain (bool): Whether ours is beyond the noise.
        verdict (str): Of :func:`verdict`.
    """

    row: str
    before: str
    column: str
    paper: Optional[float]
    ours: Estimate
    certain: bool
    verdict: str

    @property
    def cell(self) -> str:
        """``-0.0012 ± 0.0003 (yes)``."""
        if self.ours.mean is None:
            return markdown.MISSING
        change = markdown.estimate(self.ours, DIGITS, signed=True)
        if self.verdict == markdown.MISSING:
            return change
        return f'{change} ({self.verdict})'

    def as_json(self) -> dict:
        return dict(vars(self), ours=self.ours._asdict())


def make_step(
    report: ReportInput,
    row: str,
    before: str,
    column: str,
    read: Callable,
    paper: Optional[dict] = None,
) -> Step:
    """Args: ``paper`` has the printed numbers of the column by row."""
    differences = list(
        paired_values(
            report.values(row, read), report.values(before, read)
        ).values()
    )
    printed = paper_difference(paper or {}, row, before)
    return Step(
        row,
        before,
        column,
        printed,
        over_seeds(differences),
        beyond_noise(differences),
        verdict(differences, printed),
    )


def paper_difference(paper: dict, row: str, before: str) -> Optional[float]:
    """None where one of the two is not printed."""
    if row not in paper or before not in paper:
        return None
    return round(paper[row] - paper[before], DIGITS)


def tally(steps: Iterable[Step]) -> str:
    """``As in the paper: yes 3, no 1, within noise 5.``"""
    counts = Counter(
        step.verdict for step in steps if step.verdict != markdown.MISSING
    )
    found = ', '.join(f'{name} {counts[name]}' for name in counts)
    return f'As in the paper: {found or "nothing to compare yet"}.'


def steps_table(report: ReportInput, steps: Iterable[Step]) -> str:
    """One line per step."""
    lines = [
        [
            report.label(step.row),
            f'`{step.before}`',
            markdown.number(step.paper, 3, signed=True),
            markdown.estimate(step.ours, DIGITS, signed=True),
            str(step.ours.count),
            step.verdict,
        ]
        for step in steps
    ]
    header = (
        *('rung', 'compared with', 'step (paper)', 'step (ours)', 'seeds'),
        'as in the paper',
    )
    return markdown.table(header, lines)


def steps_matrix(
    report: ReportInput, steps: Iterable[Step], columns: Sequence[str]
) -> str:
    """One line per pair of rows, one column per number."""
    cells: dict[tuple, dict] = {}
    for step in steps:
        cells.setdefault((step.row, step.before), {})[step.column] = step.cell
    lines = [
        [
            report.label(row),
            f'`{before}`',
            *(found.get(column, markdown.MISSING) for column in columns),
        ]
        for (row, before), found in cells.items()
    ]
    return markdown.table(('rung', 'compared with', *columns), lines)
