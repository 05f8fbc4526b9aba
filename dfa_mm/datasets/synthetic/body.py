"""The wearer: build, skin, hair, head, limbs and shoes."""

from dataclasses import dataclass

import numpy as np

from .chance import chance, color, pick, tint
from .curves import closed, ellipse, ribbon, smooth
from .fabric import Fabric, flat
from .layer import Layer
from .pose import HEAD_TOP, SIDES, Pose
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


def _skin(body: Body, contour, shade: float = 1.0) -> Layer:
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
    return [_skin(body, shape), _skin(body, band, 0.93)]


def limb_line(points: np.ndarray, view: View) -> np.ndarray:
    """The smooth middle of an arm or a leg in the plane, (13, 2)."""
    return smooth(view.project(points))


def arm(body: Body, pose: Pose, side: int, view: View) -> list:
    points = pose.arms[side]
    middle = limb_line(points, view)
    half = body.girth * np.interp(
        np.arange(len(middle)), (0, 6, 12), (0.05, 0.041, 0.028)
    )
    hand_end = points[2] + 0.3 * (points[2] - points[1])
    ends = view.project(np.stack([points[2], hand_end]))
    hand = ellipse(
        ends.mean(0),
        (0.5 * np.linalg.norm(ends[1] - ends[0]) + 0.03, 0.036),
        np.arctan2(*(ends[1] - ends[0])[::-1]),
    )
    return [
        _skin(body, ribbon(middle, half, 0.03, 0.01)),
        _skin(body, hand, 0.97),
    ]


def leg(body: Body, pose: Pose, side: int, view: View) -> list:
    points = pose.legs[side]
    middle = limb_line(points, view)
    half = body.girth * np.interp(
        np.arange(len(middle)), (0, 6, 9, 12), (0.088, 0.057, 0.055, 0.036)
    )
    return [_skin(body, ribbon(middle, half, 0.05, 0.02))]


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


def _head_center(view: View) -> np.ndarray:
    return np.array([0.035 * np.sin(view.yaw), HEAD_TOP + 0.12])


def head(body: Body, view: View) -> list:
    center = _head_center(view)
    face = _skin(body, view.flat(ellipse(center, (0.082, 0.115))))
    if view.back:
        return [face, _hair(body, view.flat(_skull(center, view, 0.0)))]
    layers = [face]
    turn = np.sin(view.yaw)
    for side in SIDES:
        if abs(view.yaw) > 0.9 and side * turn < 0:
            continue
        eye = center + (0.055 * turn + side * 0.03 * np.cos(view.yaw), -0.01)
        layers.append(_dot(view, eye, (0.012, 0.007), (40, 40, 40)))
    mouth = center + (0.06 * turn, 0.06)
    layers.append(_dot(view, mouth, (0.022, 0.007), tint(body.skin, 0.6)))
    return [*layers, _hair(body, view.flat(_skull(center, view, 0.075)))]


def _dot(view, center, radii, bgr):
    return Layer([view.flat(ellipse(center, radii, 0, 8))], flat(bgr), 'skin')


def _skull(center, view: View, brow: float) -> np.ndarray:
    """The hair on the head; ``brow`` above the middle of the face."""
    low = 0.02 if not brow else -brow
    shift = -0.03 * np.sin(view.yaw)
    points = np.array(
        [
            [-0.092, 0.03], [-0.09, -0.07], [-0.05, -0.125], [0, -0.138],
            [0.05, -0.125], [0.09, -0.07], [0.092, 0.03], [0.075, low + 0.02],
            [0, low + (0.09 if not brow else 0)], [-0.075, low + 0.02],
        ]
    )  # fmt: skip
    return closed(points + center + (shift, 0))


def _hair(body: Body, contour) -> Layer:
    fabric = Fabric(body.hair, folds=0.5, fold_index=3, edge=0.2)
    return Layer([contour], fabric, 'hair')


def hair_fall(body: Body, view: View) -> list:
    """Long hair behind the head, down to ``hair_length``."""
    end = max(body.hair_length, -0.12)
    center = _head_center(view) - (0.045 * np.sin(view.yaw), 0)
    wide = 0.10 + 0.12 * max(end, 0)
    points = np.array(
        [
            [-0.095, -0.05], [-0.105, 0.08], [-wide, end - center[1]],
            [0, end + 0.04 - center[1]], [wide, end - center[1]],
            [0.105, 0.08], [0.095, -0.05], [0, -0.13],
        ]
    )  # fmt: skip
    return [_hair(body, view.flat(closed(points + center)))]


def hair_strands(rng, body: Body, view: View) -> list:
    """Long hair over one or both shoulders, in front of the clothes."""
    layers = []
    for side in SIDES:
        if chance(rng, 0.2):
            continue
        root = _head_center(view) + (side * 0.085, -0.03)
        root = root - (0.035 * np.sin(view.yaw), 0)
        out = side * rng.uniform(0.07, 0.115)
        end = body.hair_length + rng.uniform(-0.02, 0.05)
        middle = smooth(
            [root, [side * 0.092, -0.06], [out, 0.06], [out * 0.95, end + 0.1]]
        )
        half = np.interp(
            np.linspace(0, 1, len(middle)),
            (0, 0.5, 1),
            (0.025, rng.uniform(0.035, 0.055), 0.018),
        )
        layers.append(_hair(body, ribbon(view.flat(middle), half, 0.01, 0.02)))
    return layers
