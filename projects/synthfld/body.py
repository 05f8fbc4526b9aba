"""The wearer below the head: trunk, limbs and shoes."""

from dataclasses import dataclass

import numpy as np

from .chance import chance, color, pick, tint
from .curves import ellipse, ribbon, smooth
from .fabric import Fabric
from .layer import Layer
from .pose import Pose
from .rings import Rings, panel
from .view import View

# Half widths of the trunk by height, in metres.
_HEIGHTS = (0.05, 0.17, 0.34, 0.50, 0.62, 0.95, 1.4)
_WIDTHS = (0.172, 0.152, 0.126, 0.168, 0.175, 0.155, 0.14)
_SKINS = ((190, 215, 242), (150, 185, 226), (110, 150, 200), (60, 90, 140),
          (40, 58, 92))  # fmt: skip
_HAIRS = ((20, 20, 25), (25, 40, 65), (60, 110, 160), (120, 190, 225),
          (40, 60, 120), (150, 150, 155))  # fmt: skip


@dataclass(frozen=True)
class Body:
    """A wearer's look.

    Args:
        girth (float): Factor on all widths.
        waist (float): Factor on the waist.
        skin (tuple), hair (tuple): BGR colours.
        hair_length (float): Below the base of the neck, in metres;
            negative is short.
        shoes (tuple): BGR colour.
    """

    girth: float
    waist: float
    skin: tuple
    hair: tuple
    hair_length: float
    shoes: tuple

    def half_width(self, y):
        waist = 1 + (self.waist - 1) * np.exp(-(((y - 0.34) / 0.1) ** 2))
        return self.girth * waist * np.interp(y, _HEIGHTS, _WIDTHS)

    def half_depth(self, y):
        return 0.68 * self.half_width(y)


def sample_body(rng: np.random.Generator) -> Body:
    long = chance(rng, 0.36)
    return Body(
        girth=rng.uniform(0.88, 1.14),
        waist=rng.uniform(0.88, 1.2),
        skin=tint(pick(rng, dict.fromkeys(_SKINS, 1)), rng.uniform(0.9, 1.1)),
        hair=tint(pick(rng, dict.fromkeys(_HAIRS, 1)), rng.uniform(0.8, 1.2)),
        hair_length=rng.uniform(0.0, 0.30) if long else rng.uniform(-0.3, 0),
        shoes=color(rng, (0, 0.6), (0.05, 0.9)),
    )


def skin_layer(body: Body, contour, shade: float = 1.0) -> Layer:
    fabric = Fabric(tint(body.skin, shade), edge=0.35)
    return Layer([contour], fabric, 'skin')


def trunk(body: Body, view: View) -> list:
    """Neck and trunk."""
    y = np.array([-0.01, 0.05, 0.17, 0.34, 0.50, 0.60])
    a = body.half_width(y)
    a[0], a[1] = 0.058, 0.165 * body.girth
    b = body.half_depth(y)
    b[0], b[1] = 0.058, 0.08
    shape = panel(Rings(y, a, b), view)
    neck = smooth([[0, 0.06], [0, 0], [0, -0.1]])
    neck[:, 0] += 0.02 * np.sin(view.yaw) * np.linspace(0, 1, len(neck))
    band = ribbon(view.flat(neck), np.full(len(neck), 0.052))
    return [skin_layer(body, shape), skin_layer(body, band, 0.93)]


def limb_line(points: np.ndarray, view: View) -> np.ndarray:
    """The smooth middle of an arm or a leg in the plane, (13, 2)."""
    return smooth(view.project(points))


def _arm_band(body: Body, pose: Pose, side: int, view: View, part: slice):
    middle = limb_line(pose.arms[side], view)
    half = body.girth * np.interp(
        np.arange(len(middle)), (0, 6, 12), (0.05, 0.041, 0.028)
    )
    return skin_layer(body, ribbon(middle[part], half[part], 0.03, 0.01))


def shoulder(body: Body, pose: Pose, side: int, view: View) -> Layer:
    """The arm's root, which lies under sleeveless clothes."""
    return _arm_band(body, pose, side, view, slice(0, 5))


def arm(body: Body, pose: Pose, side: int, view: View) -> list:
    """The arm below its root, and the hand."""
    points = pose.arms[side]
    hand_end = points[2] + 0.3 * (points[2] - points[1])
    ends = view.project(np.stack([points[2], hand_end]))
    hand = ellipse(
        ends.mean(0),
        (0.5 * np.linalg.norm(ends[1] - ends[0]) + 0.03, 0.036),
        np.arctan2(*(ends[1] - ends[0])[::-1]),
    )
    return [
        _arm_band(body, pose, side, view, slice(2, None)),
        skin_layer(body, hand, 0.97),
    ]


def leg(body: Body, pose: Pose, side: int, view: View) -> list:
    points = pose.legs[side]
    middle = limb_line(points, view)
    half = body.girth * np.interp(
        np.arange(len(middle)), (0, 6, 9, 12), (0.088, 0.057, 0.055, 0.036)
    )
    return [skin_layer(body, ribbon(middle, half, 0.05, 0.02))]


def shoe(body: Body, pose: Pose, side: int, view: View) -> list:
    ankle = pose.legs[side][2]
    ahead = (-1 if view.back else 1) * 0.08
    toe = ankle + np.array([side * 0.03, 0.07, ahead])
    ends = view.project(np.stack([ankle + (0, 0.02, 0), toe]))
    center, along = ends.mean(0), ends[1] - ends[0]
    radii = (0.5 * np.linalg.norm(along) + 0.045, 0.045)
    shape = ellipse(center, radii, np.arctan2(along[1], along[0]))
    fabric = Fabric(body.shoes, edge=0.35)
    return [Layer([shape], fabric, 'other')]


def boot(body: Body, pose: Pose, side: int, view: View, share: float) -> list:
    """From the foot up over ``share`` of the lower leg."""
    middle = limb_line(pose.legs[side], view)
    part = middle[int(12 - 6 * share) :]
    half = np.linspace(0.075, 0.058, len(part))
    fabric = Fabric(body.shoes, folds=0.2, edge=0.35)
    shaft = Layer([ribbon(part, half, 0.01, 0.03)], fabric, 'occluder')
    foot = shoe(body, pose, side, view)[0]
    foot.kind = 'occluder'
    return [shaft, foot]
