"""A scene with its camera and background, ready to be painted."""

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS

from .background import sample_background
from .chance import chance
from .framing import sample_camera
from .layer import Layer, paint
from .scene import Scene, build_scene
from .view import Camera


@dataclass
class FramedScene:
    """A scene before it is painted.

    ``points`` (K, 2) are the landmarks in pixels and ``owners`` the layers
    they lie on, both in the order of the clothes type.
    """

    scene: Scene
    camera: Camera
    background: np.ndarray
    points: np.ndarray
    owners: List[Layer]

    @property
    def shape(self) -> Tuple[int, int]:
        return self.background.shape[:2]

    def paint(self, layers: Optional[List[Layer]] = None):
        """The picture (H, W, 3) and the index of its topmost layers."""
        picture = self.background.copy()
        layers = self.scene.layers if layers is None else layers
        return picture, paint(picture, layers, self.camera)


def frame_scene(
    rng: np.random.Generator, size: int, clothes_type: int, variation_type: int
) -> FramedScene:
    """Draw scenes until one can be framed as the variation asks."""
    while True:
        shape = _picture_shape(rng, size)
        scene = build_scene(rng, clothes_type, variation_type)
        names = FLD_SETS[CLOTHES_TYPES[clothes_type]].landmarks
        marks = [scene.garment.marks[name] for name in names]
        points = np.array([mark.point for mark in marks])
        outline = np.vstack(
            [c for x in scene.garment.layers if x.covers for c in x.contours]
        )
        camera = sample_camera(
            rng, outline, points, shape, clothes_type, variation_type
        )
        if camera is not None:
            owners = [mark.layer for mark in marks]
            background = sample_background(rng, shape)
            return FramedScene(
                scene, camera, background, camera(points), owners
            )


def _picture_shape(rng, size):
    """Height and width; the long side is ``size``."""
    if chance(rng, 0.2):
        return size, size
    short = round(size * rng.uniform(0.6, 0.95))
    return (size, short) if chance(rng, 0.85) else (short, size)
