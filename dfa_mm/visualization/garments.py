"""All garments of a picture, told apart by their boxes."""

from collections.abc import Sequence
from typing import Optional

import numpy as np
from mmengine.structures import InstanceData

from .landmarks import draw_landmarks, truncation_note
from .marks import WHITE, draw_box
from .panels import contact_sheet
from .prediction import PANEL_SIZE, draw_stages, enlarge
from .text import draw_note, draw_tag, with_title

# RGB; blue and orange are the landmarks' own, left and right
TYPE_COLORS = {
    'upper': (255, 225, 60),
    'lower': (90, 235, 130),
    'full': (255, 130, 220),
    None: WHITE,
}


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
    if show_boxes:
        for pred, kind in zip(preds, types):
            draw_box(canvas, pred.bboxes[0] * factor, TYPE_COLORS[kind])
        for pred, kind, label in zip(preds, types, labels):
            corner = pred.bboxes[0][:2] * factor
            draw_tag(canvas, label, corner, TYPE_COLORS[kind])
    states = np.concatenate([p.landmark_visibility for p in preds])
    points = np.concatenate([p.keypoints for p in preds]) * factor
    canvas = draw_landmarks(canvas, points, states, meta, note=False)
    notes = [truncation_note(row, meta) for row in states]
    if show_boxes:
        notes = [n and f'{label}, {n}' for label, n in zip(labels, notes)]
    if any(notes):
        draw_note(canvas, '; '.join(filter(None, notes)))
    return canvas


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
