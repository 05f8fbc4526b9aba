"""Contact sheets of detections beside the truth."""

from typing import Sequence

import cv2
import numpy as np

from projects.garment_detector.boxes import Labelled
from projects.garment_detector.scoring import Detection

# BGR
COLOURS = {
    'upper': (60, 60, 220),
    'lower': (220, 120, 60),
    'full': (80, 170, 60),
}
_TRUTH = (255, 255, 255)
_HEIGHT, _COLUMNS = 420, 8


def contact_sheet(pictures: Sequence[tuple], threshold: float) -> np.ndarray:
    """Pictures of (image, detections, labelled) in rows of eight.

    Detections above the threshold have their type's colour; labels are thin
    and white, those ignored are not drawn.
    """
    tiles = [drawn(*picture, threshold) for picture in pictures]
    width = max(tile.shape[1] for tile in tiles)
    tiles = [
        np.pad(tile, ((0, 0), (0, width - tile.shape[1]), (0, 0)))
        for tile in tiles
    ]
    blank = [np.zeros_like(tiles[0])] * (-len(tiles) % _COLUMNS)
    tiles += blank
    rows = [
        np.hstack(tiles[i : i + _COLUMNS])
        for i in range(0, len(tiles), _COLUMNS)
    ]
    return np.vstack(rows)


def drawn(
    image: np.ndarray,
    detections: Sequence[Detection],
    labelled: Sequence[Labelled],
    threshold: float,
) -> np.ndarray:
    scale = _HEIGHT / image.shape[0]
    size = (round(image.shape[1] * scale), _HEIGHT)
    image = cv2.resize(image, size)

    def frame(box, colour, thickness):
        x_1, y_1, x_2, y_2 = (round(v * scale) for v in box)
        cv2.rectangle(image, (x_1, y_1), (x_2, y_2), colour, thickness)
        return x_1 + 3, y_1 + 14

    for one in detections:
        if one.score > threshold:
            place = frame(one.box, COLOURS[one.type], 3)
            text = f'{one.type} {one.score:.2f}'
            cv2.putText(image, text, place, 0, 0.45, (0, 0, 0), 3)
            cv2.putText(image, text, place, 0, 0.45, COLOURS[one.type], 1)
    for one in labelled:
        if not one.ignored:
            frame(one.box, _TRUTH, 1)
    return image
