"""A page of samples with their labels, to look at."""

from typing import List

import cv2
import numpy as np

from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    VARIATION_TYPES,
    Visibility,
)
from dfa_mm.structures.landmark_sets import LEFT_COLOR, RIGHT_COLOR

from .sample import SynthSample

COLUMNS, CELL, CAPTION = 8, 256, 16


def draw_sample(sample: SynthSample) -> np.ndarray:
    """One cell: filled visible, hollow occluded, truncated counted."""
    cell = np.full((CELL + CAPTION, CELL, 3), 255, np.uint8)
    scale = CELL / max(sample.image.shape[:2])
    picture = cv2.resize(sample.image, None, fx=scale, fy=scale)
    _draw_labels(picture, sample, scale)
    height, width = picture.shape[:2]
    cell[:height, :width] = picture[:CELL, :CELL]
    kind = CLOTHES_TYPES[sample.clothes_type]
    text = f'{kind}, {VARIATION_TYPES[sample.variation_type]}'
    _write(cell, text, (3, CELL + 12), (0, 0, 0))
    return cell


def _draw_labels(picture, sample, scale):
    x1, y1, x2, y2 = (sample.bbox * scale).astype(int).tolist()
    cv2.rectangle(picture, (x1, y1), (x2, y2), (0, 255, 0), 1)
    names = FLD_SETS[CLOTHES_TYPES[sample.clothes_type]].landmarks
    rows = zip(names, sample.landmarks * scale, sample.visibility)
    for name, point, code in rows:
        if code != Visibility.TRUNCATED:
            rgb = LEFT_COLOR if name.startswith('left') else RIGHT_COLOR
            fill = -1 if code == Visibility.VISIBLE else 1
            center = np.round(point).astype(int).tolist()
            cv2.circle(picture, center, 5, (0, 0, 0), 1, cv2.LINE_AA)
            cv2.circle(picture, center, 4, rgb[::-1], fill, cv2.LINE_AA)
    cut = int(np.sum(sample.visibility == Visibility.TRUNCATED))
    if cut:
        _write(picture, f'{cut} cut off', (3, 12), (0, 0, 255))


def _write(picture, text, corner, bgr):
    cv2.putText(
        picture, text, corner, cv2.FONT_HERSHEY_SIMPLEX, 0.42, bgr, 1,
        cv2.LINE_AA,
    )  # fmt: skip


def contact_sheet(samples: List[SynthSample]) -> np.ndarray:
    cells = [draw_sample(sample) for sample in samples]
    blank = np.full_like(cells[0], 255)
    cells += [blank] * (-len(cells) % COLUMNS)
    rows = [
        np.hstack(cells[i : i + COLUMNS])
        for i in range(0, len(cells), COLUMNS)
    ]
    return np.vstack(rows)
