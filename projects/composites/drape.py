"""Where the points of a garment lie once a body wears it.

The plane is that of ``synthetic.view``: metres, y down from the base of the
neck.
"""

from dataclasses import dataclass
from typing import List

import numpy as np

from projects.synthfld.body import Body, limb_line
from projects.synthfld.curves import arc_lengths
from projects.synthfld.pose import LEFT, RIGHT, SIDES, Pose
from projects.synthfld.view import View

from .pattern import LOWER, Limb, Pattern

_ARM, _LEG = 0.55, 0.84  # lengths in metres
_WAIST_HEIGHTS = (0.33, 0.44)


@dataclass(frozen=True)
class Part:
    """One piece of a garment that is warped and painted by itself.

    Args:
        side (int): -1 or 1 for a sleeve, 0 for all else.
        mask (np.ndarray): (H, W) uint8, in the patch.
        old (np.ndarray), new (np.ndarray): (N, 2), points in the patch and
            in the plane.
    """

    side: int
    mask: np.ndarray
    old: np.ndarray
    new: np.ndarray


@dataclass(frozen=True)
class Fit:
    """How a garment's trunk becomes a body's; factors and metres.

    Args:
        start (np.ndarray): The middle of the top in the patch, (2,).
        height (float): From there to the hem, in the patch's pixels.
        scale (float): Metres per pixel.
        wide (tuple): Factors on the width at the top, at half height and
            at the hem.
        stretch (float): Factor on lengths.
        top (float): Height of the top on the body.
        shear (float): Sideways shift of the hem in metres.
    """

    start: np.ndarray
    height: float
    scale: float
    wide: tuple
    stretch: float
    top: float
    shear: float = 0.0

    def __call__(self, points: np.ndarray, view: View) -> np.ndarray:
        across, down = (np.asarray(points, float) - self.start).T
        share = np.clip(down / self.height, -0.1, 1.1)
        wide = np.interp(share, (0, 0.5, 1), self.wide) * np.cos(view.yaw)
        x = across * self.scale * wide + self.shear * share
        y = self.top + down * self.scale * self.stretch
        # the middle of the front goes along with a turning body
        bulge = np.clip(1 - (across / self._half_width) ** 2, 0, 1)
        x = x + 0.07 * np.sin(view.yaw) * bulge
        return view.flat(np.stack([x, y], 1))

    @property
    def _half_width(self) -> float:
        return 0.2 / self.scale


def drape(
    rng: np.random.Generator,
    pattern: Pattern,
    body: Body,
    pose: Pose,
    view: View,
    loose: float = 1.0,
) -> List[Part]:
    """The parts of a garment on a body; ``loose`` 0 keeps it as it lay."""
    if pattern.patch.clothes_type == LOWER:
        return _lower(rng, pattern, body, pose, view, loose)
    return _upper(rng, pattern, body, pose, view, loose)


def _widths(rng, loose, full: bool):
    waist = rng.uniform(0.68 if full else 0.72, 1.0)
    hem = waist * rng.uniform(0.85, 1.15)
    return tuple(1 + loose * (w - 1) for w in (1.0, waist, hem))


def _upper(rng, pattern, body, pose, view, loose):
    patch = pattern.patch
    start = (patch['left collar'] + patch['right collar']) / 2
    bottom = (patch['left hem'] + patch['right hem'])[1] / 2
    roots = _shoulders(pattern)
    half = np.abs(roots[:, 0] - start[0]).mean()
    reach = 0.19 * body.girth * rng.uniform(0.95, 1.15)
    fit = Fit(
        start,
        max(bottom - start[1], 1.0),
        reach / half,
        _widths(rng, loose, patch.clothes_type == 3),
        rng.uniform(0.92, 1.12),
        rng.uniform(-0.03, 0.01),
        rng.normal(0, 0.015),
    )
    trunk = Part(0, pattern.trunk, pattern.frame, fit(pattern.frame, view))
    parts = [trunk]
    for side, limb in pattern.limbs.items():
        new = _sleeve(rng, limb, fit, body, pose, view, side)
        old = np.vstack([limb.outer, limb.inner])
        parts.append(Part(side, limb.mask, old, new))
    return parts


def _shoulders(pattern: Pattern) -> np.ndarray:
    """Where the sleeves begin or, without, the ends of the shoulders."""
    patch = pattern.patch
    return np.array(
        [
            pattern.limbs[side].outer[0]
            if side in pattern.limbs
            else patch[f'{word} sleeve']
            for side, word in ((LEFT, 'left'), (RIGHT, 'right'))
        ]
    )


def _sleeve(rng, limb: Limb, fit: Fit, body, pose, view, side):
    """The sleeve turns with the arm about the shoulder."""
    line = limb_line(pose.arms[side], view)
    middle = (limb.outer + limb.inner) / 2
    shoulder = fit(limb.outer[:1], view)[0]
    turn = _angles(line)[0] - _angles(middle)[0]
    root = shoulder + fit.scale * _turned(middle[0] - limb.outer[0], turn)
    reach = max(_ARM - _nearest_length(line, root), 0.1)
    return _along(rng, limb, fit, line, root, reach, (0.7, 0.95))


