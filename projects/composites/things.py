"""Things cut out of street photographs that stand in front of garments."""

from dataclasses import dataclass
from typing import List, Sequence

import cv2
import numpy as np

from projects.synthfld.chance import chance, pick

from .canvas import Canvas
from .street_photos import StreetPhoto

TAGS = ('bag', 'purse', 'wallet', 'skin')
_LOWEST_FACE = 0.3  # of the photograph's height; what is above is a head
_COUNTS = {0: 60, 1: 30, 2: 10}
_AREA = (0.002, 0.06)  # of the photograph
_TRIES = 8
_SIZE = (0.12, 0.38)  # long side, of the picture's


@dataclass(frozen=True)
class Things:
    """Photographs in whose masks things are found."""

    photos: Sequence[StreetPhoto]

    def put(
        self, rng: np.random.Generator, canvas: Canvas, points: np.ndarray
    ) -> None:
        """Paste none, one or two near landmarks (K, 2)."""
        near = points[~np.isnan(points).any(1)]
        if not len(near) or not self.photos:
            return
        for _ in range(pick(rng, _COUNTS)):
            thing = self._draw(rng)
            if thing is not None:
                spot = near[int(rng.integers(len(near)))]
                _paste(rng, canvas, thing, spot)

    def _draw(self, rng):
        for _ in range(_TRIES):
            photo = self.photos[int(rng.integers(len(self.photos)))]
            mask = cv2.imread(str(photo.mask), cv2.IMREAD_GRAYSCALE)
            found = components(mask, photo.labels)
            if found:
                x, y, w, h, part = found[int(rng.integers(len(found)))]
                picture = cv2.imread(str(photo.picture))
                window = np.s_[y : y + h, x : x + w]
                return picture[window], np.uint8(part[window]) * 255
        return None


def components(mask: np.ndarray, labels: Sequence[str]) -> List:
    """Connected parts of fitting size: x, y, width, height, where (H, W)."""
    found = []
    for tag in np.unique(mask):
        if labels[tag] not in TAGS:
            continue
        count, parts, stats, _ = cv2.connectedComponentsWithStats(
            np.uint8(mask == tag)
        )
        for i in range(1, count):
            x, y, w, h, area = stats[i]
            fits = _AREA[0] * mask.size < area < _AREA[1] * mask.size
            if fits and y > _LOWEST_FACE * len(mask):
                found.append((x, y, w, h, parts == i))
    return found


def _paste(rng, canvas: Canvas, thing, spot) -> None:
    picture, alpha = thing
    height, width = canvas.top.shape
    size = rng.uniform(*_SIZE) * max(height, width)
    scale = size / max(alpha.shape)
    flip = -1 if chance(rng, 0.5) else 1
    angle = np.deg2rad(rng.normal(0, 25))
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    matrix = np.array([[flip * c, -s, 0], [flip * s, c, 0]])
    middle = np.array(alpha.shape[::-1]) / 2
    goal = spot + rng.normal(0, 0.35, 2) * size
    matrix[:, 2] = goal - matrix[:, :2] @ middle
    moved, cover = (
        cv2.warpAffine(a, matrix, (width, height)) for a in (picture, alpha)
    )
    canvas.paste(moved, cover, rng.uniform(0, 0.5))
