"""Full-body clothes: dresses, jumpsuits and coats."""

import numpy as np

from . import trims
from .body import Body
from .chance import chance, pick
from .fabric import Fabric
from .garment import Garment, add_trunk, mark_seams
from .lower import add_trousers
from .pose import Pose
from .rings import Rings
from .upper import NECK, SLEEVES, add_sleeves, decorate, top_rings
from .view import View

WAIST = 3


def _dress_rings(rng, body, view, sleeves, coat) -> Rings:
    ease = rng.uniform(0.015, 0.04) if coat else rng.uniform(0.004, 0.03)
    y, a, b, neck = top_rings(rng, body, view, sleeves, ease)
    waist_y = rng.uniform(0.28, 0.38)
    end = rng.uniform(*pick(rng, {(0.68, 0.85): 4, (0.85, 1.05): 3,
                                  (1.05, 1.32): 2}))  # fmt: skip
    flare = pick(rng, {-0.02: 2, 0.02: 3, 0.09: 4, 0.18: 2, 0.3: 1})
    low = np.array([waist_y, 0.5, 0.5 * (0.5 + end), end])
    wide = np.maximum(body.half_width(low), 0.15 * body.girth) + 0.5 * ease
    wide += flare * np.array([0, 0.15, 0.6, 1]) * min(1.0, end / 0.9)
    wide[0] = body.half_width(waist_y) + rng.uniform(0.004, 0.5 * ease + 0.01)
    return Rings(
        np.concatenate([y, low]),
        np.concatenate([a, wide]),
        np.concatenate([b, 0.72 * wide]),
        tilt=pick(rng, {0.0: 6, 1.0: 2}) * rng.uniform(-0.1, 0.1),
        curve=pick(rng, {0.0: 5, 0.03: 2, 0.1: 1, -0.06: 1}),
        **neck,
    )


def _suit_rings(rng, body, view, sleeves) -> Rings:
    ease = rng.uniform(0.004, 0.04)
    y, a, b, neck = top_rings(rng, body, view, sleeves, ease)
    low = np.array([rng.uniform(0.31, 0.38), 0.47, 0.54, 0.6])
    wide = body.half_width(low) + 0.012
    wide[-1] *= 0.88
    return Rings(
        np.concatenate([y, low]),
        np.concatenate([a, wide]),
        np.concatenate([b, 0.72 * wide]),
        curve=0.02,
        **neck,
    )


def build_full(
    rng: np.random.Generator,
    body: Body,
    pose: Pose,
    view: View,
    fabric: Fabric,
    kind: str = 'garment',
) -> Garment:
    """A dress (most often), a jumpsuit or a coat."""
    style = pick(rng, dict(dress=62, suit=20, coat=18))
    sleeves = 'long' if style == 'coat' else pick(rng, SLEEVES)
    garment, gap = Garment(), None
    if style == 'suit':
        rings = _suit_rings(rng, body, view, sleeves)
        add_trousers(rng, garment, body, pose, view, fabric, kind)
    else:
        rings = _dress_rings(rng, body, view, sleeves, style == 'coat')
    if style == 'coat' and not view.back and chance(rng, 0.6):
        spread = rng.uniform(0.02, 0.06)
        gap = np.interp(rings.y, (0, 0.3, 1.0), (0.05, spread, spread * 1.4))
    trunk = add_trunk(garment, rings, fabric, view, kind, gap)
    mark_seams(garment, trunk, NECK, 'collar', view)
    mark_seams(garment, trunk, WAIST, 'waistline', view)
    if style != 'suit':
        mark_seams(garment, trunk, -1, 'hem', view)
    add_sleeves(rng, garment, trunk, sleeves, pose, view, fabric, kind)
    if gap is None:
        _decorate(rng, garment, rings, style, view, fabric)
    return garment


def _decorate(rng, garment, rings, style, view, fabric):
    decorate(rng, garment, rings, view, fabric)
    if chance(rng, 0.6):
        belt = fabric.darker(rng.uniform(0.3, 0.9))
        width = rng.uniform(0.01, 0.045)
        trims.band(garment, rings, WAIST, view, belt, width)
    if style == 'dress' and chance(rng, 0.35):
        trims.pleats(rng, garment, rings, view, fabric, WAIST)
    if style == 'dress' and chance(rng, 0.3):
        trims.hem_seam(garment, rings, view, fabric.darker(0.7).bgr)
