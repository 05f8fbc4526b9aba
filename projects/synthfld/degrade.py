"""What the camera and the file do to a picture."""

import cv2
import numpy as np

from .chance import chance
from .noise import grain


def degrade(rng: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Light, blur and noise; (H, W, 3) uint8 to the same."""
    if chance(rng, 0.5):
        picture = _light(rng, picture)
    if chance(rng, 0.35):
        picture = _blur(rng, picture)
    picture = _tone(rng, picture)
    if chance(rng, 0.5):
        picture = _noise(rng, picture)
    return picture


def _light(rng, picture):
    """A light from one side."""
    h, w = picture.shape[:2]
    corners = rng.uniform(80, 150, (2, 2)).astype(np.uint8)
    field = cv2.resize(corners, (w, h), interpolation=cv2.INTER_LINEAR)
    return cv2.multiply(picture, cv2.merge([field] * 3), scale=1 / 128)


def _blur(rng, picture):
    scale = max(picture.shape) / 256
    if chance(rng, 0.7):
        return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.1) * scale)
    length = 2 * int(rng.uniform(1, 2.5) * scale) + 1
    kernel = np.zeros((length, length), np.float32)
    if chance(rng, 0.5):
        kernel[length // 2] = 1 / length
    else:
        kernel[:, length // 2] = 1 / length
    return cv2.filter2D(picture, -1, kernel)


def _tone(rng, picture):
    """Gain per channel, contrast and gamma in one table."""
    gain = rng.uniform(0.8, 1.15) * rng.uniform(0.92, 1.08, 3)
    level = np.arange(256)[:, None] / 255.0
    contrast, gamma = rng.uniform(0.75, 1.2), rng.uniform(0.75, 1.35)
    table = np.clip(0.5 + (level - 0.5) * contrast, 0, 1) ** gamma * gain
    table = np.clip(255 * table, 0, 255).astype(np.uint8)
    return cv2.LUT(picture, table.reshape(1, 256, 3))


def _noise(rng, picture):
    h, w = picture.shape[:2]
    noise = grain()
    y = int(rng.integers(max(1, noise.shape[0] - h)))
    x = int(rng.integers(max(1, noise.shape[1] - w)))
    part = noise[y : y + h, x : x + w]
    if part.shape[:2] != (h, w):
        part = cv2.resize(part, (w, h))
    strength = rng.uniform(1, 9) / 16
    return cv2.addWeighted(picture, 1, part, strength, 0, dtype=cv2.CV_8U)
