"""A body's pose: arms and legs drawn from tables of named poses."""

from dataclasses import dataclass
from typing import Dict

import numpy as np

from .chance import pick
from .view import View

LEFT, RIGHT = -1, 1
SIDES = (LEFT, RIGHT)

UPPER_ARM, LOWER_ARM = 0.29, 0.26
UPPER_LEG, LOWER_LEG = 0.42, 0.42
SHOULDER = (0.172, 0.05)
HIP = (0.085, 0.52)
HEAD_TOP = -0.30

# Degrees: outwards and forwards of the upper limb, then of the lower limb.
ARMS = dict(
    down=((4, 20), (-12, 12), (-8, 10), (0, 25)),
    pocket=((16, 28), (-10, 5), (-28, -10), (0, 20)),
    hip=((36, 56), (-25, 0), (-74, -52), (5, 30)),
    across=((4, 25), (0, 20), (-125, -60), (20, 45)),
    forward=((5, 22), (10, 30), (-20, 25), (45, 75)),
    behind=((14, 30), (-30, -15), (-70, -40), (-40, -20)),
    out=((50, 95), (-10, 15), (30, 110), (-10, 25)),
    raised=((110, 165), (-5, 15), (130, 205), (0, 20)),
    head=((95, 130), (-5, 15), (-175, -135), (0, 20)),
)
LEGS = dict(
    stand=((1, 6), (-3, 3), (0, 5), (-4, 2)),
    wide=((8, 17), (-3, 3), (4, 14), (-5, 0)),
    close=((-4, 1), (-4, 4), (-2, 5), (-6, 0)),
    step=((1, 6), (12, 28), (0, 5), (-5, 12)),
    back=((1, 6), (-22, -10), (0, 5), (-45, -20)),
    lifted=((2, 20), (35, 65), (-5, 10), (-50, -10)),
)

ARM_WEIGHTS = dict(
    normal=dict(
        down=42, pocket=12, hip=15, across=12, forward=4, behind=7, head=3,
        raised=2, out=3,
    ),
    medium=dict(
        down=25, pocket=10, hip=18, across=16, forward=9, behind=7, head=6,
        raised=4, out=5,
    ),
    large=dict(
        down=12, pocket=8, hip=17, across=17, forward=12, behind=5, head=10,
        raised=10, out=9,
    ),
)  # fmt: skip
LEG_WEIGHTS = dict(
    normal=dict(stand=60, wide=15, close=20, step=5),
    medium=dict(stand=30, wide=15, close=15, step=22, back=15, lifted=3),
    large=dict(stand=12, wide=18, close=10, step=22, back=20, lifted=18),
)


@dataclass(frozen=True)
class Pose:
    """Arms and legs by side of the picture, each (3, 3) in body space."""

    arms: Dict[int, np.ndarray]
    legs: Dict[int, np.ndarray]

    def arm_in_front(self, side: int, view: View) -> bool:
        """Whether elbow and wrist are nearer than the shoulder."""
        depth = view.turn(self.arms[side])[:, 2]
        return bool(depth[1:].mean() > -0.01)


def _direction(side: int, out: float, forward: float) -> np.ndarray:
    out, forward = np.deg2rad(out), np.deg2rad(forward)
    flat = np.cos(forward)
    return np.array(
        [side * np.sin(out) * flat, np.cos(out) * flat, np.sin(forward)]
    )


def _limb(rng, start, lengths, ranges, side, facing):
    upper_out, upper_fwd, lower_out, lower_fwd = (
        rng.uniform(*r) for r in ranges
    )
    upper = lengths[0] * _direction(side, upper_out, facing * upper_fwd)
    lower = lengths[1] * _direction(side, lower_out, facing * lower_fwd)
    return np.cumsum([start, upper, lower], axis=0)


def sample_pose(rng: np.random.Generator, strength: str, view: View) -> Pose:
    """``strength`` is one of ``normal``, ``medium`` and ``large``."""
    facing = -1 if view.back else 1
    arms, legs = {}, {}
    alike = pick(rng, ARM_WEIGHTS[strength]) if rng.random() < 0.5 else None
    for side in SIDES:
        kind = alike or pick(rng, ARM_WEIGHTS[strength])
        start = np.array([side * SHOULDER[0], SHOULDER[1], 0.0])
        arms[side] = _limb(
            rng, start, (UPPER_ARM, LOWER_ARM), ARMS[kind], side, facing
        )
        kind = pick(rng, LEG_WEIGHTS[strength])
        start = np.array([side * HIP[0], HIP[1], 0.0])
        legs[side] = _limb(
            rng, start, (UPPER_LEG, LOWER_LEG), LEGS[kind], side, facing
        )
    return Pose(arms, legs)


def flat_pose(rng: np.random.Generator) -> Pose:
    """Clothes laid flat: straight limbs, nearly alike on both sides."""
    arms, legs = {}, {}
    out, bent = rng.uniform(10, 75), rng.uniform(-10, 6)
    apart = rng.uniform(1, 10)
    for side in SIDES:
        near = rng.uniform(-4, 4, 4)
        start = np.array([side * SHOULDER[0], SHOULDER[1], 0.0])
        first = UPPER_ARM * _direction(side, out + near[0], 0)
        then = LOWER_ARM * _direction(side, out + bent + near[1], 0)
        arms[side] = np.cumsum([start, first, then], axis=0)
        start = np.array([side * HIP[0], HIP[1], 0.0])
        first = UPPER_LEG * _direction(side, apart + near[2] / 2, 0)
        then = LOWER_LEG * _direction(side, apart + near[3] / 2, 0)
        legs[side] = np.cumsum([start, first, then], axis=0)
    return Pose(arms, legs)


def joints(pose: Pose, view: View) -> np.ndarray:
    """LSP's 14 joints in the plane, (14, 2).

    Right ankle, knee, hip, left hip, knee, ankle, right wrist, elbow,
    shoulder, left shoulder, elbow, wrist, neck, head top; right and left
    are the wearer's.
    """
    right, left = (RIGHT, LEFT) if view.back else (LEFT, RIGHT)
    space = np.vstack(
        [
            pose.legs[right][::-1],
            pose.legs[left],
            pose.arms[right][::-1],
            pose.arms[left],
            [[0, 0, 0], [0, HEAD_TOP, 0]],
        ]
    )
    return view.project(space)
