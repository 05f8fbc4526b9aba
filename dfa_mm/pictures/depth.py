"""Pictures of more than 8 bits a channel, as 8."""

from typing import Optional

import cv2
import numpy as np

# cameras' and scanners' depths; files hold the middle ones as 16
BITS = (8, 10, 12, 16, 32)
# of floats: a picture whose whitest pixel is darker is taken to be from 0
# to 1, with lights that are brighter than white, and not from 0 to 255
_BRIGHTEST_LIGHT = 16.0


def bits_of(pixels: np.ndarray) -> int:
    """The depth of integers: the least of :data:`BITS` that holds them.

    No format tells it reliably: 12 bits come in files of 16.
    """
    peak = int(pixels.max())
    return next(bits for bits in BITS if peak < 2**bits)


def to_8_bits(pixels: np.ndarray, bits: Optional[int] = None) -> np.ndarray:
    """uint8 of pixels of any type and shape: the upper 8 of their bits.

    Args:
        pixels (np.ndarray): Unsigned integers of ``bits``, or floats from 0 to
            1 or from 0 to 255. Negative ones and NaN are black.
        bits (int, optional): By default :func:`bits_of`.
    """
    if pixels.dtype == np.uint8:
        return pixels
    if pixels.dtype.kind == 'f':
        pixels = np.nan_to_num(pixels, nan=0.0, posinf=np.inf, neginf=0.0)
        finite = pixels[np.isfinite(pixels)]
        to_one = not finite.size or finite.max() < _BRIGHTEST_LIGHT
        scaled = pixels * 255.0 if to_one else pixels
        return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)
    if pixels.dtype.kind == 'i':
        pixels = np.maximum(pixels, 0)
    return (pixels >> ((bits or bits_of(pixels)) - 8)).astype(np.uint8)


def to_bgr(pixels: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 of (H, W), (H, W, 3) BGR or (H, W, 4) BGRA, any depth.

    Transparency is seen on white.
    """
    if pixels.ndim == 3 and pixels.shape[2] == 4:
        return _on_white(pixels)
    pixels = to_8_bits(pixels)
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR)
    return pixels


def _on_white(pixels: np.ndarray) -> np.ndarray:
    depth = None if pixels.dtype.kind == 'f' else bits_of(pixels)
    # of 12-bit colours with 16-bit alpha each has its own depth
    alpha = to_8_bits(np.ascontiguousarray(pixels[..., 3]), depth)
    colours = to_8_bits(np.ascontiguousarray(pixels[..., :3]))
    share = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
    # c a + 255 (1 - a), rounded; in 8 bits, as a large picture allows
    clear = cv2.bitwise_not(share)
    return cv2.add(cv2.multiply(colours, share, scale=1 / 255), clear)
