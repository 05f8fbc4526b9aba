"""Boxes held against the landmarks that they should hold.

A visible landmark lies on its garment, and so in the garment's box; an
occluded one may be a guess and lies outside one box in four of photographs of
people (visible ones outside one in two hundred, by at most 0.01 of the box).
"""

import math
from array import array
from typing import Optional, Sequence, Tuple

import numpy as np

from .coco_schema import EDGE_MARGIN, Problem

Box = Tuple[float, float, float, float]  # x1, y1, x2, y2
Points = Sequence[Tuple[float, float]]
Size = Optional[Tuple[float, float]]

XYWH, CORNERS = 'x y width height', 'x1 y1 x2 y2'  # how a file writes boxes

# Parts of the box's long side by which a visible landmark lies outside.
_GROSS = 0.25  # the box is of something else
_SLOPPY = 0.03  # more than in any of 5,900 garments of four sets (0.027)
_SLOPPY_PIXELS = 3.0
# Of all boxes, how many may be sloppy, or hold their landmarks as corners,
# too: of right boxes 2 to 7 % do.
_SLOPPY_SHARE, _CORNERS_SHARE, _CORNERS_SHARE_OF_FEW = 0.1, 0.3, 0.6
_ENOUGH = 30  # boxes to see how much more free space corners have by place:
_CORNERS_SLOPE = 0.3  # 1 in theory, 0 of right boxes
_FEW = 2  # as many may be accidents
_INSIDE_SHARE = 0.5  # of all landmarks; on people 0.87 are
_SAME = 0.9  # overlap of two readings of a box that are the same
_BEYOND = 1.05  # of a picture's side, where a box leaves it for good
# Garments lie in the middle of pictures: what all labels of a file leave
# free at the right and below was not there when they were made.
_UNITS = {1: 'shares of it', 100: 'percent of it', 1000: 'thousandths of it'}
_UNIT_CENTRE = 0.42
# Boxes, mean middle and, of nine boxes in ten, reach: of labels made on
# pictures half as large, or three quarters. Of 2,000 draws from each file of
# five sets, 5 right boxes have their middle at 0.36 or beyond, 30 at 0.44.
_SMALLER = ((5, 0.32, 0.7), (30, 0.42, 0.85))

_NONE = (math.nan,) * 4
_CORRECT = 'Correct the boxes and export again.'


def single_problem(box: Box, visible: Points) -> Optional[Problem]:
    """Of one box alone: a visible landmark is far outside."""
    far = _outside(box, _hull(visible))
    if far <= _GROSS:
        return None
    return Problem(
        'box',
        'a box from ({:g}, {:g}) to ({:g}, {:g}) that leaves out a visible '
        'landmark by {:.0%} of its long side'.format(*box, min(far, 1e4)),
        'a box round the landmarks',
        f'Is it of another garment, or of another form? {_CORRECT}',
    )


class BoxAudit:
    """All boxes of a file, one by one, and what they show together.

    Args:
        form (str): How the file should write boxes, :data:`XYWH` or
            :data:`CORNERS`.
    """

    def __init__(self, form: str) -> None:
        self.form = form
        self._numbers = array('d')  # 13 of each box

    def add(
        self, box: Box, visible: Points, hidden: Points, size: Size = None
    ) -> None:
        """All in pixels; the box as corners, before it is clipped."""
        placed = [*visible, *hidden]
        self._numbers.extend(
            (
                *box,
                *(_hull(visible) or _NONE),
                *(size or _NONE[:2]),
                max((max(point) for point in placed), default=math.nan),
                len(placed),
                sum(_outside(box, (*p, *p)) > _SLOPPY for p in placed),
            )
        )

    def problem(self) -> Optional[Problem]:
        """The first kind of fault that is there."""
        if not self._numbers:
            return None
        boxes = _Boxes(np.frombuffer(self._numbers).reshape(-1, 13))
        return (
            _unit_problem('boxes', boxes.box.max(), boxes)
            or _unit_problem('landmarks', _most(boxes.reach), boxes)
            or _outside_problem(boxes, self.form)
            or (_corners_problem(boxes) if self.form == XYWH else None)
            or _smaller_problem(boxes)
        )


