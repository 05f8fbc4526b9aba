"""A garment taken apart: its trunk, its sleeves or legs, and their outlines.

Everything is in the pixels of the garment's patch.
"""

from dataclasses import dataclass
from typing import Dict, Optional, Tuple

import cv2
import numpy as np

from projects.synthfld.curves import arc_lengths
from projects.synthfld.pose import LEFT, RIGHT, SIDES

from .patch import Patch

LOWER = 2
SPANS = 4  # of a sleeve or a leg
_FRAME = 7  # points on each side of the trunk
# Shares of the outline's diagonal, or of the root's width.
_LEAST_ARMPIT = 0.035
# A sleeve lies aside of its root, or hangs down and is long; else what looks
# like an armpit is a waist.
_LEAST_ASIDE, _LONG = 0.3, 1.2
_LOWEST_ARMPIT = 0.6
_LEAST_CROTCH = 0.12
_OVERLAP = 0.25
_CUFF = 1.7


class UnfitError(ValueError):
    """The garment's outline cannot be taken apart."""


@dataclass(frozen=True)
class Limb:
    """A sleeve or a leg.

    Args:
        outer (np.ndarray), inner (np.ndarray): Its two edges from the root
            to the end, (SPANS + 1, 2) each.
        mask (np.ndarray): (H, W) uint8, 255 on it; it reaches some way into
            the trunk.
    """

    outer: np.ndarray
    inner: np.ndarray
    mask: np.ndarray


@dataclass(frozen=True)
class Pattern:
    """A patch with its parts.

    Args:
        trunk (np.ndarray): (H, W) uint8, 255 on the trunk.
        frame (np.ndarray): Points all round and inside the trunk, (N, 2).
        limbs (dict): By side; empty where nothing can be bent.
    """

    patch: Patch
    trunk: np.ndarray
    frame: np.ndarray
    limbs: Dict[int, Limb]


def take_apart(patch: Patch) -> Pattern:
    """Raises UnfitError where the landmarks do not go round the outline."""
    if patch.clothes_type == LOWER:
        return _trousers(patch)
    return _shirt(patch)


def _side(side: int) -> str:
    return 'left' if side == LEFT else 'right'


class _Outline:
    """The contour from the left top landmark down and round."""

    def __init__(self, patch: Patch, names):
        contours, _ = cv2.findContours(
            patch.mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
        )
        ring = max(contours, key=len)[:, 0].astype(float)
        # OpenCV goes down on the left, as the names do
        start = _nearest(ring, patch[names[0]])
        self.ring = np.roll(ring, -start, axis=0)
        self.at = {name: _nearest(self.ring, patch[name]) for name in names}
        places = [self.at[name] for name in names]
        if places != sorted(places) or len(set(places)) < len(places):
            raise UnfitError('landmarks do not go round the outline')
        self.diagonal = np.hypot(*(ring.max(0) - ring.min(0)))

    def path(self, first, last) -> np.ndarray:
        """From one landmark to the next along the contour."""
        i, j = (self.at.get(x, x) for x in (first, last))
        if j <= i:
            j += len(self.ring)
        return self.ring[np.arange(i, j + 1) % len(self.ring)]


def _nearest(points, point) -> int:
    return int(np.argmin(((points - point) ** 2).sum(1)))


def resample(path: np.ndarray, count: int) -> np.ndarray:
    """``count`` points at equal distances along a polyline."""
    lengths = arc_lengths(path)
    at = np.linspace(0, lengths[-1], count)
    return np.stack([np.interp(at, lengths, path[:, i]) for i in (0, 1)], 1)


def _polygon_mask(polygon, shape):
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.round(polygon).astype(np.int32)], 255)
    return mask


def _largest(mask):
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    if count < 2:
        raise UnfitError('nothing is left of the trunk')
    biggest = 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA])
    return np.where(labels == biggest, 255, 0).astype(np.uint8)


