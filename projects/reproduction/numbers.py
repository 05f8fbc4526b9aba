"""Where a finished run's metrics have what about garments."""

from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS, VARIATION_TYPES

from .results import Finished, Reader

# Most published numbers' protocol; the others stand beside it.
PROTOCOL = 'box'
PROTOCOLS = ('box', 'image', 'square')
LANDMARKS = FLD_SETS['all'].landmarks
MEAN = 'mean'
SUBSETS = tuple(VARIATION_TYPES.values())
TYPES = tuple(CLOTHES_TYPES.values())
BRANCHES = ('easy', 'hard')
GROUPS = {
    **dict.fromkeys(SUBSETS, 'variation'),
    **dict.fromkeys(TYPES, 'clothes_type'),
    **dict.fromkeys(BRANCHES, 'branch'),
}

MEAN_NE = f'NE/{PROTOCOL}/final/mean'
PDL = 'PDL/stages/final/share'
# None for a network that predicts no visibility.
VISIBILITY = 'visibility/stages/final/accuracy'


def mean_ne(protocol: str) -> str:
    return f'NE/{protocol}/final/mean'


def ne(name: str) -> str:
    """Of a landmark, a subset, a clothes type, a branch or of all."""
    if name == MEAN:
        return MEAN_NE
    if name in LANDMARKS:
        return f'NE/{PROTOCOL}/final/landmark/{name}'
    return f'NE/{PROTOCOL}/final/{GROUPS[name]}/{name}/mean'


def pdl(name: str, what: str = 'share') -> str:
    """Likewise; at 15 pixels of the 224 crop, or its ``curve``."""
    group = 'landmark' if name in LANDMARKS else GROUPS[name]
    return f'PDL/stages/final/{group}/{name}/{what}'


def count(each: Finished, name: str) -> int:
    """Pictures of a group that take part in NE."""
    return each.value(f'NE/box/final/{GROUPS[name]}/{name}/count') or 0


# What goes into report.json.
SUMMARY: dict[str, Reader] = {
    **{f'NE {name}': mean_ne(name) for name in PROTOCOLS},
    **{f'NE {PROTOCOL} {name}': ne(name) for name in (*LANDMARKS, *GROUPS)},
    'PDL@15': PDL,
    **{f'PDL@15 {name}': pdl(name) for name in SUBSETS},
    'visibility': VISIBILITY,
}


def summary(each: Finished) -> dict:
    return {name: each.value(reader) for name, reader in SUMMARY.items()}
