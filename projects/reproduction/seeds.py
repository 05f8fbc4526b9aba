"""Numbers over random seeds, and what they say beyond their noise."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Optional

SPREAD = 'half the range (largest minus smallest) over the seeds'
YES, NO, NOISE, ONE_SEED = 'yes', 'no', 'within noise', 'one seed'
MISSING = '-'
# NE to the fourth digit, as the reports have it; the paper prints three.
DIGITS = 4


class Estimate(NamedTuple):
    """Mean and half range of ``count`` numbers.

    ``mean`` is None without any number, ``spread`` with fewer than two.
    """

    mean: Optional[float]
    spread: Optional[float]
    count: int


def over_seeds(values: Iterable[Optional[float]]) -> Estimate:
    """Of the numbers that there are."""
    known = [value for value in values if value is not None]
    if not known:
        return Estimate(None, None, 0)
    spread = (max(known) - min(known)) / 2 if len(known) > 1 else None
    return Estimate(sum(known) / len(known), spread, len(known))


def paired_values(
    after: Mapping[int, Optional[float]], before: Mapping[int, Optional[float]]
) -> dict[int, float]:
    """``after - before`` of each seed that has both."""
    return {
        seed: after[seed] - before[seed]
        for seed in after
        if after[seed] is not None and before.get(seed) is not None
    }


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
        return MISSING
    if len(differences) == 1:
        return ONE_SEED
    # printed with three digits; 0.001 may come out as 0.00099999
    if round(paper, DIGITS) == 0:
        return NO if beyond_noise(differences) else YES
    if not beyond_noise(differences):
        return NOISE
    ours = over_seeds(differences).mean
    return YES if (ours > 0) == (paper > 0) else NO
