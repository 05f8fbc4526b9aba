"""A painter's picture: layers, each painted over the ones before it."""

from dataclasses import dataclass
from typing import Sequence, Tuple

import cv2
import numpy as np

from .fabric import TILE, Fabric
from .noise import SIDE, folds
from .view import Camera

_SHIFT = 4
_FOLD_METRES = 0.6
NOTHING = -1


@dataclass(eq=False)
class Layer:
    """One painted shape.

    Args:
        contours (sequence[np.ndarray]): Polygons (N, 2) in the plane.
        fabric (Fabric): What fills them.
        kind (str): ``garment`` (the labelled one), ``other`` clothing,
            ``skin``, ``hair``, ``occluder`` or ``trim``.
        covers (bool): Whether it hides what lies below. Trimmings belong
            to the garment below them and hide nothing.
        stroke (float): If not 0, the contours are drawn as open lines of
            this width, in metres.
        origin (tuple), angle (float): Where the fabric's texture starts.
    """

    contours: Sequence[np.ndarray]
    fabric: Fabric
    kind: str = 'other'
    covers: bool = True
    stroke: float = 0.0
    origin: Tuple[float, float] = (0.0, 0.0)
    angle: float = 0.0


def paint(
    picture: np.ndarray, layers: Sequence[Layer], camera: Camera
) -> np.ndarray:
    """Paint ``layers`` into ``picture`` (H, W, 3), in place.

    Returns:
        np.ndarray: (H, W) int16, the index of the topmost layer with
        ``covers`` at every pixel, or ``NOTHING``.
    """
    top = np.full(picture.shape[:2], NOTHING, np.int16)
    for index, layer in enumerate(layers):
        contours = _fixed_point(layer, camera)
        if layer.stroke:
            _draw_lines(picture, layer, contours, camera)
        else:
            _fill(picture, layer, contours, camera)
            if layer.covers:
                cv2.fillPoly(top, contours, index, cv2.LINE_8, _SHIFT)
    return top


def mask(layer: Layer, camera: Camera, shape: Tuple[int, int]) -> np.ndarray:
    """The pixels that ``paint`` would count as covered by ``layer``."""
    covered = np.zeros(shape, np.uint8)
    contours = _fixed_point(layer, camera)
    return cv2.fillPoly(covered, contours, 1, cv2.LINE_8, _SHIFT)


def _fixed_point(layer: Layer, camera: Camera):
    one = 1 << _SHIFT
    return [np.rint(camera(c) * one).astype(np.int32) for c in layer.contours]


def _draw_lines(picture, layer, contours, camera):
    width = max(1, round(layer.stroke * camera.scale))
    cv2.polylines(
        picture, contours, False, layer.fabric.bgr, width, cv2.LINE_AA, _SHIFT
    )


def _fill(picture, layer, contours, camera):
    fabric = layer.fabric
    if fabric.tile is None and not fabric.folds and not fabric.edge:
        cv2.fillPoly(picture, contours, fabric.bgr, cv2.LINE_AA, _SHIFT)
        return
    box = _clipped_box(contours, picture.shape)
    if box is None:
        return
    x1, y1, x2, y2 = box
    size = (x2 - x1, y2 - y1)
    alpha = np.zeros(size[::-1], np.uint8)
    corner = np.array([x1, y1]) << _SHIFT
    cv2.fillPoly(
        alpha, [c - corner for c in contours], 255, cv2.LINE_AA, _SHIFT
    )
    filled = _shaded(layer, camera, alpha, (x1, y1))
    weight = alpha.astype(np.float32) * np.float32(1 / 255)
    part = picture[y1:y2, x1:x2]
    part[:] = cv2.blendLinear(filled, part, weight, 1 - weight)


def _clipped_box(contours, shape):
    points = np.vstack(contours) >> _SHIFT
    low = np.maximum(points.min(0) - 1, 0)
    high = np.minimum(points.max(0) + 2, (shape[1], shape[0]))
    return None if (high <= low).any() else (*low.tolist(), *high.tolist())


def _texture(tile, layer, camera, per_metre, size, corner):
    matrix = camera.to_tile(layer.origin, layer.angle, per_metre)
    matrix[:, 2] += matrix[:, :2] @ corner
    return cv2.warpAffine(
        tile,
        matrix,
        size,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_WRAP,
    )


def _shaded(layer, camera, alpha, corner):
    fabric, size = layer.fabric, alpha.shape[::-1]
    light = _light(layer, camera, alpha, corner)
    if fabric.tile is None:
        return cv2.merge(
            [cv2.convertScaleAbs(light, None, c / 128) for c in fabric.bgr]
        )
    resolution = TILE / fabric.metres
    base = _texture(fabric.tile, layer, camera, resolution, size, corner)
    return cv2.multiply(base, cv2.merge([light] * 3), scale=1 / 128)


def _light(layer, camera, alpha, corner):
    """Folds and a darker rim, (h, w) uint8; 128 changes nothing."""
    fabric, size = layer.fabric, alpha.shape[::-1]
    reach = max(3, int(0.06 * camera.scale)) | 1
    rim = cv2.blur(alpha, (reach, reach))
    level = 128 * (1 - fabric.edge)
    if not fabric.folds:
        return cv2.convertScaleAbs(rim, None, 0.5 * fabric.edge, level)
    texture = folds(fabric.fold_index)
    per_metre = SIDE / _FOLD_METRES
    fold = _texture(texture, layer, camera, per_metre, size, corner)
    strength = 0.5 * fabric.folds
    level -= 128 * strength
    return cv2.addWeighted(fold, strength, rim, 0.5 * fabric.edge, level)
