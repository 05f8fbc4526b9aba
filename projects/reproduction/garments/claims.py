"""Statements of the paper that name no number, tried seed by seed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Callable, Optional

from .. import markdown
from ..report import Finished, ReportInput
from . import numbers
from .rows import DFA
from .steps import NO, NOISE, ONE_SEED, YES

# left and right together
KINDS = tuple(
    dict.fromkeys(name.partition(' ')[2] for name in numbers.LANDMARKS)
)


@dataclass(frozen=True)
class Claim:
    """A statement about one row, true or false of each of its runs.

    Args:
        text (str): The paper's words, or nearly.
        holds (Callable): Of a finished run; None if it cannot tell.
        row (str): Whose runs are asked.
    """

    text: str
    holds: Callable[[Finished], Optional[bool]]
    row: str = DFA

    def verdict(self, report: ReportInput) -> str:
        """Yes or no if all seeds agree, else noise."""
        answers = [
            answer
            for answer in map(self.holds, report.of_row(self.row).values())
            if answer is not None
        ]
        if not answers:
            return markdown.MISSING
        if len(set(answers)) > 1:
            return NOISE
        said = YES if answers[0] else NO
        return said if len(answers) > 1 else f'{said} ({ONE_SEED})'


def kind_pdl(each: Finished) -> dict[str, float]:
    """PDL@15 by kind of landmark, the mean of left and right."""
    found = {}
    for kind in KINDS:
        shares = [
            share
            for side in ('left', 'right')
            if (share := numbers.landmark_pdl(each, f'{side} {kind}'))
            is not None
        ]
        if shares:
            found[kind] = sum(shares) / len(shares)
    return found


def easiest(kind: str) -> Callable[[Finished], Optional[bool]]:
    return lambda each: _is_extreme(kind_pdl(each), kind, max)


def hardest(kind: str) -> Callable[[Finished], Optional[bool]]:
    return lambda each: _is_extreme(kind_pdl(each), kind, min)


def hardest_type(name: str) -> Callable[[Finished], Optional[bool]]:
    """Of the clothes types, by PDL@15."""

    def holds(each: Finished) -> Optional[bool]:
        shares = {
            kind: share
            for kind in numbers.TYPES
            if (share := numbers.group_pdl(each, 'clothes_type', kind))
            is not None
        }
        return _is_extreme(shares, name, min)

    return holds


def above(grouping: str, name: str, share: float):
    """PDL@15 of a group is larger than ``share``."""

    def holds(each: Finished) -> Optional[bool]:
        found = numbers.group_pdl(each, grouping, name)
        return None if found is None else found > share

    return holds


def claims_table(report: ReportInput, claims: Iterable[Claim]) -> str:
    return markdown.table(
        ('the paper says', 'of', 'as in the paper'),
        [
            [claim.text, f'`{claim.row}`', claim.verdict(report)]
            for claim in claims
        ],
    )


def _is_extreme(shares: dict, name: str, which: Callable) -> Optional[bool]:
    """None where the name, or anything to compare it with, is missing."""
    if name not in shares or len(shares) < 2:
        return None
    return which(shares, key=shares.get) == name
