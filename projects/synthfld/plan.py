"""How many of what: types, variations and splits, in exact shares."""

from typing import Dict, List, NamedTuple

import numpy as np

# The paper's Fig. 2, in percent.
TYPE_SHARES = {1: 43.4, 2: 34.1, 3: 22.5}
VARIATION_SHARES = {1: 38.1, 2: 25.1, 3: 17.5, 4: 7.6, 5: 11.7}
SPLIT_SHARES = dict(train=80, val=10, test=10)


class Planned(NamedTuple):
    """What one picture shows, and its split."""

    clothes_type: int
    variation_type: int
    split: str


def quotas(shares: Dict, total: int) -> Dict:
    """``total`` in whole parts nearest to ``shares`` (largest remainder)."""
    whole = sum(shares.values())
    exact = {key: total * share / whole for key, share in shares.items()}
    counts = {key: int(value) for key, value in exact.items()}
    rest = sorted(exact, key=lambda key: counts[key] - exact[key])
    for key in rest[: total - sum(counts.values())]:
        counts[key] += 1
    return counts


def _repeated(counts: Dict) -> List:
    return [key for key, count in counts.items() for _ in range(count)]


def plan(num: int, seed: int) -> List[Planned]:
    rng = np.random.default_rng([seed, num])
    pairs = []
    for clothes_type, count in quotas(TYPE_SHARES, num).items():
        kinds = _repeated(quotas(VARIATION_SHARES, count))
        pairs += [(clothes_type, kinds[i]) for i in rng.permutation(count)]
    splits = _splits([clothes_type for clothes_type, _ in pairs])
    planned = [Planned(*pair, split) for pair, split in zip(pairs, splits)]
    return [planned[i] for i in rng.permutation(num)]


def _splits(types: List[int]) -> List[str]:
    """Splits in exact shares, with the types spread evenly over them."""
    counts = quotas(SPLIT_SHARES, len(types))
    splits = np.full(len(types), 'train', object)
    for name in ('val', 'test'):
        free = _by_turns(types, splits)
        splits[free[: counts[name]]] = name
    return splits.tolist()


def _by_turns(types: List[int], splits: np.ndarray) -> List[int]:
    """Free pictures: one of each type first, then at an even pace."""
    groups = [
        [i for i, t in enumerate(types) if t == kind and splits[i] == 'train']
        for kind in dict.fromkeys(types)
    ]
    ranked = [
        ((n and n / len(group), n), i)
        for group in groups
        for n, i in enumerate(group)
    ]
    return [i for _, i in sorted(ranked)]
