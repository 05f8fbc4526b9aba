"""Pictures that somebody else has read."""

import numpy as np

from dfa_mm.errors import InputError
from dfa_mm.names import shown

from .depth import to_bgr


def as_picture(image: np.ndarray, name: str = 'the array') -> np.ndarray:
    """An array as :func:`read` would have read it from a file.

    Takes (H, W), (H, W, 1), (H, W, 3) BGR or (H, W, 4) BGRA, of uint8 or
    uint16.

    Raises:
        InputError: Tells name, shape and type of anything else.
    """
    if not isinstance(image, np.ndarray):
        raise InputError(
            f'{shown(name)} is a {type(image).__name__}; expected an array'
        )
    channels = image.shape[2] if image.ndim == 3 else 1
    if (
        image.ndim not in (2, 3)
        or channels not in (1, 3, 4)
        or image.dtype not in (np.uint8, np.uint16)
        or not image.size
    ):
        raise InputError(
            f'{shown(name)} is {image.dtype} {image.shape}; expected a '
            'picture (H, W), (H, W, 3) in BGR or (H, W, 4) of uint8 or uint16'
        )
    return np.ascontiguousarray(to_bgr(image))
