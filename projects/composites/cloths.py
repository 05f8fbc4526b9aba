"""New colours and patterns for a garment that is already in a picture."""

from typing import Optional

import cv2
import numpy as np

from projects.synthfld.chance import chance, pick
from projects.synthfld.fabric import TILE, cloth

from .backdrops import without
from .patch import Patch
from .warps import thin_plate

_KINDS = dict(tint=5, fabric=2, garment=4)
_FEWEST_POINTS = 3


def change_cloth(
    rng: np.random.Generator,
    picture: np.ndarray,
    cover: np.ndarray,
    patch: Optional[Patch] = None,
    points: Optional[np.ndarray] = None,
) -> np.ndarray:
    """A copy of ``picture`` in which ``cover`` has another cloth.

    Args:
        picture (np.ndarray): BGR, (H, W, 3) uint8.
        cover (np.ndarray): (H, W) uint8, 255 on the garment.
        patch (Patch | None): A garment of the same type whose cloth may be
            laid over this one, landmark on landmark.
        points (np.ndarray | None): The landmarks (K, 2), NaN where unknown.
    """
    x, y, width, height = cv2.boundingRect(cover)
    if not width:
        return picture
    window = np.s_[y : y + height, x : x + width]
    part, mask = picture[window], cover[window]
    kind = pick(rng, _KINDS)
    if kind == 'garment' and patch is not None:
        new = _laid_over(patch, points - (x, y), mask.shape)
    else:
        new = None
    if new is None and kind == 'fabric':
        new = _fabric(rng, mask.shape)
    if new is None:
        new = _tinted(rng, part, mask)
    else:
        new = _shaded(new, part, mask)
    soft = cv2.GaussianBlur(mask, (0, 0), 0.8).astype(np.float32) / 255
    result = picture.copy()
    result[window] = cv2.blendLinear(
        new, np.ascontiguousarray(part), soft, 1 - soft
    )
    return result


def _tinted(rng, part, mask):
    """Another hue, saturation and brightness (CIE Lab)."""
    lab = cv2.cvtColor(part, cv2.COLOR_BGR2LAB).astype(np.float32)
    mean = np.array(cv2.mean(lab, mask)[:3])
    detail = lab - mean
    level = np.clip(mean[0] + rng.normal(0, 45), 25, 235)
    # what is dark shows little of its folds, what is bright more
    detail[..., 0] *= np.sqrt((level + 30) / (mean[0] + 30))
    angle, chroma = rng.uniform(0, 2 * np.pi), rng.uniform(0, 45)
    if chance(rng, 0.3):
        chroma *= 0.15
    new = [level, 128 + chroma * np.cos(angle), 128 + chroma * np.sin(angle)]
    lab = np.clip(detail + new, 0, 255).astype(np.uint8)
    return cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)


def _fabric(rng, shape):
    fabric = cloth(rng)
    if fabric.tile is None:
        return np.full((*shape, 3), fabric.bgr, np.uint8)
    scale = rng.uniform(0.3, 1.2) * TILE / max(shape) * 2
    angle = rng.uniform(-0.3, 0.3)
    c, s = scale * np.cos(angle), scale * np.sin(angle)
    return cv2.warpAffine(
        fabric.tile,
        np.array([[c, s, 0], [-s, c, 0]]),
        shape[::-1],
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_WRAP,
    )


def _laid_over(patch: Patch, points, shape):
    """The patch's picture, its landmarks and its box on those here."""
    known = ~np.isnan(points).any(1)
    if known.sum() < _FEWEST_POINTS:
        return None
    height, width = shape
    x, y, w, h = cv2.boundingRect(patch.mask)
    old = [[x, y], [x + w, y], [x, y + h], [x + w, y + h]]
    new = [[0, 0], [width, 0], [0, height], [width, height]]
    warp = thin_plate(
        np.vstack([patch.landmarks[known], old]),
        np.vstack([points[known], new]),
        shape,
        smoothing=4.0,
    )
    image = without(patch.image, np.uint8(patch.mask == 0))
    return warp.picture(image, border=cv2.BORDER_REFLECT_101)


def _shaded(new, part, mask):
    """``new`` in the light and with the folds of ``part``."""
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY).astype(np.float32)
    middle = np.median(grey[mask > 0])
    light = np.clip((grey + 40) / (middle + 40), 0.45, 1.6)
    return np.clip(new * light[..., None], 0, 255).astype(np.uint8)
