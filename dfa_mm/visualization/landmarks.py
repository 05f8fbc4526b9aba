"""One garment's landmarks on a picture, by visibility."""

import numpy as np

from dfa_mm.structures import Visibility, has_position

from .marks import draw_disc, draw_line, draw_ring, mark_radius
from .text import draw_note, text_height, write

_SIDES = {'left': 'L', 'right': 'R'}


def draw_landmarks(
    image: np.ndarray,
    landmarks: np.ndarray,
    visibility: np.ndarray,
    meta: dict,
    size: float = 1.0,
    note: bool = True,
    show_index: bool = False,
) -> np.ndarray:
    """Draw landmarks so that their state shows.

    Visible: filled disc. Occluded: hollow ring. Truncated: named in a strip
    along the lower edge. Absent, or not finite: nothing. Limbs are drawn
    between landmarks that have a position.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB; is not changed.
        landmarks (np.ndarray): (K, 2) in its pixels.
        visibility (np.ndarray): (K,) :class:`Visibility` codes.
        meta (dict): The set's parsed meta, ``LandmarkSet.metainfo()``.
        size (float): Factor on the marks' size, which follows the picture's.
        note (bool): Whether truncated landmarks are named.
        show_index (bool): Whether landmarks are numbered.

    Returns:
        np.ndarray: (H, W, 3) uint8 RGB.

    Raises:
        ValueError: If the numbers of landmarks disagree.
    """
    landmarks = np.asarray(landmarks, dtype=np.float64)
    visibility = np.asarray(visibility)
    _check_count(landmarks, visibility, meta)
    canvas = np.ascontiguousarray(image).copy()
    radius = mark_radius(canvas, size)
    placed = has_position(visibility) & np.isfinite(landmarks).all(axis=1)

    for (a, b), color in _limbs(meta):
        if placed[a] and placed[b]:
            draw_line(canvas, landmarks[a], landmarks[b], radius, color)
    colors = _colors(meta['keypoint_colors'])
    for k in np.flatnonzero(placed):
        seen = visibility[k] == Visibility.VISIBLE
        draw = draw_disc if seen else draw_ring
        draw(canvas, landmarks[k], radius, colors[k])
        if show_index:
            _write_index(canvas, landmarks[k], radius, k)
    text = truncation_note(visibility, meta)
    if note and text:
        draw_note(canvas, text)
    return canvas


def draw_garments(
    image: np.ndarray,
    landmarks: np.ndarray,
    visibility: np.ndarray,
    meta: dict,
    size: float = 1.0,
    show_index: bool = False,
) -> np.ndarray:
    """:func:`draw_landmarks` of N garments, with one note for all.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB; is not changed.
        landmarks (np.ndarray): (N, K, 2) in its pixels.
        visibility (np.ndarray): (N, K) :class:`Visibility` codes.
        meta (dict), size (float), show_index (bool): As there.
    """
    canvas = np.ascontiguousarray(image).copy()
    notes = []
    for points, states in zip(landmarks, visibility):
        canvas = draw_landmarks(
            canvas,
            points,
            states,
            meta,
            size=size,
            note=False,
            show_index=show_index,
        )
        notes.append(truncation_note(states, meta))
    if any(notes):
        draw_note(canvas, '; '.join(note for note in notes if note))
    return canvas


def truncation_note(visibility: np.ndarray, meta: dict) -> str:
    """``'cut off: L hem, R hem'``; empty if nothing is truncated."""
    names = [
        _short(meta['keypoint_id2name'][k])
        for k in np.flatnonzero(visibility == Visibility.TRUNCATED)
    ]
    return f'cut off: {", ".join(names)}' if names else ''


def _short(name: str) -> str:
    side, _, rest = name.partition(' ')
    return f'{_SIDES[side]} {rest}' if side in _SIDES else name


def _limbs(meta: dict):
    links = meta.get('skeleton_links') or []
    return zip(links, _colors(meta['skeleton_link_colors']))


def _colors(colors) -> list[tuple[int, int, int]]:
    """The meta's RGB colours as OpenCV wants them."""
    return [tuple(int(c) for c in color) for color in colors]


def _write_index(canvas, point, radius: int, index: int) -> None:
    x, y = (round(float(c)) + radius for c in point)
    write(canvas, str(index), (x, y), text_height(canvas))


def _check_count(landmarks, visibility, meta) -> None:
    count = meta['num_keypoints']
    if landmarks.shape != (count, 2) or visibility.shape != (count,):
        raise ValueError(
            f'landmarks {landmarks.shape} and visibility {visibility.shape} '
            f'must be (K, 2) and (K,) with K = {count}'
        )
