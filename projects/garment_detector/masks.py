"""Boxes of garments from masks that name what people wear.

A mask (H, W) holds indices of names, as Clothing Co-Parsing's: one value for
all pieces of, say, jeans. Boxes are x1, y1, x2, y2 in its pixels.
"""

from typing import Dict, List, NamedTuple, Sequence, Tuple

import cv2
import numpy as np

from projects.garment_detector.boxes import Box, Labelled, area, iou

_TOPS = (
    'blazer blouse bodysuit cardigan hoodie jacket jumper shirt sweater '
    'sweatshirt t-shirt top vest'
)
_LOWER = 'jeans leggings pants shorts skirt'
# The type that a name most likely means, then others that it may mean: of a
# hundred labelled coats a dozen are full-body, and of a dress under a coat
# only the skirt is to be seen, labelled as lower.
TYPES: Dict[str, Tuple[str, ...]] = {
    **dict.fromkeys(_TOPS.split(), ('upper',)),
    **dict.fromkeys(_LOWER.split(), ('lower',)),
    **dict.fromkeys(['coat', 'cape', 'suit'], ('upper', 'full')),
    'dress': ('full', 'lower', 'upper'),
    'romper': ('full',),
}
# Of the picture: smaller pieces are no garments, or too small to be a label.
_LEAST, _LEAST_LABEL = 0.003, 0.015
_LEAST_PIECE = 0.05  # of what a name covers: smaller ones are slips
_SAME = 0.6  # IoU of a label and its mask


class Part(NamedTuple):
    """What one name covers: the box round it and its share of the picture."""

    name: str
    box: Box
    share: float


def parts(mask: np.ndarray, names: Sequence[str]) -> List[Part]:
    """The garments of a mask, a name each."""
    found = []
    for value in np.unique(mask):
        one = np.uint8(mask == value)
        if names[value] not in TYPES or one.mean() < _LEAST:
            continue
        found.append(Part(names[value], _box(one), float(one.mean())))
    return found


def _box(one: np.ndarray) -> Box:
    """Round the pieces of a binary mask that are no slips."""
    pieces = cv2.connectedComponentsWithStats(one)[2][1:]
    areas = pieces[:, cv2.CC_STAT_AREA]
    kept = pieces[areas >= _LEAST_PIECE * areas.sum()]
    low = kept[:, :2].min(0)
    high = (kept[:, :2] + kept[:, 2:4]).max(0)
    return tuple(int(v) for v in (*low, *high))


def more_garments(
    found: Sequence[Part], labelled: Sequence[Labelled], add: bool
) -> List[Labelled]:
    """What a mask says beyond the labels.

    A part that no label covers is a garment more where nothing of its type is
    labelled; of several, the one with the largest box, which is worn over
    the others (``add``). What is not sure is ignored: types that a name may
    also mean, garments under others, and whatever is left out of complete
    labels (``add`` is False).
    """
    rest = [
        part
        for part in found
        if all(iou(part.box, label.box) < _SAME for label in labelled)
    ]
    result = []
    for part in rest:
        kinds = TYPES[part.name]
        sure = add and _is_garment(part, rest, labelled)
        if sure:
            result.append(Labelled(kinds[0], part.box))
        result += [
            Labelled(kind, part.box, ignored=True) for kind in kinds[sure:]
        ]
    return result


def _is_garment(part: Part, rest, labelled) -> bool:
    kind = TYPES[part.name][0]
    others = [other for other in rest if other is not part]
    # what shows of a dress with something over it may pass for a skirt
    if kind == 'full' and (others or labelled):
        return False
    rivals = [area(o.box) for o in others if TYPES[o.name][0] == kind]
    return (
        part.share >= _LEAST_LABEL
        and kind not in {label.type for label in labelled}
        and area(part.box) > max(rivals, default=0)
    )


def tagged_but_unlabelled(
    tags: Sequence[str], labelled: Sequence[Labelled]
) -> List[str]:
    """Types that a photograph's tags may mean and no label shows."""
    seen = {label.type for label in labelled}
    hidden = []
    for tag in tags:
        kinds = TYPES.get(tag, ())
        if kinds and not seen.intersection(kinds):
            hidden += [kind for kind in kinds if kind not in hidden]
    return hidden
