"""What stands behind a composite: streets, floors, drawn rooms."""

from dataclasses import dataclass
from typing import Sequence, Tuple

import cv2
import numpy as np

from projects.synthfld.background import sample_background
from projects.synthfld.chance import chance, pick

from .flat_cutouts import FlatGarment
from .street_photos import StreetPhoto

_LEAST_STRIP = 24  # pixels of floor beside a garment that are worth showing
# Shares of street, floor and drawn backdrops.
OUTDOORS = dict(street=6, floor=1, drawn=2)
INDOORS = dict(street=1, floor=6, drawn=3)


@dataclass(frozen=True)
class Backdrops:
    """Photographs to take backdrops from; any list may be empty.

    Args:
        photos (sequence): Street photographs with masks of the person.
        floors (sequence): Garments whose surroundings are shown.
    """

    photos: Sequence[StreetPhoto]
    floors: Sequence[FlatGarment]

    def sample(
        self, rng: np.random.Generator, shape: Tuple[int, int], shares: dict
    ) -> np.ndarray:
        """A BGR picture, (H, W, 3) uint8."""
        kind = pick(rng, shares)
        if kind == 'street' and self.photos:
            photo = self.photos[int(rng.integers(len(self.photos)))]
            return street(rng, photo, shape)
        if kind == 'floor' and self.floors:
            garment = self.floors[int(rng.integers(len(self.floors)))]
            return floor(rng, garment, shape)
        return sample_background(rng, shape)


def street(rng, photo: StreetPhoto, shape) -> np.ndarray:
    """A street photograph without its person, more or less blurred."""
    scale = 0.5
    picture, mask = photo.read()
    picture, mask = (
        cv2.resize(a, None, fx=scale, fy=scale, interpolation=how)
        for a, how in ((picture, cv2.INTER_AREA), (mask, cv2.INTER_NEAREST))
    )
    person = cv2.dilate(np.uint8(mask > 0), np.ones((9, 9), np.uint8))
    picture = without(picture, person)
    height, width = picture.shape[:2]
    part = rng.uniform(0.45, 1.0)
    wide = max(8, int(min(width, height * shape[1] / shape[0]) * part))
    high = max(8, min(height, int(wide * shape[0] / shape[1])))
    y = int(rng.integers(height - high + 1))
    x = int(rng.integers(width - wide + 1))
    picture = picture[y : y + high, x : x + wide]
    if chance(rng, 0.5):
        picture = picture[:, ::-1]
    picture = cv2.resize(picture, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 4))


def without(picture: np.ndarray, hole: np.ndarray) -> np.ndarray:
    """``hole`` (H, W), 0 or 1, filled from its surroundings."""
    result = picture.astype(np.float32)
    known = (1 - hole).astype(np.float32)
    total, weight = np.zeros_like(result), np.full_like(known, 1e-6)
    for side, share in ((15, 1.0), (51, 1e-2), (151, 1e-4)):
        total += share * cv2.blur(result * known[..., None], (side, side))
        weight += share * cv2.blur(known, (side, side))
    filled = total / weight[..., None]
    result[hole > 0] = filled[hole > 0]
    return np.clip(result, 0, 255).astype(np.uint8)


def floor(rng, garment: FlatGarment, shape) -> np.ndarray:
    """What lies beside a garment, mirrored until it fills the picture."""
    picture = cv2.imread(str(garment.image))
    strip = _strip(picture, garment.box)
    if min(strip.shape[:2]) < _LEAST_STRIP:
        return sample_background(rng, shape)
    scale = rng.uniform(0.7, 1.3) * max(shape) / max(picture.shape[:2])
    strip = cv2.resize(strip, None, fx=scale, fy=scale)
    if chance(rng, 0.5):
        strip = np.ascontiguousarray(strip.transpose(1, 0, 2))
    mirrored = np.vstack([strip, strip[::-1]])
    mirrored = np.hstack([mirrored, mirrored[:, ::-1]])
    repeats = [-(-n // m) for n, m in zip(shape, mirrored.shape)]
    tiled = np.tile(mirrored, (*repeats, 1))[: shape[0], : shape[1]]
    return np.ascontiguousarray(tiled)


def _strip(picture, box):
    """The widest strip between the garment's box and the picture's edge."""
    height, width = picture.shape[:2]
    x1, y1, x2, y2 = (int(v) for v in box)
    strips = [
        picture[: max(0, y1 - 4)],
        picture[min(height, y2 + 4) :],
        picture[:, : max(0, x1 - 4)],
        picture[:, min(width, x2 + 4) :],
    ]
    return max(strips, key=lambda strip: min(strip.shape[:2]))