class _Boxes:
    """What was added, N boxes; NaN where something is not known."""

    def __init__(self, numbers: np.ndarray) -> None:
        self.box = numbers[:, :4]  # x1, y1, x2, y2
        self.tight = numbers[:, 4:8]  # round the visible landmarks
        self.size = numbers[:, 8:10]  # of the picture
        self.reach = numbers[:, 10]  # the largest x or y of a landmark
        self.landmarks = int(numbers[:, 11].sum())
        self.outside = int(numbers[:, 12].sum())  # landmarks, not boxes

    def __len__(self) -> int:
        return len(self.box)

    def centre(self) -> np.ndarray:
        """Mean middle of the boxes (2,) in parts of the pictures."""
        middle = (self.box[:, :2] + self.box[:, 2:]) / 2 / self.size
        return np.nanmean(middle, axis=0)


def _unit_problem(what: str, reach: float, boxes: _Boxes) -> Optional[Problem]:
    """Numbers that end where shares, percent or thousandths do."""
    lowest = 0.8 if len(boxes) <= _FEW else 0.5
    for unit, name in _UNITS.items():
        if reach > 1.01 * unit or not (
            unit == 1 or (reach >= lowest * unit and _is_off(unit, boxes))
        ):
            continue
        return Problem(
            'unit',
            f'{what} that all end at {reach:g} or before',
            'pixels of the picture',
            f'If they are {name}, multiply them by its width and height.',
        )
    return None


def _is_off(unit: float, boxes: _Boxes) -> bool:
    """Whether pictures are larger, and what is labelled in a corner."""
    if np.isnan(boxes.size).all() or np.nanmin(boxes.size) < 1.3 * unit:
        return False
    return bool((boxes.centre() < _UNIT_CENTRE).all())


def _outside_problem(boxes: _Boxes, form: str) -> Optional[Problem]:
    number = len(boxes)
    bad = int(_sloppy(boxes.box, boxes.tight).sum())
    if bad >= max(_FEW, _SLOPPY_SHARE * number):
        found = f'{bad} of {number} boxes that leave out visible landmarks'
    elif boxes.outside > (1 - _INSIDE_SHARE) * boxes.landmarks:
        found = f'{boxes.outside} of {boxes.landmarks} landmarks outside'
    else:
        return None
    return Problem(
        'boxes',
        found,
        f'boxes, {form}, round the landmarks',
        f'{_guess(boxes, form)}{_CORRECT}',
    )


def _guess(boxes: _Boxes, form: str) -> str:
    """Another reading, where it leaves out few landmarks."""
    low, high = boxes.box[:, :2], boxes.box[:, 2:]
    size = high - low
    other, box = {
        CORNERS: (XYWH, np.hstack([low, low + high])),
        XYWH: (CORNERS, np.hstack([low, size])),
    }[form]
    readings = {
        f'be there if read as {other}': box,
        'stand one row above': np.roll(boxes.box, 1, axis=0),
        'stand one row below': np.roll(boxes.box, -1, axis=0),
        'begin with the middle': np.hstack([low - size / 2, low + size / 2]),
        'give y before x': boxes.box[:, [1, 0, 3, 2]],
    }
    counts = {
        name: int(_sloppy(reading, boxes.tight).sum())
        for name, reading in readings.items()
    }
    best = min(counts, key=counts.get)
    likely = counts[best] < _sloppy(boxes.box, boxes.tight).sum() / 2
    return f'The right ones seem to {best}. ' if likely else ''


