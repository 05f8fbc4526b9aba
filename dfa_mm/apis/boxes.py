"""Where the garment is, in pixels of its picture."""

from typing import Optional, Sequence

import numpy as np

from .errors import InputError


def clip_box(
    box: Optional[Sequence[float]], image: np.ndarray, name: str = ''
) -> np.ndarray:
    """The part (4,) of a box x1 y1 x2 y2 within the picture (H, W, ...).

    Args:
        box (Sequence[float], optional): By default the whole picture.
        image (np.ndarray): The picture.
        name (str): What to call it in an error.

    Raises:
        InputError: If nothing of the box lies within the picture.
    """
    height, width = image.shape[:2]
    if box is None:
        return np.array([0, 0, width, height], dtype=np.float32)
    box = np.array(box, dtype=np.float32)
    if box.shape != (4,):
        raise InputError(f'a box is x1 y1 x2 y2, not {box.tolist()}')
    clipped = box.reshape(2, 2).clip(0, (width, height)).reshape(4)
    if not (clipped[2:] > clipped[:2]).all():  # also if a number is NaN
        raise InputError(
            f'the box {box.tolist()} covers nothing of the picture'
            f'{" " * bool(name)}{name}, which is {width} x {height}; expected '
            'x1 y1 x2 y2 with x1 < x2, y1 < y2'
        )
    return clipped