def _shirt(patch: Patch) -> Pattern:
    names = ('left collar', 'left sleeve', 'left hem',
             'right hem', 'right sleeve', 'right collar')  # fmt: skip
    outline = _Outline(patch, names)
    limbs, flanks = {}, {}
    for side in SIDES:
        limbs[side], flanks[side] = _sleeve(patch, outline, side)
    limbs = {side: limb for side, limb in limbs.items() if limb is not None}
    trunk = patch.mask.copy()
    for limb in limbs.values():
        trunk[_polygon_mask(_ring_of(limb), trunk.shape) > 0] = 0
    trunk = _largest(cv2.dilate(trunk, np.ones((3, 3))) & patch.mask)
    neck = resample(outline.path('right collar', 'left collar'), 5)
    hem = resample(outline.path('left hem', 'right hem'), 4)
    frame = _frame(flanks[LEFT], flanks[RIGHT], neck, hem)
    return Pattern(patch, trunk, frame, limbs)


def _frame(left, right, *rest):
    """Points of both flanks, between them, and of the rest."""
    middle = [(1 - w) * left + w * right for w in (1 / 3, 2 / 3)]
    return np.vstack([left, right, *middle, *rest])


def _ring_of(limb: Limb):
    return np.vstack([limb.outer, limb.inner[::-1]])


