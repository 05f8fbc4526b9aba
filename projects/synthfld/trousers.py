"""Trouser legs and the cloth round the hips that joins them."""

import numpy as np

from .body import limb_line
from .curves import cut, normals, ribbon
from .fabric import Fabric
from .garment import Garment, trim
from .layer import Layer
from .pose import SIDES, Pose
from .rings import Rings
from .view import View


def add_legs(
    garment: Garment,
    pose: Pose,
    view: View,
    fabric: Fabric,
    kind: str,
    span,
    half,
) -> None:
    """Both trouser legs, the far one first.

    ``span`` are the shares of thigh and shin they cover, ``half`` the half
    widths at hip, knee and cuff.
    """
    depth = {s: view.turn(pose.legs[s])[1:, 2].mean() for s in SIDES}
    for side in sorted(SIDES, key=depth.get):
        middle = _middle(pose.legs[side], view, span)
        widths = _widths(middle, span, half)
        _add_leg(garment, side, middle, widths, view, fabric, kind)


def _middle(leg, view, span):
    at = 0 if span[1] <= 0 else 1
    return cut(limb_line(leg, view), 2, at, span[at])


def _widths(middle, span, half):
    share = np.linspace(0, 1, len(middle))
    if span[1] <= 0:
        return np.interp(share, (0, 1), (half[0], half[2]))
    knee = 1 / (1 + span[1])
    return np.interp(share, (0, knee, 1), half)


def _add_leg(garment, side, middle, widths, view, fabric, kind):
    bulge = view.pitch * widths[-1]
    place = dict(origin=tuple(middle[0]), angle=_lean(middle))
    inside = Layer(
        [ribbon(middle, widths * 0.98, 0.08, 0)],
        fabric.darker(0.6),
        kind,
        **place,
    )
    layer = Layer(
        [ribbon(middle, widths, 0.08, bulge)],
        fabric.darker(0.9 if view.is_far(side) else 1.0),
        kind,
        **place,
    )
    crease = trim([middle[2:-1]], fabric.darker(0.88).bgr, 0.005)
    garment.front += [inside, layer, crease]
    point = _outer_corner(middle, widths[-1], side, view)
    garment.mark(side, 'hem', point, inside if view.is_far(side) else layer)


def _lean(middle):
    along = middle[-1] - middle[0]
    return float(np.arctan2(-along[0], along[1]))


def _outer_corner(middle, half, side, view):
    """The outer seam of the cuff; behind the leg on the far side."""
    out = normals(middle)[-1]
    out = out if out[0] * side > 0 else -out
    if view.is_frontal:
        return middle[-1] + half * out
    along = middle[-1] - middle[-2]
    along = along / (np.linalg.norm(along) + 1e-9)
    depth = -side * np.sin(view.yaw) * half
    return middle[-1] + half * np.cos(view.yaw) * out + (
        view.pitch * depth - 0.004 * (depth < 0)
    ) * along  # fmt: skip


def seat_rings(waist_y: float, waist_a: float, hip_a: float) -> Rings:
    """The cloth from the waistband to the crotch."""
    y = np.array([waist_y, 0.5 * (waist_y + 0.53), 0.53, 0.60])
    a = np.array([waist_a, 0.45 * waist_a + 0.55 * hip_a, hip_a, 0.9 * hip_a])
    return Rings(y, a, 0.7 * a, curve=0.02)
