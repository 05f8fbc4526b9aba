"""Flat garments to choose from, by clothes type."""

from collections import Counter
from typing import Dict, List, Sequence, Tuple

import numpy as np
from rich.progress import track

from .flat_cutouts import FlatGarment
from .patch import load_patch
from .pattern import Pattern, UnfitError, take_apart


class Wardrobe:
    """Draws garments by chance; all are kept in memory.

    Args:
        patterns (sequence): At least one of every clothes type.
    """

    def __init__(self, patterns: Sequence[Pattern]):
        self._by_type: Dict[int, List[Pattern]] = {1: [], 2: [], 3: []}
        for pattern in patterns:
            self._by_type[pattern.patch.clothes_type].append(pattern)
        empty = [kind for kind, some in self._by_type.items() if not some]
        if empty:
            raise ValueError(
                f'no good cut-out of clothes type {empty}: give a flat set '
                'with more training pictures'
            )

    def draw(self, rng: np.random.Generator, clothes_type: int) -> Pattern:
        some = self._by_type[clothes_type]
        return some[int(rng.integers(len(some)))]


def load_patterns(
    garments: Sequence[FlatGarment],
) -> Tuple[List[Pattern], Counter]:
    """Those that can be taken apart, and why the others cannot."""
    patterns, faults = [], Counter()
    for garment in track(garments, 'Taking apart'):
        try:
            patterns.append(take_apart(load_patch(garment)))
        except UnfitError as error:
            faults[str(error)] += 1
    return patterns, faults
