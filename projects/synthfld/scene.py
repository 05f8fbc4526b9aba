"""Who wears what, and how."""

from dataclasses import dataclass
from typing import List, Optional

import numpy as np

from . import occluders
from .body import sample_body
from .chance import chance, color, pick
from .curves import ribbon, smooth
from .fabric import cloth, flat
from .framing import LARGE_POSE, MEDIUM_POSE, NORMAL
from .full import build_full
from .garment import Garment
from .layer import Layer
from .lower import build_lower
from .pose import SIDES, flat_pose, joints, sample_pose
from .upper import build_upper
from .view import View
from .worn import painting_order

UPPER, LOWER, FULL = 1, 2, 3
_BUILD = {UPPER: build_upper, LOWER: build_lower, FULL: build_full}


@dataclass
class Scene:
    """Everything in front of the background, in the plane.

    ``joints`` (14, 2) is None where nobody wears the garment.
    """

    garment: Garment
    layers: List[Layer]
    joints: Optional[np.ndarray]


def _sample_view(rng, strength: str) -> View:
    """Pose subsets are seen from the side, from behind, or bend strongly."""
    back = chance(rng, dict(normal=0.0, medium=0.35, large=0.3)[strength])
    turn = dict(normal=(0, 12), medium=(20, 40), large=(35, 72))[strength]
    if (
        back
        and strength == 'medium'
        or strength == 'large'
        and chance(rng, 0.45)
    ):
        turn = (0, 22)
    twist = dict(normal=0.03, medium=0.08, large=0.17)[strength]
    wobble = dict(normal=0.006, medium=0.010, large=0.016)[strength]
    return View(
        yaw=np.deg2rad(rng.uniform(*turn)) * pick(rng, {-1: 1, 1: 1}),
        back=back,
        pitch=rng.uniform(0.1, 0.3),
        bend=rng.normal(0, twist),
        sway=rng.normal(0, twist),
        wobble=rng.uniform(0, wobble),
        phase=rng.uniform(0, 6.28),
    )


def _strength(rng, variation_type: int) -> str:
    known = {NORMAL: 'normal', MEDIUM_POSE: 'medium', LARGE_POSE: 'large'}
    anything = dict(normal=5, medium=3, large=2)
    return known.get(variation_type) or pick(rng, anything)


def build_scene(
    rng: np.random.Generator, clothes_type: int, variation_type: int
) -> Scene:
    strength = _strength(rng, variation_type)
    body = sample_body(rng)
    if strength != 'large' and chance(rng, 0.16):
        return _laid_flat(rng, body, clothes_type, strength)
    view = _sample_view(rng, strength)
    pose = sample_pose(rng, strength, view)
    return _worn(rng, body, pose, view, clothes_type)


def _laid_flat(rng, body, clothes_type, strength) -> Scene:
    """On a table or a hanger, with nobody inside."""
    bend = 0.02 if strength == 'normal' else 0.12
    view = View(
        pitch=rng.uniform(0.02, 0.1),
        bend=rng.normal(0, bend),
        sway=rng.normal(0, bend),
        wobble=rng.uniform(0, 0.012),
        phase=rng.uniform(0, 6.28),
    )
    pose = flat_pose(rng)
    garment = _BUILD[clothes_type](rng, body, pose, view, cloth(rng))
    sleeves = [layer for s in SIDES for layer in garment.sleeves[s]]
    inner = [sleeves, garment.front] if chance(rng, 0.5) else [
        garment.front, sleeves,
    ]  # fmt: skip
    hanger = hanger_layers(rng, view) if chance(rng, 0.4) else []
    layers = [*garment.back, *hanger, *inner[0], *inner[1]]
    if chance(rng, 0.2):
        layers += occluders.things(rng, garment)
    return Scene(garment, layers, None)


def hanger_layers(rng, view):
    """A clothes hanger: its bar and its hook."""
    bar = smooth([[-0.16, 0.05], [0, -0.03], [0.16, 0.05]])
    hook = smooth([[0, -0.03], [0, -0.09], [0.03, -0.12], [0, -0.15]])
    paint = flat(color(rng, (0, 0.7), (0.1, 0.9)))
    return [
        Layer([ribbon(view.flat(x), np.full(len(x), width))], paint)
        for x, width in ((bar, 0.011), (hook, 0.006))
    ]


def _worn(rng, body, pose, view, clothes_type) -> Scene:
    garment = _BUILD[clothes_type](rng, body, pose, view, cloth(rng))
    wear = _outfit(rng, body, pose, view, clothes_type, garment)
    layers = painting_order(rng, body, pose, view, wear)
    count = pick(rng, {0: 68, 1: 26, 2: 6})
    for _ in range(count):
        layers += occluders.things(rng, garment)
    return Scene(garment, layers, joints(pose, view))


def _outfit(rng, body, pose, view, clothes_type, garment) -> List[Garment]:
    """The labelled garment and what is worn with it, innermost first."""

    def dress(build, **options):
        fabric = cloth(rng, plain=chance(rng, 0.4))
        return build(rng, body, pose, view, fabric, 'other', **options)

    wear = [garment]
    if clothes_type == LOWER:
        wear.insert(int(chance(rng, 0.28)), dress(build_upper))
    if clothes_type == UPPER:
        wear.insert(int(chance(rng, 0.17)), dress(build_lower))
    if clothes_type != LOWER and chance(rng, 0.08):
        wear.append(dress(build_upper, jacket=True))
    return wear