def _corners_problem(boxes: _Boxes) -> Optional[Problem]:
    """Corners read as x y w h: boxes too large, with all landmarks in."""
    number = len(boxes)
    some, sure = _fits_as_corners(boxes)
    if number < _ENOUGH:
        likely = some > max(_FEW, _CORNERS_SHARE_OF_FEW * number)
    else:
        likely = some > _CORNERS_SHARE * number and (
            _free_space_slope(boxes) > _CORNERS_SLOPE
        )
    if not likely and sure < max(1, _SLOPPY_SHARE * number):
        return None
    return Problem(
        'boxes',
        f'{some} of {number} boxes that hold their landmarks as {CORNERS}'
        ', too',
        XYWH,
        'If they are corners, subtract x1 and y1 from x2 and y2.',
    )


def _smaller_problem(boxes: _Boxes) -> Optional[Problem]:
    """Labels of smaller pictures than those that are there."""
    known = int((~np.isnan(boxes.size[:, 0])).sum())
    if not known:
        return None
    reach = np.nanquantile((boxes.box[:, 2:] / boxes.size).max(axis=1), 0.9)
    middle = boxes.centre().max()
    if not any(
        known >= least and middle <= centre and reach <= end
        for least, centre, end in _SMALLER
    ):
        return None
    return Problem(
        'unit',
        f'boxes that reach no further than {reach:.0%} of the pictures',
        'labels of the pictures that are there',
        'If smaller ones were labelled, scale the labels.',
    )


def _most(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.max()) if len(known) else math.inf


def _hull(points: Points) -> Optional[Box]:
    if not points:
        return None
    xs, ys = zip(*points)
    return min(xs), min(ys), max(xs), max(ys)


def _outside(box: Box, tight: Optional[Box]) -> float:
    """How far a box leaves ``tight`` out, in parts of its long side."""
    if tight is None:
        return 0.0
    far = max(
        box[0] - tight[0],
        box[1] - tight[1],
        tight[2] - box[2],
        tight[3] - box[3],
        0.0,
    )
    return far / max(box[2] - box[0], box[3] - box[1], 1e-6)


def _sloppy(boxes: np.ndarray, tight: np.ndarray) -> np.ndarray:
    """(N,) bool: boxes (N, 4) that leave out something of ``tight``."""
    far = np.hstack([boxes[:, :2] - tight[:, :2], tight[:, 2:] - boxes[:, 2:]])
    far = far.max(axis=1)  # NaN without visible landmarks
    long_side = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    return far > np.maximum(_SLOPPY * long_side, _SLOPPY_PIXELS)


def _free_space_slope(boxes: _Boxes) -> float:
    """How much more free space there is behind landmarks than before them
    where a box lies a pixel further right or below.

    Corners taken for x y w h have x pixels more at the right: 1 a pixel.
    """
    before = boxes.tight[:, :2] - boxes.box[:, :2]
    behind = boxes.box[:, 2:] - boxes.tight[:, 2:]
    known = ~np.isnan(before[:, 0])
    more, place = (behind - before)[known], boxes.box[known, :2]
    more, place = more - more.mean(axis=0), place - place.mean(axis=0)
    spread = (place**2).sum()
    return float((more * place).sum() / spread) if spread else 0.0


def _fits_as_corners(boxes: _Boxes) -> Tuple[int, int]:
    """How many do as well, and how many better: as read they leave the
    picture.
    """
    low, high = boxes.box[:, :2], boxes.box[:, 2:]
    size = np.where(np.isnan(boxes.size), high, boxes.size)
    end = high - low  # x2, y2 if the file wrote corners
    corners = np.hstack([low, end])
    area = np.prod(np.maximum(end - low, 0), axis=1)
    seen = np.prod(np.minimum(high, size) - low, axis=1)
    fits = ~_sloppy(corners, boxes.tight) & ~np.isnan(boxes.tight[:, 0])
    fits &= (area > 0) & (area < _SAME * seen)
    leaves = (high > _BEYOND * size).any(axis=1)
    better = fits & leaves & (end <= size + EDGE_MARGIN).all(axis=1)
    return int(fits.sum()), int(better.sum())
