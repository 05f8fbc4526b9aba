"""What stands behind the clothes, drawn in pixels."""

from typing import Tuple

import cv2
import numpy as np

from .chance import chance, color, pick, tint
from .fabric import TILE, cloth
from .noise import SIDE, clouds


def sample_background(
    rng: np.random.Generator, shape: Tuple[int, int]
) -> np.ndarray:
    """A BGR picture, (H, W, 3) uint8."""
    kinds = {
        _plain: 3, _gradient: 3, _room: 4, _street: 2, _cloth: 1.5,
        _clutter: 2.5,
    }  # fmt: skip
    picture = pick(rng, kinds)(rng, shape)
    if chance(rng, 0.5):
        _roughen(rng, picture)
    return picture


def _plain(rng, shape):
    pale = chance(rng, 0.6)
    bgr = color(rng, (0, 0.1), (0.8, 1)) if pale else color(rng, (0, 0.6))
    return np.full((*shape, 3), bgr, np.uint8)


def _gradient(rng, shape):
    corners = np.array([color(rng, (0, 0.5)) for _ in range(2)], np.uint8)
    ramp = np.stack([corners, corners[rng.permutation(2)]])
    return cv2.resize(ramp, shape[::-1], interpolation=cv2.INTER_LINEAR)


def _roughen(rng, picture):
    h, w = picture.shape[:2]
    grey = np.roll(clouds(int(rng.integers(8))), int(rng.integers(SIDE)), 1)
    grey = cv2.resize(grey, (w, h))
    strength = rng.uniform(0.05, 0.4)
    light = cv2.convertScaleAbs(grey, None, strength, 128 * (1 - strength))
    cv2.multiply(picture, cv2.merge([light] * 3), picture, scale=1 / 128)


def _cloth(rng, shape):
    tile = cloth(rng).tile
    if tile is None:
        return _plain(rng, shape)
    side = int(rng.uniform(0.5, 2) * TILE)
    tile = cv2.resize(tile, (side, side))
    repeats = (shape[0] // side + 1, shape[1] // side + 1, 1)
    tiled = np.tile(tile, repeats)[: shape[0], : shape[1]]
    return np.ascontiguousarray(tiled)


def _rectangle(picture, x, y, w, h, bgr):
    start, end = (int(x), int(y)), (int(x + w), int(y + h))
    cv2.rectangle(picture, start, end, bgr, -1)


def _room(rng, shape):
    """Wall, floor and a few pieces of furniture."""
    h, w = shape
    wall = color(rng, (0, 0.4), (0.4, 1))
    picture = np.full((*shape, 3), wall, np.uint8)
    floor = int(h * rng.uniform(0.6, 0.95))
    picture[floor:] = color(rng, (0.05, 0.6), (0.2, 0.8))
    picture[floor : floor + max(1, h // 80)] = tint(wall, 0.6)
    for _ in range(int(rng.integers(0, 5))):
        size = rng.uniform(0.08, 0.45, 2) * (w, h)
        x = rng.uniform(-0.1, 1) * w
        y = floor - size[1] if chance(rng, 0.5) else rng.uniform(0, 0.5) * h
        frame = color(rng, (0, 0.6), (0.1, 0.9))
        _rectangle(picture, x, y, *size, frame)
        _rectangle(
            picture, x + 0.1 * size[0], y + 0.1 * size[1], *(0.8 * size),
            color(rng, (0, 0.6), (0.2, 1)),
        )  # fmt: skip
    return picture


def _street(rng, shape):
    """Sky, houses with windows, a pavement."""
    h, w = shape
    picture = _gradient(rng, shape)
    ground, x = int(h * rng.uniform(0.6, 0.9)), 0.0
    while x < w:
        wide = rng.uniform(0.12, 0.4) * w
        top = rng.uniform(0, 0.5) * h
        wall = color(rng, (0, 0.4), (0.25, 0.9))
        _rectangle(picture, x, top, wide, ground - top, wall)
        step = rng.uniform(0.05, 0.12) * h
        for row in np.arange(top + 0.5 * step, ground - step, 1.6 * step):
            for column in np.arange(x + 0.4 * step, x + wide - step, 2 * step):
                _rectangle(picture, column, row, step, step, tint(wall, 0.6))
        x += wide
    picture[ground:] = color(rng, (0, 0.2), (0.3, 0.7))
    return picture


def _clutter(rng, shape):
    picture = _gradient(rng, shape)
    h, w = shape
    for _ in range(int(rng.integers(4, 16))):
        center = (rng.random(2) * (w, h)).astype(int).tolist()
        axes = (rng.uniform(0.03, 0.25, 2) * max(h, w)).astype(int).tolist()
        turn, ink = int(rng.integers(180)), color(rng)
        if chance(rng, 0.5):
            cv2.ellipse(
                picture, center, axes, turn, 0, 360, ink, -1, cv2.LINE_AA
            )
        else:
            box = cv2.boxPoints((center, np.multiply(axes, 2.0), turn))
            cv2.fillPoly(picture, [box.astype(np.int32)], ink, cv2.LINE_AA)
    return picture
