"""Landmarks on a picture, by visibility, and how far off they are."""

import numpy as np

from dfa_mm.structures import Visibility, has_position

from .marks import (
    MAGENTA,
    draw_cross,
    draw_disc,
    draw_line,
    draw_ring,
    mark_radius,
)
from .text import draw_note, text_height, write


def draw_landmarks(
    image: np.ndarray,
    landmarks: np.ndarray,
    visibility: np.ndarray,
    meta: dict,
    size: float = 1.0,
    note: bool = True,
    show_index: bool = False,
) -> np.ndarray:
    """A copy of a picture with one or several garments' landmarks.

    Visible: filled disc. Occluded: hollow ring. Truncated: named in a strip
    along the lower edge. Absent, or not finite: nothing. Limbs are drawn
    between landmarks that have a position.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB.
        landmarks (np.ndarray): (K, 2) or (N, K, 2) in its pixels.
        visibility (np.ndarray): (K,) or (N, K) :class:`Visibility` codes.
        meta (dict): The set's parsed meta, ``LandmarkSet.metainfo()``.
        size (float): Factor on the marks' size, which follows the picture's.
        note (bool): Whether truncated landmarks are named.
        show_index (bool): Whether landmarks are numbered.

    Raises:
        ValueError: If the numbers of landmarks disagree.
    """
    landmarks = np.asarray(landmarks, dtype=np.float64)
    visibility = np.asarray(visibility)
    count = meta['num_keypoints']
    if landmarks.shape != (*visibility.shape[:-1], count, 2) or (
        visibility.shape[-1] != count
    ):
        raise ValueError(
            f'landmarks {landmarks.shape} and visibility {visibility.shape} '
            f'must be (K, 2) and (K,), or (N, K, 2) and (N, K), with K = '
            f'{count}'
        )
    canvas = np.ascontiguousarray(image).copy()
    radius = mark_radius(canvas, size)
    garments = visibility.reshape(-1, count)
    for points, states in zip(landmarks.reshape(-1, count, 2), garments):
        _draw_garment(canvas, points, states, meta, radius, show_index)
    cut_off = [truncation_note(states, meta) for states in garments]
    if note and any(cut_off):
        draw_note(canvas, '; '.join(filter(None, cut_off)))
    return canvas


def _draw_garment(
    canvas, landmarks, visibility, meta, radius: int, show_index: bool
) -> None:
    placed = has_position(visibility) & np.isfinite(landmarks).all(axis=1)
    limbs = zip(
        meta.get('skeleton_links') or [], _colors(meta['skeleton_link_colors'])
    )
    for (a, b), color in limbs:
        if placed[a] and placed[b]:
            draw_line(canvas, landmarks[a], landmarks[b], radius, color)
    colors = _colors(meta['keypoint_colors'])
    for k in np.flatnonzero(placed):
        seen = visibility[k] == Visibility.VISIBLE
        draw = draw_disc if seen else draw_ring
        draw(canvas, landmarks[k], radius, colors[k])
        if show_index:
            x, y = (round(float(c)) + radius for c in landmarks[k])
            write(canvas, str(k), (x, y), text_height(canvas))


def truncation_note(visibility: np.ndarray, meta: dict) -> str:
    """``'cut off: L hem, R hem'``; empty if nothing is truncated."""
    names = [
        meta['keypoint_id2name'][k]
        .replace('left ', 'L ')
        .replace('right ', 'R ')
        for k in np.flatnonzero(visibility == Visibility.TRUNCATED)
    ]
    return f'cut off: {", ".join(names)}' if names else ''


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
    finite = np.isfinite([landmarks, truth]).all(axis=(0, 2))
    for k in np.flatnonzero(known & finite):
        draw_line(canvas, landmarks[k], truth[k], radius, MAGENTA, gaps=(1, 0))
        draw_cross(canvas, truth[k], radius, MAGENTA)
    return canvas


def _colors(colors) -> list[tuple[int, int, int]]:
    """The meta's RGB colours as OpenCV wants them."""
    return [tuple(int(c) for c in color) for color in colors]
