"""What the scenes with flat garments share: the camera and the labels."""

from typing import List

import numpy as np

from projects.synthfld.degrade import degrade
from projects.synthfld.framing import (
    LARGE_POSE,
    MEDIUM_POSE,
    NORMAL,
    sample_camera,
    variation,
)
from projects.synthfld.sample import LabelledPicture
from projects.synthfld.view import Camera

from .canvas import Canvas, tight_box
from .drape import Part
from .misfit import MisfitError
from .patch import Patch
from .pattern import Pattern
from .pieces import Piece, landmark_points, landmark_visibility
from .things import Things

LEAST_VISIBLE = 2


def camera_for(
    rng, pattern: Pattern, parts: List[Part], shape, kind: int
) -> Camera:
    """Raises MisfitError where no camera shows what ``kind`` asks for."""
    patch = pattern.patch
    old = np.vstack([part.old for part in parts])
    new = np.vstack([part.new for part in parts])
    marks = new[[_nearest(old, point) for point in patch.landmarks]]
    camera = sample_camera(rng, new, marks, shape, patch.clothes_type, kind)
    if camera is None:
        raise MisfitError('no camera')
    return camera


def _nearest(points, point):
    return int(np.argmin(((points - point) ** 2).sum(1)))


def finish(
    rng,
    canvas: Canvas,
    patch: Patch,
    pieces: List[Piece],
    kind: int,
    things: Things,
) -> LabelledPicture:
    """Put things in front and read the labels off what was painted."""
    points = landmark_points(patch, pieces)
    things.put(rng, canvas, points)
    visibility = landmark_visibility(patch, pieces, points, canvas.top)
    if np.sum(visibility == 0) < LEAST_VISIBLE:
        raise MisfitError('too few visible landmarks')
    pose = kind if kind in (MEDIUM_POSE, LARGE_POSE) else NORMAL
    return LabelledPicture(
        degrade(rng, canvas.picture),
        patch.clothes_type,
        variation(patch.clothes_type, pose, visibility),
        points,
        visibility,
        tight_box([piece.alpha for piece in pieces]),
    )
