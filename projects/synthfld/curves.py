"""Plane curves. Every array of points is (N, 2)."""

import numpy as np

_STEPS = 6


def _basis(steps: int) -> np.ndarray:
    t = np.arange(steps) / steps
    return 0.5 * np.stack(
        [
            -t + 2 * t**2 - t**3,
            2 - 5 * t**2 + 3 * t**3,
            t + 4 * t**2 - 3 * t**3,
            -(t**2) + t**3,
        ],
        axis=1,
    )


_BASIS = _basis(_STEPS)
_TURN = np.linspace(0, np.pi, 7)[1:-1, None]
_COS, _SIN = np.cos(_TURN), np.sin(_TURN)


def smooth(points: np.ndarray) -> np.ndarray:
    """An open Catmull-Rom curve through all of ``points``."""
    p = np.asarray(points, float)
    padded = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    spans = np.stack([padded[i : len(p) - 1 + i] for i in range(4)], axis=1)
    dense = np.einsum('sk,nkd->nsd', _BASIS, spans).reshape(-1, p.shape[1])
    return np.concatenate([dense, p[-1:]])


def closed(points: np.ndarray) -> np.ndarray:
    """A closed Catmull-Rom curve through all of ``points``."""
    p = np.asarray(points, float)
    ring = np.concatenate([p[-1:], p, p[:2]])
    spans = np.stack([ring[i : i + len(p)] for i in range(4)], axis=1)
    return np.einsum('sk,nkd->nsd', _BASIS, spans).reshape(-1, 2)


def arc_lengths(points: np.ndarray) -> np.ndarray:
    """Length of the polyline from its start to every point, (N,)."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def cut(points: np.ndarray, count: int, at: int, share: float) -> np.ndarray:
    """The first ``share`` of span ``at`` and everything before it.

    ``points`` is a polyline of ``count`` equal spans, as from ``smooth``.
    """
    position = (at + share) * (len(points) - 1) / count
    last = min(int(position), len(points) - 2)
    end = points[last] + (position - last) * (points[last + 1] - points[last])
    return np.concatenate([points[: last + 1], end[None]])


def ellipse(center, radii, angle: float = 0.0, count: int = 20) -> np.ndarray:
    t = np.arange(count) * (2 * np.pi / count)
    x, y = radii[0] * np.cos(t), radii[1] * np.sin(t)
    c, s = np.cos(angle), np.sin(angle)
    return np.stack([center[0] + c * x - s * y, center[1] + s * x + c * y], 1)


def rotate(points: np.ndarray, angle: float, about=(0.0, 0.0)) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return (np.asarray(points) - about) @ np.array([[c, s], [-s, c]]) + about


def normals(center: np.ndarray) -> np.ndarray:
    """Unit normals of a polyline, (N, 2); right of a downward line is -x."""
    ends = np.concatenate([center[:1], center, center[-1:]])
    along = ends[2:] - ends[:-2]
    length = np.hypot(along[:, 0], along[:, 1]) + 1e-9
    return along[:, ::-1] * (-1, 1) / length[:, None]


def ribbon(
    center: np.ndarray, half: np.ndarray, start: float = 0.0, end: float = 0.0
) -> np.ndarray:
    """A band of half width ``half`` (N,) round ``center``.

    ``start`` and ``end`` are how far its two ends bulge outwards.
    """
    side = normals(center) * np.asarray(half)[:, None]
    right, left = center + side, center - side
    return np.concatenate(
        [
            _unfolded(right, center, half),
            _cap(center[-1], side[-1], end),
            _unfolded(left, center, half)[::-1],
            _cap(center[0], -side[0], start),
        ]
    )


def _unfolded(edge, center, half):
    """The edge without points inside the band, where it bends sharply."""
    gap = edge[:, None] - center[None]
    inside = (gap**2).sum(-1) < (0.95 * np.asarray(half)) ** 2
    keep = ~inside.any(1)
    keep[[0, -1]] = True
    return edge[keep]


def _cap(middle: np.ndarray, side: np.ndarray, bulge: float) -> np.ndarray:
    if not bulge:
        return np.empty((0, 2))
    length = np.hypot(*side) + 1e-9
    out = np.array([side[1], -side[0]]) * (bulge / length)
    return middle + _COS * side + _SIN * out
