"""All garments of a picture, told apart by their boxes."""

from collections.abc import Sequence
from typing import Optional

import numpy as np
from mmengine.structures import InstanceData

from dfa_mm.structures import Visibility

from .landmarks import draw_landmarks
from .marks import WHITE, draw_box
from .panels import contact_sheet
from .prediction import PANEL_SIZE, draw_stages, enlarge
from .text import draw_note, draw_tag, text_height, with_title

# RGB; blue and orange are the landmarks' own, left and right
TYPE_COLORS = {
    'upper': (255, 225, 60),
    'lower': (90, 235, 130),
    'full': (255, 130, 220),
    None: WHITE,
}
# Marks have their full size on a garment of half the picture's side.
_SIZE_BY_SHARE, _LEAST_SIZE = 2, 0.5


def draw_garments(
    image: np.ndarray,
    preds: Sequence[InstanceData],
    meta: dict,
    types: Sequence[Optional[str]],
    labels: Sequence[str],
    show_boxes: bool = True,
) -> np.ndarray:
    """The landmarks of N garments on their picture; a small one is enlarged.

    Args:
        image (np.ndarray): (H, W, 3) uint8 RGB; is not changed.
        preds (Sequence[InstanceData]): Each of one garment: ``keypoints``
            (1, K, 2), ``landmark_visibility`` (1, K), ``bboxes`` (1, 4).
        meta (dict): The set's parsed meta, ``LandmarkSet.metainfo()``.
        types (Sequence): N clothes types, for the boxes' colours.
        labels (Sequence[str]): What to write at the boxes.
        show_boxes (bool): Draw boxes and labels, beneath the landmarks.
    """
    image, factor = enlarge(image)
    canvas = np.ascontiguousarray(image).copy()
    if not preds:
        return canvas
    boxes = np.concatenate([pred.bboxes for pred in preds]) * factor
    points = np.concatenate([pred.keypoints for pred in preds]) * factor
    states = np.concatenate([pred.landmark_visibility for pred in preds])
    size = _mark_size(boxes, canvas.shape) if show_boxes else 1.0
    height = round(size * text_height(canvas))
    notes = [_cut_off(row, meta) for row in states]
    if show_boxes:
        notes = [
            note and f'{name} {note}' for name, note in zip(labels, notes)
        ]
        colors = [TYPE_COLORS[kind] for kind in types]
        for box, color in zip(boxes, colors):
            draw_box(canvas, box, color, size)
        for box, color, label in zip(boxes, colors, labels):
            draw_tag(canvas, label, box[:2], color, height)
    if any(notes):
        text = f'cut off: {"; ".join(filter(None, notes))}'
        draw_note(canvas, text, height)
    return draw_landmarks(canvas, points, states, meta, size, note=False)


def _mark_size(boxes: np.ndarray, shape: Sequence[int]) -> float:
    """How large marks are: those of small garments would hide them."""
    sides = (boxes[:, 2:] - boxes[:, :2]).max(1)
    share = np.median(sides) / max(shape[:2])
    return float(np.clip(_SIZE_BY_SHARE * share, _LEAST_SIZE, 1))


def _cut_off(states: np.ndarray, meta: dict) -> str:
    """``L hem``, or ``hem`` where both are cut off; empty if nothing is."""
    names = [
        meta['keypoint_id2name'][int(k)]
        for k in np.flatnonzero(states == Visibility.TRUNCATED)
    ]
    sides = {}  # in order
    for name in names:
        side, _, part = name.rpartition(' ')
        sides.setdefault(part, []).append(side[:1].upper())
    return ', '.join(
        part if len(found) > 1 else f'{found[0]} {part}'.strip()
        for part, found in sides.items()
    )


def draw_garment_stages(
    image: np.ndarray,
    preds: Sequence[InstanceData],
    meta: dict,
    labels: Sequence[str],
    show_boxes: bool = True,
    panel_size: int = PANEL_SIZE,
) -> np.ndarray:
    """A row of stages for every garment, as :func:`draw_stages`.

    Args:
        show_boxes (bool): Show the garment's box and name it, not the whole
            picture.
    """
    if not preds:
        return draw_garments(image, preds, meta, [], [])
    rows = []
    for pred, label in zip(preds, labels):
        box = pred.bboxes[0] if show_boxes else None
        row = draw_stages(image, pred, meta, box, panel_size)
        rows.append(with_title(row, label) if show_boxes else row)
    return contact_sheet(rows, columns=1)
