"""The three protocols under which NE is reported; numbers of different
protocols must not be compared.

``image``   x by image width, y by image height; every landmark that has a
            position. The paper's words, Sect. 4: "divided by the
            width/height of the image".
``box``     x by box width, y by box height; visible landmarks only. Used by
            GLE and most later papers.
``square``  by the long side of the box; every landmark that has a position.
            The frame of the authors' released networks.
"""

from typing import Callable, NamedTuple

import numpy as np

from dfa_mm.structures import Visibility, has_position


def box_size(boxes) -> np.ndarray:
    """Width and height (N, 2) of boxes (N, 4), x1 y1 x2 y2."""
    boxes = np.asarray(boxes, dtype=np.float64)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f'boxes {boxes.shape} must be (N, 4)')
    return boxes[:, 2:] - boxes[:, :2]


def box_long_side(boxes) -> np.ndarray:
    """Long side (N,); NaN for a box without a positive width and height."""
    size = box_size(boxes)
    return np.where((size > 0).all(axis=1), size.max(axis=1), np.nan)


def is_visible(visibility) -> np.ndarray:
    """(N, K) bool: neither hidden, cut off nor absent."""
    return np.asarray(visibility) == Visibility.VISIBLE


class Protocol(NamedTuple):
    """What an error is divided by and which landmarks take part."""

    # image sizes (N, 2), boxes (N, 4) -> pixels, (N, 2) or (N,)
    norm: Callable[[np.ndarray, np.ndarray], np.ndarray]
    # true visibility (N, K) -> (N, K) bool
    mask: Callable[[np.ndarray], np.ndarray]


PROTOCOLS = {
    'image': Protocol(lambda image_sizes, boxes: image_sizes, has_position),
    'box': Protocol(lambda image_sizes, boxes: box_size(boxes), is_visible),
    'square': Protocol(
        lambda image_sizes, boxes: box_long_side(boxes), has_position
    ),
}
