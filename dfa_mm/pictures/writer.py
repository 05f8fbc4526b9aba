"""Pictures to files, under any name."""

from pathlib import Path

import cv2
import numpy as np

from dfa_mm.errors import InputError
from dfa_mm.files import AnyPath, replacing
from dfa_mm.names import shown


def can_write(path: AnyPath) -> bool:
    """Whether a name ends as a kind of picture that is written does."""
    suffix = Path(path).suffix
    return suffix.isascii() and cv2.haveImageWriter(f'x{suffix}')


def write(path: AnyPath, image: np.ndarray) -> None:
    """An (H, W, 3) BGR picture, whole or not at all.

    OpenCV writes no file by itself: it crashes on names that are not UTF-8.

    Raises:
        InputError: If the name is of no picture, or it cannot be written.
    """
    if not can_write(path):
        raise InputError(
            f'{shown(path)} names no kind of picture; end it in .png or .jpg'
        )
    try:
        content = cv2.imencode(Path(path).suffix, image)[1]
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    except (OSError, cv2.error) as error:
        reason = getattr(error, 'strerror', None) or error
        raise InputError(
            f'{shown(path)} cannot be written: {shown(reason)}'
        ) from error
