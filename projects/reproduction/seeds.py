"""Numbers over random seeds."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Optional

SPREAD = 'half the range (largest minus smallest) over the seeds'


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


def paired_difference(
    after: Mapping[int, Optional[float]], before: Mapping[int, Optional[float]]
) -> Estimate:
    """Of ``after - before`` seed by seed, over the seeds that have both."""
    return over_seeds(paired_values(after, before).values())


def paired_values(
    after: Mapping[int, Optional[float]], before: Mapping[int, Optional[float]]
) -> dict[int, float]:
    """``after - before`` of each seed that has both."""
    return {
        seed: after[seed] - before[seed]
        for seed in after
        if after[seed] is not None and before.get(seed) is not None
    }
