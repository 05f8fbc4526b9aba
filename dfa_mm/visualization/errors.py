"""How far predicted landmarks lie from the true ones."""

import numpy as np

from .marks import MAGENTA, draw_cross, draw_line, mark_radius


def draw_errors(
    image: np.ndarray,
    landmarks: np.ndarray,
    truth: np.ndarray,
    known: np.ndarray,
) -> np.ndarray:
    """A copy with a cross at each true place and a line that leads to it.

    To be drawn beneath the landmarks' marks.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB.
        landmarks (np.ndarray): (K, 2) in its pixels; others than finite ones
            are left out.
        truth (np.ndarray): (K, 2), likewise.
        known (np.ndarray): (K,) bool, which landmarks have a true place.
    """
    canvas = np.ascontiguousarray(image).copy()
    radius = mark_radius(canvas)
    finite = np.isfinite(landmarks).all(axis=1) & np.isfinite(truth).all(
        axis=1
    )
    for k in np.flatnonzero(known & finite):
        draw_line(canvas, landmarks[k], truth[k], radius, MAGENTA, gaps=(1, 0))
        draw_cross(canvas, truth[k], radius, MAGENTA)
    return canvas
