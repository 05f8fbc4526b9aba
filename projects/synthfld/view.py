"""From the body's space to the picture plane.

Space and plane are in metres: x to the right of the picture, y down from
the base of the neck, z towards the viewer.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

HIP_HEIGHT = 0.52
# Up to this turn the seams all but lie on the garment's outline.
FRONTAL = np.deg2rad(32)


@dataclass(frozen=True)
class View:
    """How the body is turned, bent and seen.

    Args:
        yaw (float): Turn about the vertical, in radians; 0 is frontal.
        back (bool): Whether the viewer sees the back.
        pitch (float): How far a point one metre nearer is lower.
        bend (float): Turn of the shoulders in the plane, in radians.
        sway (float): Turn of the legs in the plane, in radians.
        wobble (float): Amplitude of a smooth warp of the plane.
        phase (float): Phase of that warp.
    """

    yaw: float = 0.0
    back: bool = False
    pitch: float = 0.15
    bend: float = 0.0
    sway: float = 0.0
    wobble: float = 0.0
    phase: float = 0.0

    def turn(self, points: np.ndarray) -> np.ndarray:
        """(..., 3) of the body to (..., 3) of the viewer."""
        c, s = np.cos(self.yaw), np.sin(self.yaw)
        return points @ np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])

    def project(self, points: np.ndarray) -> np.ndarray:
        """(N, 3) of the body to (N, 2) of the plane."""
        turned = self.turn(points)
        return self.flat(turned[..., :2])

    def flat(self, points: np.ndarray) -> np.ndarray:
        """Bend and warp (N, 2) of the plane."""
        points = np.asarray(points, float)
        x, y = points[:, 0], points[:, 1] - HIP_HEIGHT
        height = y * (-1 / HIP_HEIGHT)
        angle = self.bend * np.minimum(np.maximum(height, 0), 1)
        angle += self.sway * np.minimum(np.maximum(-2 * height, 0), 1)
        c, s = np.cos(angle), np.sin(angle)
        bent = np.empty_like(points)
        bent[:, 0] = c * x - s * y
        bent[:, 1] = s * x + c * y + HIP_HEIGHT
        waves = np.sin(bent[:, ::-1] * (7.0, 9.0) + (self.phase, 1.0))
        return bent + self.wobble * waves

    def is_far(self, side: int) -> bool:
        """Whether the seam of ``side`` (-1 left) is behind the body."""
        return side * np.sin(self.yaw) > np.sin(FRONTAL)

    @property
    def is_frontal(self) -> bool:
        return abs(self.yaw) <= FRONTAL


@dataclass(frozen=True)
class Camera:
    """A similarity from the plane to pixels."""

    scale: float
    angle: float
    shift: np.ndarray

    @cached_property
    def _linear(self) -> np.ndarray:
        c, s = np.cos(self.angle), np.sin(self.angle)
        return self.scale * np.array([[c, s], [-s, c]])

    def __call__(self, points: np.ndarray) -> np.ndarray:
        return points @ self._linear + self.shift

    def to_tile(self, origin, angle: float, per_metre: float) -> np.ndarray:
        """The 2x3 matrix from pixels to a texture laid over the plane.

        ``origin`` (2,) and ``angle`` place the texture in the plane;
        ``per_metre`` is its resolution.
        """
        total = self.angle + angle
        c, s = np.cos(total), np.sin(total)
        linear = np.array([[c, s], [-s, c]]) * (per_metre / self.scale)
        start = self(np.asarray(origin, float)[None])[0]
        return np.hstack([linear, -(linear @ start)[:, None]])
