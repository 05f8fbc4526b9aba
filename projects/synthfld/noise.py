"""Noise textures, drawn once per process from a fixed seed."""

from functools import lru_cache

import cv2
import numpy as np

SIDE = 256


def _normalised(field: np.ndarray) -> np.ndarray:
    """Mean 128, two standard deviations to 0 and 255."""
    field = (field - field.mean()) / (field.std() + 1e-9)
    return np.clip(128 + 63 * field, 0, 255).astype(np.uint8)


def _wrapped_blur(field: np.ndarray, sigma_x: float, sigma_y: float):
    tiled = np.tile(field, (3, 3))
    blurred = cv2.GaussianBlur(tiled, (0, 0), sigma_x, sigmaY=sigma_y)
    return blurred[SIDE : 2 * SIDE, SIDE : 2 * SIDE]


@lru_cache(maxsize=None)
def folds(index: int) -> np.ndarray:
    """A tileable grey texture of mostly vertical streaks, uint8."""
    rng = np.random.default_rng([101, index % 8])
    field = rng.standard_normal((SIDE, SIDE)).astype(np.float32)
    wide = _wrapped_blur(field, 9, 40)
    fine = _wrapped_blur(field[::-1].copy(), 4, 14)
    return _normalised(wide / wide.std() + 0.5 * fine / fine.std())


@lru_cache(maxsize=None)
def clouds(index: int) -> np.ndarray:
    """A tileable grey texture of soft blobs, uint8."""
    rng = np.random.default_rng([102, index % 8])
    field = rng.standard_normal((SIDE, SIDE)).astype(np.float32)
    sigma = (3, 6, 12, 24)[index % 4]
    return _normalised(_wrapped_blur(field, sigma, sigma))


@lru_cache(maxsize=None)
def grain() -> np.ndarray:
    """White noise of unit deviation, (1024, 1024, 3) int16, times 16."""
    rng = np.random.default_rng(103)
    noise = rng.standard_normal((1024, 1024, 3), dtype=np.float32)
    return (16 * noise).astype(np.int16)
