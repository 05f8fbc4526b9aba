"""Trimmings: drawn on the cloth, they hide none of its landmarks."""

import numpy as np

from .chance import chance, color, pick
from .curves import ellipse
from .fabric import Fabric
from .garment import Garment, trim
from .layer import Layer
from .rings import Rings, lines, ring_points, seam
from .view import View


def _shape(contour, fabric: Fabric) -> Layer:
    return Layer([contour], fabric, 'trim', False)


def _front_line(rings, view):
    return lines(rings, view, 0.0)


def buttons(rng, garment: Garment, rings: Rings, view: View, fabric) -> None:
    """A button band or a zip down the front."""
    line = _front_line(rings, view)
    dark = fabric.darker(0.65).bgr
    garment.front.append(trim([line], dark, rng.uniform(0.004, 0.012)))
    if chance(rng, 0.7):
        radius, ink = rng.uniform(0.006, 0.014), color(rng)
        for point in line[3 :: int(rng.integers(3, 6))]:
            dot = ellipse(point, (radius, radius), 0, 8)
            garment.front.append(_shape(dot, Fabric(ink)))


def collar(rng, garment: Garment, rings: Rings, view: View, fabric) -> None:
    """Two flaps from the shoulders' collar points to the neckline."""
    deep = rng.uniform(0.06, 0.16)
    light = fabric.darker(pick(rng, {0.8: 1, 0.9: 1, 1.12: 1}))
    front = ring_points(rings, 0, 0.0, view)
    for side in (-1, 1):
        if view.is_far(side):
            continue
        top = seam(rings, 0, side, view)
        bottom = view.flat(front)[0]
        out = top + (side * 0.025, 0.3 * deep)
        tip = 0.45 * top + 0.55 * bottom + (side * 0.035, deep)
        flap = np.array([top, out, tip, bottom])
        garment.front.append(_shape(flap, light))
        rim = fabric.darker(0.6).bgr
        garment.front.append(trim([flap], rim, 0.004))


def neck_band(garment: Garment, rings: Rings, view: View, fabric) -> None:
    angles = np.linspace(-1.4, 1.4, 13)
    if not view.is_frontal:
        angles = np.linspace(-1.2, 1.2, 13) - view.yaw * 0.3
    line = ring_points(rings, 0, angles, view) + (0, 0.012)
    dark = fabric.darker(0.72).bgr
    garment.front.append(trim([view.flat(line)], dark, 0.008))


def logo(rng, garment: Garment, view: View) -> None:
    """A print on the chest."""
    center = (
        0.09 * np.sin(view.yaw) + rng.uniform(-0.05, 0.05),
        rng.uniform(0.14, 0.28),
    )
    wide = rng.uniform(0.015, 0.09) * max(0.35, np.cos(view.yaw))
    high = rng.uniform(0.015, 0.08)
    corners = int(rng.integers(3, 9))
    shape = ellipse(center, (wide, high), rng.uniform(0, 1), corners)
    garment.front.append(_shape(view.flat(shape), Fabric(color(rng))))


def pockets(rng, garment: Garment, y: float, view: View, fabric) -> None:
    dark = fabric.darker(0.7).bgr
    slant = rng.uniform(-0.03, 0.05)
    for side in (-1, 1):
        if view.is_far(side):
            continue
        x = side * rng.uniform(0.06, 0.1) + 0.04 * np.sin(view.yaw)
        line = np.array([[x, y], [x + side * 0.05, y + slant]])
        garment.front.append(trim([view.flat(line)], dark, 0.006))


def band(garment: Garment, rings: Rings, index: int, view, fabric, width):
    """A strip below one ring: a waistband or a belt."""
    turned = np.arctan2(
        rings.b[index] * np.sin(view.yaw), rings.a[index] * np.cos(view.yaw)
    )
    angles = np.linspace(-np.pi / 2, np.pi / 2, 13) - turned
    line = ring_points(rings, index, angles, view)
    strip = np.concatenate([line, line[::-1] + (0, width)])
    garment.front.append(_shape(view.flat(strip), fabric))


def pleats(rng, garment: Garment, rings: Rings, view: View, fabric, first):
    """Dark lines from ring ``first`` down to the hem."""
    dark = fabric.darker(0.8).bgr
    for angle in np.linspace(-1.2, 1.2, int(rng.integers(3, 9))):
        line = lines(rings, view, angle - 0.7 * view.yaw, first)
        garment.front.append(trim([line], dark, 0.005))


def hem_seam(garment: Garment, rings: Rings, view: View, bgr) -> None:
    """A fine line a little above the hem."""
    angles = np.linspace(-1.4, 1.4, 13)
    turned = np.arctan2(
        rings.b[-1] * np.sin(view.yaw), rings.a[-1] * np.cos(view.yaw)
    )
    line = ring_points(rings, len(rings.y) - 1, angles - turned, view)
    garment.front.append(trim([view.flat(line - (0, 0.022))], bgr, 0.004))
