"""Which way up: EXIF's eight orientations."""

import struct

import numpy as np
from PIL import ExifTags, Image

# by the side of the picture at which the file's rows and columns begin
_TRANSPOSED = (5, 6, 7, 8)
_FROM_RIGHT = (2, 3, 6, 7)
_FROM_BELOW = (3, 4, 7, 8)


def upright(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """(H, W, ...) as it is to be seen; a view. 6 is turned clockwise.

    What is no orientation turns nothing.
    """
    if orientation in _TRANSPOSED:
        pixels = pixels.swapaxes(0, 1)
    if orientation in _FROM_RIGHT:
        pixels = pixels[:, ::-1]
    return pixels[::-1] if orientation in _FROM_BELOW else pixels


def is_transposed(orientation: int) -> bool:
    """Whether width and height change places."""
    return orientation in _TRANSPOSED


def orientation_of(image: Image.Image) -> int:
    """1 where nothing is said, or nothing that can be read, as viewers do."""
    try:
        return image.getexif().get(ExifTags.Base.Orientation, 1)
    except (SyntaxError, ValueError, KeyError, struct.error):
        return 1
