"""Labels read off a painted scene, never drawn by chance."""

import numpy as np

from dfa_mm.structures import Visibility

from .framed_scene import FramedScene
from .framing import outside
from .layer import NOTHING, mask

NUM_JOINTS = 14


def landmark_visibility(framed: FramedScene, top: np.ndarray) -> np.ndarray:
    """FLD's codes (K,), read off the painted layers.

    A landmark is hidden where a layer painted after its own is on top.
    """
    order = {id(layer): i for i, layer in enumerate(framed.scene.layers)}
    codes = []
    for point, owner in zip(framed.points, framed.owners):
        if outside(point, framed.shape):
            codes.append(Visibility.TRUNCATED)
            continue
        x, y = np.round(point).astype(int)
        hidden = top[y, x] > order[id(owner)]
        codes.append(Visibility.OCCLUDED if hidden else Visibility.VISIBLE)
    return np.array(codes, np.int64)


def garment_mask(framed: FramedScene) -> np.ndarray:
    """Pixels (H, W) of the garment, seen or hidden."""
    covered = np.zeros(framed.shape, bool)
    for layer in framed.scene.garment.layers:
        if layer.covers:
            covered |= mask(layer, framed.camera, framed.shape) > 0
    return covered


def tight_box(covered: np.ndarray) -> np.ndarray:
    columns = np.flatnonzero(covered.any(0))
    rows = np.flatnonzero(covered.any(1))
    return np.array([columns[0], rows[0], columns[-1], rows[-1]])


def joint_labels(framed: FramedScene, top: np.ndarray):
    """Joints in pixels (14, 2), and 0 visible or 1 not (14,).

    Clothes and the body itself do not hide a joint, things in front do.
    """
    if framed.scene.joints is None:
        return np.zeros((NUM_JOINTS, 2)), np.ones(NUM_JOINTS, np.int64)
    joints = framed.camera(framed.scene.joints)
    hidden = outside(joints, framed.shape)
    for i in np.flatnonzero(~hidden):
        x, y = np.round(joints[i]).astype(int)
        index = top[y, x]
        if index != NOTHING:
            hidden[i] = framed.scene.layers[index].kind == 'occluder'
    return joints, hidden.astype(np.int64)
