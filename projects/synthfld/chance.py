"""Small random draws, quicker than ``Generator.choice``."""

import colorsys
from typing import Dict, Tuple

import numpy as np


def chance(rng: np.random.Generator, probability: float) -> bool:
    return bool(rng.random() < probability)


def pick(rng: np.random.Generator, weights: Dict) -> object:
    """A key of ``weights``, as likely as its weight."""
    left = rng.random() * sum(weights.values())
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    return key


def color(
    rng: np.random.Generator,
    saturation: Tuple[float, float] = (0.0, 0.9),
    value: Tuple[float, float] = (0.08, 1.0),
) -> Tuple[int, int, int]:
    """A BGR colour, each channel 0..255."""
    r, g, b = colorsys.hsv_to_rgb(
        rng.random(), rng.uniform(*saturation), rng.uniform(*value)
    )
    return int(255 * b), int(255 * g), int(255 * r)


def tint(bgr: Tuple, factor: float) -> Tuple[int, int, int]:
    """``bgr`` made darker (factor < 1) or lighter (factor > 1)."""
    return tuple(int(min(255, max(0, c * factor))) for c in bgr)
