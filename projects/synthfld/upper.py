"""Upper-body clothes: tops, shirts, jumpers, jackets."""

import numpy as np

from . import trims
from .body import Body
from .chance import chance, pick
from .fabric import Fabric
from .garment import Garment, add_sleeve, add_trunk, mark_seams
from .pose import SHOULDER, SIDES, Pose
from .rings import Rings
from .view import View

NECK, TIP, UNDERARM = 0, 1, 2
SLEEVES = dict(none=18, cap=8, short=26, elbow=10, long=38)
_SPANS = dict(
    cap=((0.28, 0.42), (0, 0)),
    short=((0.45, 0.85), (0, 0)),
    elbow=((1, 1), (0.0, 0.55)),
    long=((1, 1), (0.72, 1.0)),
)


def sleeve_span(rng, kind: str):
    """Shares of the upper and lower arm that a sleeve covers."""
    return tuple(rng.uniform(*r) for r in _SPANS[kind])


def shoulder_y(half_width: float) -> float:
    """Height of the shoulder line at this distance from the middle."""
    return float(np.interp(half_width, (0.05, SHOULDER[0]), (-0.02, 0.035)))


def top_rings(rng, body: Body, view: View, sleeves: str, ease: float):
    """The first three rings (y, a, b) and the neckline's shape."""
    neck_a = rng.uniform(0.068, 0.092)
    kind = pick(rng, dict(round=5, v=4, square=1))
    drop = rng.uniform(0.03, 0.16)
    if sleeves == 'none' and chance(rng, 0.4):
        neck_a, drop = rng.uniform(0.1, 0.125), rng.uniform(0.01, 0.07)
    if view.back:
        kind, drop = 'round', rng.uniform(0.005, 0.05)
    tip_a = SHOULDER[0] + rng.uniform(-0.012, 0.02) + 0.3 * ease
    if sleeves == 'none':
        tip_a = rng.uniform(max(neck_a + 0.035, 0.115), SHOULDER[0])
    under_y = rng.uniform(0.16, 0.2) + 1.2 * ease
    under_a = body.half_width(0.17) + ease
    y = [shoulder_y(neck_a), shoulder_y(tip_a), under_y]
    a = [neck_a, tip_a, under_a]
    b = [0.8 * neck_a, 0.075, body.half_depth(0.17) + ease]
    return y, a, b, dict(neck=kind, drop=drop)


def _hem(rng, body: Body, ease: float):
    """Rings below the arms for a top that ends at a drawn height."""
    length = pick(rng, {(0.3, 0.42): 2, (0.45, 0.6): 6, (0.6, 0.8): 2})
    end = rng.uniform(*length)
    flare = pick(rng, {0.0: 6, 0.05: 2, 0.12: 1, -0.02: 2})
    loose = rng.uniform(0, 1) * ease
    y = [h for h in (0.34, 0.47) if h < end - 0.05] + [end]
    below = np.clip((np.array(y) - 0.3) / 0.3, 0, 1.2)
    a = body.half_width(np.array(y)) + loose + 0.006 + flare * below
    return y, a.tolist(), (0.72 * a).tolist()


def build_upper(
    rng: np.random.Generator,
    body: Body,
    pose: Pose,
    view: View,
    fabric: Fabric,
    kind: str = 'garment',
    jacket: bool = False,
) -> Garment:
    """A top; a ``jacket`` is wide, long-sleeved and open in front."""
    sleeves = 'long' if jacket else pick(rng, SLEEVES)
    ease = rng.uniform(0.02, 0.045) if jacket else rng.uniform(0.004, 0.05)
    y, a, b, neck = top_rings(rng, body, view, sleeves, ease)
    low_y, low_a, low_b = _hem(rng, body, ease)
    rings = Rings(
        np.array(y + low_y),
        np.array(a + low_a),
        np.array(b + low_b),
        tilt=pick(rng, {0.0: 6, 1.0: 2}) * rng.uniform(-0.07, 0.07),
        curve=pick(rng, {0.0: 5, 0.04: 2, -0.035: 1, 0.08: 1}),
        **neck,
    )
    garment = Garment()
    gap = None
    if jacket and not view.back:
        spread = rng.uniform(0.05, 0.11)
        gap = np.interp(rings.y, (0, 0.2, 0.5), (0.07, spread, spread + 0.02))
    trunk = add_trunk(garment, rings, fabric, view, kind, gap)
    mark_seams(garment, trunk, NECK, 'collar', view)
    mark_seams(garment, trunk, -1, 'hem', view)
    add_sleeves(rng, garment, trunk, sleeves, pose, view, fabric, kind)
    if gap is None:
        decorate(rng, garment, rings, view, fabric)
    if chance(rng, 0.3):
        trims.hem_seam(garment, rings, view, fabric.darker(0.7).bgr)
    elif chance(rng, 0.25):
        ribbing = fabric.darker(rng.uniform(0.5, 1.2))
        trims.band(
            garment, rings, -1, view, ribbing, rng.uniform(-0.06, -0.02)
        )
    return garment


def add_sleeves(rng, garment, trunk, sleeves, pose, view, fabric, kind):
    if sleeves == 'none':
        mark_seams(garment, trunk, TIP, 'sleeve', view)
        return
    span = sleeve_span(rng, sleeves)
    armhole = rng.uniform(0.066, 0.085) + 0.4 * (
        trunk.rings.a[UNDERARM] - 0.15
    )
    cuff = {'long': (0.036, 0.062), 'elbow': (0.05, 0.085)}.get(
        sleeves, (0.06, 0.09)
    )
    half = (armhole, rng.uniform(*cuff))
    if chance(rng, 0.12):
        half = (armhole, half[1] + rng.uniform(0.03, 0.1))
    uneven = chance(rng, 0.1)
    for side in SIDES:
        share = rng.uniform(0.6, 1) if uneven else 1.0
        cuffed = (span[0], span[1] * share)
        add_sleeve(garment, side, pose, view, fabric, kind, cuffed, half)


def decorate(rng, garment, rings, view, fabric):
    """Buttons, a collar, a print on a closed front."""
    if view.back:
        trims.neck_band(garment, rings, view, fabric)
        return
    if chance(rng, 0.35):
        trims.buttons(rng, garment, rings, view, fabric)
    elif chance(rng, 0.35):
        trims.logo(rng, garment, view)
    if chance(rng, 0.35):
        trims.collar(rng, garment, rings, view, fabric)
    elif chance(rng, 0.6):
        trims.neck_band(garment, rings, view, fabric)