def _sleeve(patch, outline, side) -> Tuple[Optional[Limb], np.ndarray]:
    """The sleeve, if it can be bent, and the flank from armpit to hem."""
    word = _side(side)
    top, bottom = f'{word} collar', f'{word} hem'
    upper = _ordered(outline, top, f'{word} sleeve', side)
    lower = _ordered(outline, f'{word} sleeve', bottom, side)
    depth = _depth(lower, outline)
    pit = int(np.argmax(depth))
    armpit = lower[pit]
    shoulder = _above(upper, armpit, _axis(patch))
    width = np.linalg.norm(upper[shoulder] - armpit)
    length = np.linalg.norm((upper[shoulder] + armpit) / 2 - lower[0])
    aside = _aside(lower[0], armpit, _axis(patch))
    bendable = (
        depth[pit] >= _LEAST_ARMPIT * outline.diagonal
        and _height(patch, side, armpit) <= _LOWEST_ARMPIT
        and (aside >= _LEAST_ASIDE * width or length >= _LONG * width)
        and 2 <= shoulder < len(upper) - 3
    )
    if not bendable:
        whole = np.vstack([upper[len(upper) // 2 :], lower[1:]])
        return None, resample(whole, _FRAME)
    limb = _limb(patch, upper[shoulder:], lower[: pit + 1][::-1])
    flank = np.vstack(
        [upper[shoulder][None], resample(lower[pit:], _FRAME - 1)]
    )
    return limb, flank


def _height(patch, side, point) -> float:
    """0 at the collar, 1 at the hem."""
    top, bottom = (patch[f'{_side(side)} {x}'] for x in ('collar', 'hem'))
    along = bottom - top
    return float((point - top) @ along / (along @ along + 1e-9))


def _axis(patch) -> np.ndarray:
    """The direction from the hem to the collar, (2,)."""
    collar = patch['left collar'] + patch['right collar']
    axis = collar - patch['left hem'] - patch['right hem']
    return axis / (np.hypot(*axis) + 1e-9)


def _above(path, point, axis) -> int:
    """Where the line from ``point`` along ``axis`` meets a path."""
    aside = _aside(path, point, axis)
    aside[(path - point) @ axis <= 0] = np.inf
    return int(np.argmin(aside))


def _aside(points, start, axis):
    """Distances (N,) from the line along ``axis`` through ``start``."""
    return np.abs((points - start) @ np.array([-axis[1], axis[0]]))


def _ordered(outline, first, last, side):
    """Downwards on both sides."""
    if side == LEFT:
        return outline.path(first, last)
    return outline.path(last, first)[::-1]


def _depth(path, outline):
    """How far inside the chord of its ends every point lies, (N,)."""
    along = path[-1] - path[0]
    normal = np.array([along[1], -along[0]]) / (np.hypot(*along) + 1e-9)
    middle = outline.ring.mean(0) - path[0]
    return (path - path[0]) @ (normal * np.sign(middle @ normal))


def _limb(patch, outer_path, inner_path) -> Limb:
    """Both paths run from the root to the middle of the cuff."""
    outer, inner = _without_cuff(outer_path, inner_path)
    outer, inner = (resample(path, SPANS + 1) for path in (outer, inner))
    along = (outer[1] + inner[1] - outer[0] - inner[0]) / 2
    width = np.linalg.norm(outer[0] - inner[0])
    back = -along / (np.hypot(*along) + 1e-9) * _OVERLAP * width
    ring = np.vstack(
        [outer_path, inner_path[::-1], inner_path[:1] + back,
         outer_path[:1] + back]
    )  # fmt: skip
    mask = _polygon_mask(ring, patch.mask.shape) & patch.mask
    return Limb(outer, inner, mask)


def _without_cuff(outer, inner):
    """Both paths up to the cuff's corners.

    Going from the middle of a straight cuff to both sides, the ends part
    twice as fast as one goes; once round the corners they do not.
    """
    longest = min(arc_lengths(path)[-1] for path in (outer, inner))
    steps = np.linspace(0, 0.45 * longest, 24)[1:]
    ends = [_back(path, steps) for path in (outer, inner)]
    apart = np.linalg.norm(ends[0] - ends[1], axis=1)
    straight = np.flatnonzero(apart >= _CUFF * steps)
    half = steps[straight[-1]] if len(straight) else steps[0]
    return [_shortened(path, half) for path in (outer, inner)]


def _back(path, steps):
    """Points at distances ``steps`` before the path's end."""
    lengths = arc_lengths(path[::-1])
    return np.stack(
        [np.interp(steps, lengths, path[::-1, i]) for i in (0, 1)], 1
    )


def _shortened(path, amount):
    lengths = arc_lengths(path)
    keep = lengths <= lengths[-1] - amount
    keep[:2] = True
    return path[keep]


def _trousers(patch: Patch) -> Pattern:
    names = ('left waistline', 'left hem', 'right hem', 'right waistline')
    outline = _Outline(patch, names)
    left = outline.path('left waistline', 'left hem')
    right = outline.path('right hem', 'right waistline')[::-1]
    waist = resample(outline.path('right waistline', 'left waistline'), 3)
    between = outline.path('left hem', 'right hem')
    depth = _depth(between, outline)
    top = int(np.argmax(depth))
    if depth[top] < _LEAST_CROTCH * outline.diagonal:
        hem = resample(between, 5)
        frame = _frame(
            resample(left, _FRAME), resample(right, _FRAME), waist, hem
        )
        return Pattern(patch, patch.mask, frame, {})
    crotch = between[top]
    hips = [_nearest(side, crotch) for side in (left, right)]
    legs = {
        LEFT: _leg(patch, left[hips[0] :], between[: top + 1][::-1]),
        RIGHT: _leg(patch, right[hips[1] :], between[top:]),
    }
    count = 4
    frame = _frame(
        resample(left[: hips[0] + 1], count),
        resample(right[: hips[1] + 1], count),
        waist,
        crotch[None],
    )
    return Pattern(patch, patch.mask, frame, legs)


def _leg(patch, outer_path, inner_path) -> Limb:
    """Both paths run from the root to the outer corner of the hem."""
    corner = len(inner_path) // 2 + int(
        np.argmax(_off_chord(inner_path)[len(inner_path) // 2 :])
    )
    outer = resample(outer_path, SPANS + 1)
    inner = resample(inner_path[: corner + 1], SPANS + 1)
    return Limb(outer, inner, patch.mask)


def _off_chord(path):
    along = path[-1] - path[0]
    normal = np.array([along[1], -along[0]]) / (np.hypot(*along) + 1e-9)
    return np.abs((path - path[0]) @ normal)
