"""From random numbers to a labelled picture."""

from dataclasses import dataclass
from typing import List, Optional, Tuple

import numpy as np

from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS, Visibility

from .background import sample_background
from .chance import chance, pick
from .degrade import degrade
from .framing import ZOOMS, outside, sample_camera
from .layer import Layer, mask, paint
from .sample import SynthSample
from .scene import Scene, build_scene
from .view import Camera

# The paper's Fig. 2, in percent.
TYPE_SHARES = {1: 43.4, 2: 34.1, 3: 22.5}
VARIATION_SHARES = {1: 38.1, 2: 25.1, 3: 17.5, 4: 7.6, 5: 11.7}
# Pictures with less of the garment are drawn again.
_LEAST_SEEN = 0.35
_LEAST_AREA = {False: 0.015, True: 0.12}


@dataclass
class Stage:
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


def stage_sample(
    rng: np.random.Generator, size: int, clothes_type: int, variation_type: int
) -> Stage:
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
            return Stage(scene, camera, background, camera(points), owners)


def _picture_shape(rng, size):
    """Height and width; the long side is ``size``."""
    if chance(rng, 0.2):
        return size, size
    short = round(size * rng.uniform(0.6, 0.95))
    return (size, short) if chance(rng, 0.85) else (short, size)


def landmark_visibility(stage: Stage, top: np.ndarray) -> np.ndarray:
    """FLD's codes (K,), read off the painted layers.

    A landmark is hidden where a layer painted after its own is on top.
    """
    order = {id(layer): i for i, layer in enumerate(stage.scene.layers)}
    codes = []
    for point, owner in zip(stage.points, stage.owners):
        if outside(point, stage.shape):
            codes.append(Visibility.TRUNCATED)
            continue
        x, y = np.round(point).astype(int)
        hidden = top[y, x] > order[id(owner)]
        codes.append(Visibility.OCCLUDED if hidden else Visibility.VISIBLE)
    return np.array(codes, np.int64)


def garment_mask(stage: Stage) -> np.ndarray:
    """Pixels (H, W) of the garment, seen or hidden."""
    covered = np.zeros(stage.shape, bool)
    for layer in stage.scene.garment.layers:
        if layer.covers:
            covered |= mask(layer, stage.camera, stage.shape) > 0
    return covered


def _shows_enough(stage: Stage, top, covered, zoomed: bool) -> bool:
    own = {id(layer) for layer in stage.scene.garment.layers}
    is_own = np.array([id(layer) in own for layer in stage.scene.layers])
    seen = np.count_nonzero(is_own[top] & (top >= 0))
    whole = np.count_nonzero(covered)
    return seen > max(_LEAST_SEEN * whole, _LEAST_AREA[zoomed] * covered.size)


def _box(covered: np.ndarray) -> np.ndarray:
    columns = np.flatnonzero(covered.any(0))
    rows = np.flatnonzero(covered.any(1))
    return np.array([columns[0], rows[0], columns[-1], rows[-1]])


def _joints(stage: Stage, top: np.ndarray):
    """Joints in pixels and 0 where no thing or hair covers them."""
    if stage.scene.joints is None:
        return np.zeros((14, 2)), np.ones(14, np.int64)
    joints = stage.camera(stage.scene.joints)
    hidden = outside(joints, stage.shape)
    for i in np.flatnonzero(~hidden):
        x, y = np.round(joints[i]).astype(int)
        kind = stage.scene.layers[top[y, x]].kind
        hidden[i] = kind == 'occluder'
    return joints, hidden.astype(np.int64)


def render_sample(
    rng: np.random.Generator,
    size: int = 256,
    clothes_type: Optional[int] = None,
    variation_type: Optional[int] = None,
) -> SynthSample:
    """A labelled picture; types not given are drawn in the paper's shares.

    ``size`` is the picture's long side in pixels.
    """
    clothes_type = clothes_type or pick(rng, TYPE_SHARES)
    variation_type = variation_type or pick(rng, VARIATION_SHARES)
    zoomed = variation_type in ZOOMS
    while True:
        stage = stage_sample(rng, size, clothes_type, variation_type)
        picture, top = stage.paint()
        covered = garment_mask(stage)
        if _shows_enough(stage, top, covered, zoomed):
            break
    joints, joint_visibility = _joints(stage, top)
    return SynthSample(
        image=degrade(rng, picture),
        clothes_type=clothes_type,
        variation_type=variation_type,
        landmarks=stage.points,
        visibility=landmark_visibility(stage, top),
        bbox=_box(covered),
        joints=joints,
        joint_visibility=joint_visibility,
    )
