"""Things that stand in front of the clothes."""

import numpy as np

from .chance import chance, color, pick
from .curves import closed, ellipse, ribbon, rotate, smooth
from .fabric import Fabric, cloth, flat
from .garment import Garment
from .layer import Layer
from .view import View


def _layer(contour, fabric) -> Layer:
    return Layer([contour], fabric, 'occluder')


def _matter(rng) -> Fabric:
    return Fabric(color(rng), folds=rng.uniform(0.05, 0.4), edge=0.3)


def _near_mark(rng, garment: Garment) -> np.ndarray:
    """A point close to a landmark, (2,)."""
    names = sorted(garment.marks)
    point = garment.marks[names[int(rng.integers(len(names)))]].point
    return point + rng.normal(0, 0.035, 2)


def bag(rng, garment: Garment) -> list:
    """A bag with a handle, hanging near a landmark."""
    center = _near_mark(rng, garment)
    wide, high = rng.uniform(0.08, 0.17), rng.uniform(0.07, 0.15)
    top, taper = -high, rng.uniform(0.75, 1.0)
    corners = np.array(
        [
            [-wide * taper, top],
            [wide * taper, top],
            [wide, high],
            [-wide, high],
        ]
    )
    matter = _matter(rng)
    arch = smooth(
        [
            [-0.6 * wide, top],
            [-0.4 * wide, top - rng.uniform(0.05, 0.25)],
            [0.4 * wide, top - rng.uniform(0.05, 0.25)],
            [0.6 * wide, top],
        ]
    )
    handle = ribbon(arch + center, np.full(len(arch), 0.011))
    body = rotate(corners, rng.normal(0, 0.15)) + center
    flap = Layer(
        [body[[0, 1]] + (0, 0.4 * high)], matter.darker(0.6), 'trim', False,
        stroke=0.006,
    )  # fmt: skip
    return [_layer(handle, matter.darker(0.7)), _layer(body, matter), flap]


def card(rng, garment: Garment) -> list:
    """A box, a sign, a telephone, a price tag."""
    center = _near_mark(rng, garment)
    half = rng.uniform(0.03, 0.14, 2)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * half
    turned = rotate(corners, rng.normal(0, 0.3)) + center
    matter = cloth(rng) if chance(rng, 0.3) else _matter(rng)
    return [_layer(turned, matter)]


def plant(rng, garment: Garment) -> list:
    """A few leaves or petals growing over a landmark."""
    center = _near_mark(rng, garment)
    ink = color(rng, (0.3, 0.9), (0.2, 0.8))
    layers = []
    for angle in rng.uniform(0, 2 * np.pi, int(rng.integers(3, 7))):
        length = rng.uniform(0.06, 0.16)
        middle = center + 0.8 * length * np.array(
            [np.cos(angle), np.sin(angle)]
        )
        shape = ellipse(middle, (length, 0.3 * length), angle, 12)
        layers.append(_layer(shape, flat(ink)))
    return layers


def blob(rng, garment: Garment) -> list:
    """Another person's shoulder, a cushion, a stone."""
    center = _near_mark(rng, garment)
    count = int(rng.integers(5, 9))
    radii = rng.uniform(0.06, 0.17) * rng.uniform(0.7, 1.3, count)
    angles = np.arange(count) * 2 * np.pi / count
    points = np.stack([np.cos(angles), np.sin(angles)], 1) * radii[:, None]
    return [_layer(closed(points + center), _matter(rng))]


def scarf(rng, view: View) -> list:
    """A loop round the neck with one end hanging."""
    fabric = cloth(rng)
    wide = rng.uniform(0.085, 0.12)
    loop = view.flat(ellipse((0, -0.005), (wide, rng.uniform(0.05, 0.08))))
    x = rng.uniform(-0.06, 0.06)
    line = smooth([[x, 0], [1.2 * x, 0.15], [1.3 * x, rng.uniform(0.2, 0.45)]])
    end = ribbon(view.flat(line), np.full(len(line), 0.04))
    return [_layer(end, fabric.darker(0.9)), _layer(loop, fabric)]


_THINGS = {bag: 4, card: 3, plant: 1.5, blob: 1.5}


def things(rng: np.random.Generator, garment: Garment) -> list:
    return pick(rng, _THINGS)(rng, garment)
