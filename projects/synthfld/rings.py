"""Cloth round the trunk: a stack of elliptic rings, seen from any side.

A point of a ring has an angle: 0 in front, -90 degrees on the left of the
picture, 90 on the right, where the seams are. Turning the body moves the
outline to other angles while landmarks stay with the seams.
"""

from dataclasses import dataclass

import numpy as np

from .curves import smooth
from .view import View

QUARTER = np.pi / 2


@dataclass(frozen=True)
class Rings:
    """Rings from the neck or the waist down to the hem.

    Args:
        y (np.ndarray): Heights, (N,).
        a (np.ndarray): Half widths, (N,).
        b (np.ndarray): Half depths, (N,).
        neck (str): Shape of the first ring's front: ``round``, ``v``,
            ``square`` or ``level``.
        drop (float): How far its front hangs lower.
        tilt (float): How much lower the hem's right corner is than its
            middle, and the left higher.
        curve (float): How much lower the hem's front middle is.
    """

    y: np.ndarray
    a: np.ndarray
    b: np.ndarray
    neck: str = 'level'
    drop: float = 0.0
    tilt: float = 0.0
    curve: float = 0.0

    def reach(self, view: View) -> np.ndarray:
        """Half width of the outline at every ring, (N,)."""
        return np.hypot(self.a * np.cos(view.yaw), self.b * np.sin(view.yaw))


def _turned(ring_a, ring_b, view: View) -> float:
    """Angle of the ring's point nearest to the viewer, negated."""
    return np.arctan2(ring_b * np.sin(view.yaw), ring_a * np.cos(view.yaw))


def ring_points(rings: Rings, index: int, angle, view: View) -> np.ndarray:
    """Points (N, 2) of a ring at ``angle`` (N,), before the view bends."""
    angle = np.atleast_1d(np.asarray(angle, float))
    index %= len(rings.y)
    a, b = rings.a[index], rings.b[index]
    c, s = np.cos(view.yaw), np.sin(view.yaw)
    across, ahead = np.sin(angle), np.cos(angle)
    depth = b * ahead * c - a * across * s
    y = np.full_like(angle, rings.y[index])
    if index == 0:
        y += rings.drop * _neckline(rings.neck, across, ahead)
    if index == len(rings.y) - 1:
        y += rings.tilt * across + rings.curve * np.maximum(ahead, 0) ** 2
    if index:
        y += view.pitch * depth
    return np.stack([a * across * c + b * ahead * s, y], axis=1)


def _neckline(kind, across, ahead):
    front = np.maximum(ahead, 0)
    if kind == 'v':
        return np.where(ahead > 0, 1 - np.abs(across), 0)
    if kind == 'square':
        return np.clip(4 * front, 0, 1)
    if kind == 'level':
        return np.zeros_like(front)
    return front


def seam(rings: Rings, index: int, side: int, view: View) -> np.ndarray:
    """The seam's point (2,) of a ring, in the plane.

    In frontal views the seam is taken to lie on the outline.
    """
    angle = side * QUARTER
    if view.is_frontal:
        angle -= _turned(rings.a[index], rings.b[index], view)
    return view.flat(ring_points(rings, index, angle, view))[0]


def _arc(rings, index, view, front):
    start = -_turned(rings.a[index], rings.b[index], view)
    sweep = np.linspace(-QUARTER, QUARTER, 17)
    angles = start + sweep if front else start + 2 * QUARTER - sweep
    return ring_points(rings, index, angles, view)


def _side(rings, side, top, bottom, view):
    points = np.stack([side * rings.reach(view), rings.y], axis=1)
    points[0], points[-1] = top, bottom
    return smooth(points)


def panel(rings: Rings, view: View, front: bool = True) -> np.ndarray:
    """The outline (N, 2) of the half that faces the viewer, or the other."""
    neck, hem = _arc(rings, 0, view, front), _arc(rings, -1, view, front)
    right = _side(rings, 1, neck[-1], hem[-1], view)
    left = _side(rings, -1, neck[0], hem[0], view)
    outline = np.vstack([neck, right[1:], hem[-2::-1], left[-2:0:-1]])
    return view.flat(outline)


def opened(rings: Rings, view: View, gap: np.ndarray) -> list:
    """The two halves of a panel that is open in front.

    ``gap`` (N,) is half of the opening's width at every ring.
    """
    neck, hem = _arc(rings, 0, view, True), _arc(rings, -1, view, True)
    middle = rings.b * np.sin(view.yaw)
    reach = rings.reach(view)
    halves = []
    for side, corner in ((-1, 0), (1, -1)):
        edge = np.clip(middle + side * gap, -reach * 0.97, reach * 0.97)
        inner = smooth(np.stack([edge, rings.y], axis=1))
        outer = _side(rings, side, neck[corner], hem[corner], view)
        low = _hem_between(rings, inner[-1, 0], hem, corner)
        halves.append(view.flat(np.vstack([outer, low, inner[::-1]])))
    return halves


def _hem_between(rings, x, hem, corner):
    inside = hem[:, 0] < x if corner == 0 else hem[:, 0] > x
    part = hem[inside]
    return part if corner == 0 else part[::-1]


def lines(rings: Rings, view: View, angle: float, first: int = 0):
    """A line down the cloth at ``angle``, (N, 2)."""
    points = [
        ring_points(rings, i, angle, view)[0] for i in range(len(rings.y))
    ]
    return view.flat(smooth(np.array(points[first:])))


def is_seen(rings: Rings, index: int, angle: float, view: View) -> bool:
    """Whether the ring's point faces the viewer."""
    a, b = rings.a[index], rings.b[index]
    depth = b * np.cos(angle) * np.cos(view.yaw)
    return depth - a * np.sin(angle) * np.sin(view.yaw) > 0
