"""The wearer's head and hair."""

import numpy as np

from .body import Body, skin_layer
from .chance import chance, tint
from .curves import closed, ellipse, ribbon, smooth
from .fabric import Fabric, flat
from .layer import Layer
from .pose import HEAD_TOP, SIDES
from .view import View


def _head_center(view: View) -> np.ndarray:
    return np.array([0.035 * np.sin(view.yaw), HEAD_TOP + 0.12])


def head(body: Body, view: View) -> list:
    center = _head_center(view)
    face = skin_layer(body, view.flat(ellipse(center, (0.082, 0.115))))
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
        x = np.array([0.085, 0.092, 0, 0, 0]) + [
            0, 0, *rng.uniform(0.065, 0.12, 3),
        ]  # fmt: skip
        low = body.hair_length + rng.uniform(-0.03, 0.06)
        y = np.array([-0.21, -0.08, 0.05, 0.5 * low + 0.07, low + 0.1])
        root = -0.035 * np.sin(view.yaw)
        middle = smooth(np.stack([side * x + root, y], axis=1))
        half = np.interp(
            np.linspace(0, 1, len(middle)),
            (0, 0.6, 0.85, 1),
            (0.025, rng.uniform(0.035, 0.06), 0.03, 0.006),
        )
        layers.append(_hair(body, ribbon(view.flat(middle), half, 0.01)))
    return layers
