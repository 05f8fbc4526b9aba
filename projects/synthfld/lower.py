"""Lower-body clothes: trousers, shorts, skirts."""

from dataclasses import replace

import numpy as np

from . import trims
from .body import Body
from .chance import chance, pick
from .fabric import Fabric
from .garment import Garment, add_trunk, mark_seams
from .pose import Pose
from .rings import Rings
from .trousers import add_legs, seat_rings
from .view import View

_LEG_ENDS = dict(
    hot=((0.12, 0.3), (0, 0)),
    knee=((0.5, 0.95), (0, 0)),
    calf=((1, 1), (0.15, 0.7)),
    long=((1, 1), (0.78, 1.04)),
)


def leg_span(rng):
    kind = pick(rng, dict(hot=2, knee=2, calf=2, long=6))
    upper, lower = _LEG_ENDS[kind]
    return rng.uniform(*upper), min(1.0, rng.uniform(*lower))


def leg_widths(rng, body: Body, span):
    """Half widths of a trouser leg at hip, knee and cuff."""
    thigh = 0.093 * body.girth + rng.uniform(0.0, 0.018)
    if span[1] <= 0:
        return thigh, thigh, thigh + rng.uniform(-0.012, 0.035)
    knee = rng.uniform(0.064, 0.1)
    cuff = pick(rng, dict(slim=4, straight=4, wide=2))
    change = dict(slim=(-0.03, -0.01), straight=(-0.01, 0.01),
                  wide=(0.02, 0.06))[cuff]  # fmt: skip
    return thigh, knee, knee + rng.uniform(*change)


def skirt_rings(rng, body: Body, waist_y: float, waist_a: float) -> Rings:
    end = rng.uniform(*pick(rng, {(0.68, 0.85): 4, (0.85, 1.05): 3,
                                  (1.05, 1.35): 2}))  # fmt: skip
    flare = pick(rng, {-0.02: 2, 0.02: 2, 0.08: 3, 0.16: 2, 0.28: 1})
    y = np.array([waist_y, 0.5, 0.5 * (0.5 + end), end])
    a = np.maximum(body.half_width(y), 0.155 * body.girth) + 0.008
    a += flare * np.array([0, 0.12, 0.55, 1.0]) * min(1.0, end / 0.9)
    a[0] = waist_a
    return Rings(
        y,
        a,
        0.75 * a,
        tilt=pick(rng, {0.0: 6, 1.0: 2}) * rng.uniform(-0.09, 0.09),
        curve=pick(rng, {0.0: 5, 0.03: 2, 0.09: 1}),
    )


def build_lower(
    rng: np.random.Generator,
    body: Body,
    pose: Pose,
    view: View,
    fabric: Fabric,
    kind: str = 'garment',
    skirt: bool = None,
) -> Garment:
    """Trousers, shorts or a skirt."""
    skirt = chance(rng, 0.42) if skirt is None else skirt
    waist_y = rng.uniform(0.35, 0.45)
    waist_a = float(body.half_width(waist_y)) + rng.uniform(0.003, 0.018)
    garment = Garment()
    if skirt:
        rings = skirt_rings(rng, body, waist_y, waist_a)
        trunk = add_trunk(garment, rings, fabric, view, kind)
        mark_seams(garment, trunk, -1, 'hem', view)
        if chance(rng, 0.45):
            trims.pleats(rng, garment, rings, view, fabric, 1)
    else:
        half = add_trousers(rng, garment, body, pose, view, fabric, kind)
        hip = max(0.085 + half * 0.95, float(body.half_width(0.53)) + 0.006)
        rings = seat_rings(waist_y, waist_a, hip)
        # A dark rim would set the seat off from the legs.
        seat = replace(fabric, edge=0.0)
        trunk = add_trunk(garment, rings, seat, view, kind)
        _fly(garment, rings, view, fabric)
    mark_seams(garment, trunk, 0, 'waistline', view)
    belt = fabric.darker(rng.uniform(0.5, 1.0))
    trims.band(garment, rings, 0, view, belt, rng.uniform(0.015, 0.04))
    if chance(rng, 0.5):
        trims.pockets(rng, garment, waist_y + 0.07, view, fabric)
    return garment


def add_trousers(rng, garment, body, pose, view, fabric, kind) -> float:
    """Both trouser legs; returns the thigh's half width."""
    span = leg_span(rng)
    half = leg_widths(rng, body, span)
    add_legs(garment, pose, view, fabric, kind, span, half)
    return half[0]


def _fly(garment, rings, view, fabric):
    if view.back:
        return
    line = trims.lines(rings, view, 0.0)
    dark = fabric.darker(0.7).bgr
    garment.front.append(trims.trim([line], dark, 0.005))
