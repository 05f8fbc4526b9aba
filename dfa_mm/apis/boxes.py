"""Boxes as people and detectors give them, checked before the work."""

from typing import List, Optional

import numpy as np

from .errors import InputError

_EXPECTED = 'expected rows of x1 y1 x2 y2 in pixels'
_FAR = 1e9  # pixels, beyond every picture; float32 has no 1e300
_NUMBERS = 'iuf'  # NumPy's kinds


def as_boxes(boxes, whose: str = '') -> Optional[np.ndarray]:
    """(N, 4) float32 of the boxes of one picture; ``None`` is all of it.

    Takes (N, 4) and (4,), lists, arrays or tensors. No row means no garment.

    Raises:
        InputError: Tells what else it is; ``whose`` begins the sentence.
    """
    if boxes is None:
        return None
    try:
        array = np.asarray(boxes)
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(
            f'{whose}boxes are {_told(boxes)}; {_EXPECTED}'
        ) from error
    if array.size == 0 and array.ndim in (1, 2):
        return np.zeros((0, 4), np.float32)
    if array.dtype.kind not in _NUMBERS:
        raise InputError(f'{whose}boxes are {_told(boxes)}; {_EXPECTED}')
    if array.shape != (4,) and (array.ndim != 2 or array.shape[1] != 4):
        hint = ''
        if array.ndim == 2 and array.shape[1] in (5, 6):
            hint = ': leave out the scores, boxes[:, :4]'
        raise InputError(
            f'{whose}boxes have the shape {array.shape}; {_EXPECTED}{hint}'
        )
    if not np.isfinite(array).all():
        raise InputError(
            f'{whose}boxes have a number that is not finite; {_EXPECTED}'
        )
    return array.clip(-_FAR, _FAR).astype(np.float32).reshape(-1, 4)


def boxes_of_one(bboxes) -> Optional[np.ndarray]:
    """Of the only picture, perhaps in a list of one entry per picture."""
    if _is_sequence(bboxes) and len(bboxes) == 1 and _is_entry(bboxes[0]):
        return as_boxes(bboxes[0])
    return as_boxes(bboxes)


def boxes_of_many(bboxes, count: int) -> List[Optional[np.ndarray]]:
    """One entry for each of the pictures.

    Raises:
        InputError: If there are more or fewer, or one is no box.
    """
    per_picture = 'give one entry per picture, None for a whole one'
    if not _is_sequence(bboxes):
        raise InputError(
            f'boxes are {_told(bboxes)} for {count} pictures; {per_picture}'
        )
    if any(entry is not None and np.ndim(entry) == 0 for entry in bboxes):
        raise InputError(
            f'there is one box for {count} pictures; {per_picture}'
        )
    if len(bboxes) != count:
        raise InputError(
            f'there are boxes for {len(bboxes)} pictures, but {count} '
            f'pictures; {per_picture}'
        )
    return [
        as_boxes(entry, f'of picture {number}, ')
        for number, entry in enumerate(bboxes, start=1)
    ]


def _is_sequence(value) -> bool:
    return hasattr(value, '__getitem__') and not isinstance(
        value, (str, bytes, dict)
    )


def _is_entry(value) -> bool:
    """Whether it is a picture's boxes, not one box or a number."""
    if value is None or (_is_sequence(value) and len(value) == 0):
        return True
    return _is_sequence(value) and _is_sequence(value[0])


def _told(value) -> str:
    """In one short line."""
    text = ' '.join(str(value).split())
    return text if len(text) <= 60 else f'{text[:60]}...'
