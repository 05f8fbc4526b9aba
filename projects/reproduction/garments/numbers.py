"""What a finished run's metrics say about garments."""

from collections.abc import Callable
from functools import partial
from typing import Optional

from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS, VARIATION_TYPES

from ..report import Finished

# Most published numbers' protocol; the others stand beside it.
PROTOCOL = 'box'
PROTOCOLS = ('box', 'image', 'square')
LANDMARKS = FLD_SETS['all'].landmarks
MEAN = 'mean'
SUBSETS = tuple(VARIATION_TYPES.values())
TYPES = tuple(CLOTHES_TYPES.values())
BRANCHES = ('easy', 'hard')
_FINAL = 'final'


def ne(each: Finished, protocol: str = PROTOCOL) -> dict:
    """The report of NE after the last stage, with all its groups."""
    return each.metrics['NE'][protocol][_FINAL]


def mean_ne(each: Finished, protocol: str = PROTOCOL) -> Optional[float]:
    return ne(each, protocol)[MEAN]


def landmark_ne(each: Finished, name: str) -> Optional[float]:
    """Of one landmark; of all of them for ``'mean'``."""
    found = ne(each)
    return found[MEAN] if name == MEAN else found['landmark'].get(name)


def group_ne(each: Finished, grouping: str, name: str) -> Optional[float]:
    """Of a clothes type, a variation or a branch; None without a member."""
    return _group(ne(each), grouping, name).get(MEAN)


def group_count(each: Finished, grouping: str, name: str) -> int:
    """Pictures of a group that take part in NE."""
    return _group(ne(each), grouping, name).get('count', 0)


def pdl(each: Finished) -> dict:
    """The report of PDL after the last stage, with all its groups."""
    return each.metrics['PDL']['stages'][_FINAL]


def pdl_share(each: Finished) -> Optional[float]:
    """PDL at the threshold of the log, 15 pixels of the 224 crop."""
    return pdl(each)['share']


def group_pdl(each: Finished, grouping: str, name: str) -> Optional[float]:
    return _group(pdl(each), grouping, name).get('share')


def landmark_pdl(each: Finished, name: str) -> Optional[float]:
    return pdl(each)['landmark'].get(name, {}).get('share')


def group_curve(each: Finished, grouping: str, name: str) -> Optional[list]:
    return _group(pdl(each), grouping, name).get('curve')


def landmark_curve(each: Finished, name: str) -> Optional[list]:
    return pdl(each)['landmark'].get(name, {}).get('curve')


def visibility_accuracy(each: Finished) -> Optional[float]:
    """None for a network that predicts no visibility."""
    stages = each.metrics.get('visibility', {}).get('stages', {})
    return stages.get(_FINAL, {}).get('accuracy')


def summary(each: Finished) -> dict:
    """What goes into report.json, by flat name."""
    readers: dict[str, Callable] = {
        **{
            f'NE {name}': partial(mean_ne, protocol=name) for name in PROTOCOLS
        },
        **{
            f'NE {PROTOCOL} {name}': partial(landmark_ne, name=name)
            for name in LANDMARKS
        },
        **{
            f'NE {PROTOCOL} {name}': partial(
                group_ne, grouping=grouping, name=name
            )
            for grouping, names in (
                ('variation', SUBSETS),
                ('clothes_type', TYPES),
                ('branch', BRANCHES),
            )
            for name in names
        },
        'PDL@15': pdl_share,
        **{
            f'PDL@15 {name}': partial(
                group_pdl, grouping='variation', name=name
            )
            for name in SUBSETS
        },
        'visibility': visibility_accuracy,
    }
    return {name: read(each) for name, read in readers.items()}


def _group(described: dict, grouping: str, name: str) -> dict:
    """A group without a member is not in results.json."""
    return described.get(grouping, {}).get(name, {})
