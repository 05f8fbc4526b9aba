"""Statements of the paper that name no number, tried seed by seed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Optional

from . import numbers, tables
from .results import Finished, Results
from .rows import DFA
from .seeds import MISSING, NO, NOISE, ONE_SEED, YES

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

    def verdict(self, results: Results) -> str:
        """Yes or no if all seeds agree, else noise."""
        runs = results.of_row(self.row).values()
        answers = [
            answer for answer in map(self.holds, runs) if answer is not None
        ]
        if not answers:
            return MISSING
        if len(set(answers)) > 1:
            return NOISE
        said = YES if answers[0] else NO
        return said if len(answers) > 1 else f'{said} ({ONE_SEED})'


def kind_pdl(each: Finished) -> dict[str, float]:
    """PDL@15 by kind of landmark, the mean of left and right."""
    found = {}
    for kind in KINDS:
        shares = known_pdl(each, [f'left {kind}', f'right {kind}'])
        if shares:
            found[kind] = sum(shares.values()) / len(shares)
    return found


def known_pdl(each: Finished, names: Iterable[str]) -> dict[str, float]:
    found = {name: each.value(numbers.pdl(name)) for name in names}
    return {name: s for name, s in found.items() if s is not None}


def easiest(kind: str) -> Callable[[Finished], Optional[bool]]:
    return lambda each: _is_extreme(kind_pdl(each), kind, max)


def hardest(kind: str) -> Callable[[Finished], Optional[bool]]:
    return lambda each: _is_extreme(kind_pdl(each), kind, min)


def hardest_type(name: str) -> Callable[[Finished], Optional[bool]]:
    """Of the clothes types, by PDL@15."""
    return lambda each: _is_extreme(known_pdl(each, numbers.TYPES), name, min)


def above(name: str, share: float) -> Callable[[Finished], Optional[bool]]:
    """PDL@15 of a group is larger than ``share``."""

    def holds(each: Finished) -> Optional[bool]:
        found = each.value(numbers.pdl(name))
        return None if found is None else found > share

    return holds


def claims_table(results: Results, claims: Iterable[Claim]) -> str:
    return tables.table(
        ('the paper says', 'of', 'as in the paper'),
        [
            [claim.text, tables.code(claim.row), claim.verdict(results)]
            for claim in claims
        ],
    )


def _is_extreme(
    shares: Mapping[str, float], name: str, which: Callable
) -> Optional[bool]:
    """None where the name, or anything to compare it with, is missing."""
    if name not in shares or len(shares) < 2:
        return None
    return which(shares, key=shares.get) == name
