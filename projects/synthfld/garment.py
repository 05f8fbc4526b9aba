"""A garment: layers in wearing order, and its landmarks on them."""

from dataclasses import dataclass, field
from typing import Dict, List, Optional

import numpy as np

from .body import limb_line
from .curves import cut, normals, ribbon
from .fabric import Fabric
from .layer import Layer
from .pose import LEFT, RIGHT, SIDES, Pose
from .rings import Rings, lines, opened, panel, seam
from .view import View

SIDE_NAMES = {LEFT: 'left', RIGHT: 'right'}
_SEAM_WIDTH = 0.005


@dataclass(frozen=True)
class Mark:
    """A landmark: its point in the plane and the layer it lies on."""

    point: np.ndarray
    layer: Layer


@dataclass
class Garment:
    """Layers by when they are painted, and landmarks by name.

    ``back`` comes before the body, ``front`` after it, and
    ``sleeves[side]`` right after that arm.
    """

    back: List[Layer] = field(default_factory=list)
    front: List[Layer] = field(default_factory=list)
    sleeves: Dict[int, List[Layer]] = field(
        default_factory=lambda: {LEFT: [], RIGHT: []}
    )
    marks: Dict[str, Mark] = field(default_factory=dict)

    def mark(self, side: int, name: str, point, layer: Layer) -> None:
        self.marks[f'{SIDE_NAMES[side]} {name}'] = Mark(point, layer)

    @property
    def layers(self) -> List[Layer]:
        return [
            *self.back,
            *self.front,
            *self.sleeves[LEFT],
            *self.sleeves[RIGHT],
        ]


@dataclass(frozen=True)
class Trunk:
    """The cloth round the trunk and its two painted halves."""

    rings: Rings
    back: Layer
    front: Layer


def trim(contours, bgr, width: float) -> Layer:
    """A line on the cloth, such as a seam."""
    return Layer(contours, Fabric(bgr), 'trim', False, stroke=width)


def add_trunk(
    garment: Garment,
    rings: Rings,
    fabric: Fabric,
    view: View,
    kind: str,
    gap: Optional[np.ndarray] = None,
) -> Trunk:
    """The cloth round the trunk; ``gap`` (N,) opens its front."""
    place = dict(origin=tuple(view.flat([[0, 0.25]])[0]), angle=view.bend / 2)
    far = panel(rings, view, False)
    shapes = [panel(rings, view)] if gap is None else opened(rings, view, gap)
    back = Layer([far], fabric.darker(0.62), kind, **place)
    front = Layer(shapes, fabric, kind, **place)
    garment.back.append(back)
    garment.front.append(front)
    if not view.is_frontal:
        near = -1 if view.yaw > 0 else 1
        line = lines(rings, view, near * np.pi / 2, 1)
        dark = fabric.darker(0.7).bgr
        garment.front.append(trim([line], dark, _SEAM_WIDTH))
    return Trunk(rings, back, front)


def mark_seams(
    garment: Garment, trunk: Trunk, index: int, name: str, view: View
) -> None:
    """Landmarks on both ends of a ring; the far one is on the back."""
    for side in SIDES:
        layer = trunk.back if view.is_far(side) else trunk.front
        garment.mark(side, name, seam(trunk.rings, index, side, view), layer)


def add_sleeve(
    garment: Garment,
    side: int,
    pose: Pose,
    view: View,
    fabric: Fabric,
    kind: str,
    span,
    half,
) -> None:
    """A sleeve over ``span`` (upper share, lower share) of the arm.

    ``half`` are its half widths at the armhole and the cuff.
    """
    middle = _sleeve_middle(pose.arms[side], view, span)
    share = np.linspace(0, 1, len(middle))
    widths = np.interp(share, (0, 1), half)
    bulge = view.pitch * half[1]
    shape = ribbon(middle, widths, 0.4 * half[0], bulge)
    along = middle[min(6, len(middle) - 1)] - middle[0]
    layer = Layer(
        [shape],
        fabric,
        kind,
        origin=tuple(middle[0]),
        angle=float(np.arctan2(-along[0], along[1])),
    )
    garment.sleeves[side] += [layer, _cuff(middle, widths, bulge, fabric)]
    garment.mark(side, 'sleeve', middle[-1], layer)


def _sleeve_middle(arm, view, span):
    """From inside the shoulder to the cuff."""
    line = limb_line(arm, view)
    inside = view.project(arm[:1] * (0.9, 1.0, 1.0))
    at = 0 if span[1] <= 0 else 1
    part = cut(line, 2, at, span[at])
    return np.vstack([inside, part[1:]])


def _cuff(middle, widths, bulge, fabric):
    side = normals(middle)[-1] * widths[-1] * 0.92
    across = np.linspace(-1, 1, 7)[:, None]
    along = middle[-1] - middle[-2]
    along = along / (np.linalg.norm(along) + 1e-9)
    back = -0.025 + bulge * np.sqrt(1 - across**2)
    line = middle[-1] + across * side + back * along
    return trim([line], fabric.darker(0.75).bgr, _SEAM_WIDTH)