def _nearest_length(line, point) -> float:
    """How far along a polyline its nearest point to ``point`` is."""
    nearest = np.argmin(((line - point) ** 2).sum(1))
    return float(arc_lengths(line)[nearest])


def _angles(line: np.ndarray) -> np.ndarray:
    """Direction of a polyline at each of its points, radians (N,)."""
    step = np.gradient(line, axis=0)
    return np.unwrap(np.arctan2(step[:, 1], step[:, 0]))


def _turned(vectors, angle):
    c, s = np.cos(angle), np.sin(angle)
    x, y = np.asarray(vectors, float).T
    return np.stack([c * x - s * y, s * x + c * y], axis=-1)


def _along(rng, limb, fit, line, root, reach, narrow):
    """A limb's two edges laid along a polyline of the body.

    Every cross-section turns as much as the middle does there, so that a
    limb that lay straight on the line would not change.

    Args:
        root (np.ndarray): Where the middle of the limb's root goes, (2,).
        reach (float): Metres of the body's limb from there to its end.
    """
    middle = (limb.outer + limb.inner) / 2
    share = arc_lengths(middle) * fit.scale * fit.stretch / reach
    share = np.minimum(share, 0.97 * share / max(share[-1], 0.97))
    lengths = arc_lengths(line)
    begin = _nearest_length(line, root)
    at = begin + share * (lengths[-1] - begin)
    center = np.stack([np.interp(at, lengths, line[:, i]) for i in (0, 1)], 1)
    # from where the garment's limb begins over to the body's
    fade = np.exp(-2 * share / max(share[-1], 1e-6))[:, None]
    center = center + (root - center[0]) * fade
    turn = _angles(center) - _angles(middle)
    width = np.interp(
        np.arange(len(middle)), (0, len(middle) - 1), (1, rng.uniform(*narrow))
    )
    half = fit.scale * width[:, None] * (limb.outer - limb.inner) / 2
    half = _turned(half, turn)
    return np.vstack([center + half, center - half])


def _lower(rng, pattern, body, pose, view, loose):
    patch = pattern.patch
    waist = np.stack([patch['left waistline'], patch['right waistline']])
    bottom = (patch['left hem'] + patch['right hem'])[1] / 2
    top = rng.uniform(*_WAIST_HEIGHTS)
    half = body.half_width(top) * rng.uniform(0.98, 1.15)
    scale = half / (np.abs(waist[0, 0] - waist[1, 0]) / 2)
    start = waist.mean(0)
    loosely = rng.uniform(0.72, 1.0)
    hem = rng.uniform(0.7, 1.0)
    wide = (1.0, 1 + loose * (loosely - 1), 1 + loose * (hem - 1))
    # a waistband lies flat at half its girth and is worn narrower
    fit = Fit(
        start, max(bottom - start[1], 1.0), scale, wide,
        rng.uniform(1.0, 1.3), top, rng.normal(0, 0.015),
    )  # fmt: skip
    if not pattern.limbs:
        new = fit(pattern.frame, view)
        return [Part(0, pattern.trunk, pattern.frame, new)]
    return [_legs(rng, pattern, fit, pose, view)]


def _legs(rng, pattern, fit: Fit, pose, view) -> Part:
    """Hips and both legs as one piece."""
    trunk_end = max(
        (limb.outer[0, 1] + limb.inner[0, 1]) / 2
        for limb in pattern.limbs.values()
    )
    fit = _even(fit)
    hips = fit.top + (trunk_end - fit.start[1]) * fit.scale * fit.stretch
    old, new = [pattern.frame], [fit(pattern.frame, view)]
    for side in SIDES:
        limb = pattern.limbs[side]
        line = _below(limb_line(pose.legs[side], view), hips)
        reach = arc_lengths(line)[-1] * _foreshortening(pose, view, side)
        pair = fit(np.stack([limb.outer[0], limb.inner[0]]), view)
        edges = _along(rng, limb, fit, line, pair.mean(0), reach, (0.75, 0.98))
        old += [limb.outer[1:], limb.inner[1:]]
        new += [edges[1 : len(limb.outer)], edges[len(limb.outer) + 1 :]]
    return Part(0, pattern.trunk, np.vstack(old), np.vstack(new))


def _even(fit: Fit) -> Fit:
    """Legs have widths of their own."""
    values = dict(vars(fit))
    values['wide'] = (1.0, 1.0, 1.0)
    return Fit(**values)


def _below(line, height):
    below = line[line[:, 1] > height]
    return line[-3:] if len(below) < 3 else below


def _foreshortening(pose, view, side) -> float:
    """Length of a leg over the length that is seen of it."""
    seen = arc_lengths(limb_line(pose.legs[side], view))[-1]
    return _LEG / max(seen, 0.3)
