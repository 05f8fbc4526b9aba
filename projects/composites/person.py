"""Labelled people of street photographs: bent, dressed anew, elsewhere."""

from typing import Tuple

import cv2
import numpy as np

from dfa_mm.structures import CLOTHES_TYPES, FLD_SETS, Visibility
from projects.synthfld.chance import chance, pick
from projects.synthfld.degrade import degrade
from projects.synthfld.framing import (
    NORMAL,
    ZOOMS,
    sample_camera,
    variation,
)
from projects.synthfld.sample import LabelledPicture
from projects.synthfld.view import Camera

from .backdrops import OUTDOORS
from .canvas import Canvas, is_hidden, tight_box
from .cloths import change_cloth
from .finish import LEAST_VISIBLE
from .misfit import MisfitError
from .street_photos import COLLECTION_WIDTH, WornGarment
from .warps import Warp, thin_plate

_KINDS = {NORMAL: 8, 4: 1, 5: 1}
_BEND = 0.022  # of the picture's long side, standard deviation
_ROWS, _COLUMNS = 5, 4
_OWN_PLACE = 0.3  # how often the photograph's background stays
_MOST_BEYOND = 0.02  # of the picture that may lie beyond the photograph
_MOST_FOLDED = 0.002
_NEW_CLOTH, _NEW_OTHERS = 0.75, 0.35
_KEPT_TAGS = frozenset(['null', 'skin', 'hair'])


def compose_person(
    rng, shape, garment: WornGarment, wardrobe, backdrops, things
) -> LabelledPicture:
    """Raises MisfitError where the labels cannot follow."""
    picture, mask = photograph(garment)
    points = in_photograph(garment, garment.landmarks)
    kind = pick(rng, _KINDS)
    warp = _warp(rng, garment, points, shape, kind)
    worn = warp.picture(mask, cv2.INTER_NEAREST)
    inside = warp.picture(np.full(mask.shape, 255, np.uint8))
    own = np.uint8(worn == garment.tag) * 255
    if warp.folded_share(inside) > _MOST_FOLDED or not own.any():
        raise MisfitError('the picture folds over')
    new = _moved(warp, points, garment.visibility)
    person = warp.picture(picture, border=cv2.BORDER_REPLICATE)
    person = _dress_anew(rng, person, worn, garment, new, wardrobe)
    canvas = _placed(rng, person, worn, inside, backdrops)
    things.put(rng, canvas, new)
    visibility = _visibility(garment, new, own, canvas)
    box = _box(warp, garment, own, new)
    return _composite(rng, canvas.picture, garment, kind, new, visibility, box)


def photograph(garment: WornGarment) -> Tuple[np.ndarray, np.ndarray]:
    """The photograph as the collection has it, and its mask.

    The crop's sharper pixels take their place in it.
    """
    picture, mask = garment.photo.read()
    height = round(picture.shape[0] * COLLECTION_WIDTH / picture.shape[1])
    size = (COLLECTION_WIDTH, height)
    picture = cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)
    mask = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)
    x1, y1, x2, y2 = garment.window
    x2, y2 = min(x2, size[0]), min(y2, size[1])
    crop = cv2.imread(str(garment.crop))
    crop = cv2.resize(crop, (garment.window[2:] - garment.window[:2]).tolist())
    picture[y1:y2, x1:x2] = crop[: y2 - y1, : x2 - x1]
    return picture, mask


def in_photograph(garment: WornGarment, points: np.ndarray) -> np.ndarray:
    """Points (N, 2) of the crop in the collection's photograph, pixels."""
    size = cv2.imread(str(garment.crop)).shape[1::-1]
    scale = (garment.window[2:] - garment.window[:2]) / np.array(size)
    return (points + 0.5) * scale - 0.5 + garment.window[:2]


def _corners(box):
    x1, y1, x2, y2 = box
    return np.array([[x1, y1], [x2, y1], [x2, y2], [x1, y2]], float)


def _warp(rng, garment, points, shape, kind) -> Warp:
    corners = in_photograph(garment, _corners(garment.box))
    camera = sample_camera(
        rng, corners, points, shape, garment.clothes_type, kind
    )
    if camera is None:
        raise MisfitError('no camera')
    y, x = np.mgrid[0 : 1 : _ROWS * 1j, 0 : 1 : _COLUMNS * 1j]
    new = np.stack([x.ravel(), y.ravel()], 1) * shape[::-1]
    bent = new + rng.normal(0, _BEND * max(shape), new.shape)
    return thin_plate(_undone(camera, bent), new, shape)


def _undone(camera: Camera, pixels: np.ndarray) -> np.ndarray:
    c, s = np.cos(camera.angle), np.sin(camera.angle)
    turned = (pixels - camera.shift) / camera.scale
    return turned @ np.array([[c, -s], [s, c]])


def _moved(warp, points, visibility):
    new = warp.points(points)
    new[visibility == Visibility.TRUNCATED] = np.nan
    return new


def _dress_anew(rng, person, worn, garment, new, wardrobe):
    """New cloth for the garment and some of what else is worn."""
    labels = garment.photo.labels
    for tag in np.unique(worn):
        cover = np.uint8(worn == tag) * 255
        if tag == garment.tag and chance(rng, _NEW_CLOTH):
            pattern = wardrobe.draw(rng, garment.clothes_type)
            person = change_cloth(rng, person, cover, pattern.patch, new)
        elif labels[tag] not in _KEPT_TAGS and chance(rng, _NEW_OTHERS):
            person = change_cloth(rng, person, cover)
    return person


def _placed(rng, person, worn, inside, backdrops) -> Canvas:
    """The person where it was or somewhere else."""
    whole = np.mean(inside < 128) <= _MOST_BEYOND
    if whole and chance(rng, _OWN_PLACE):
        canvas = Canvas(person)
        canvas.top[:] = canvas.steps = 1
        return canvas
    canvas = Canvas(backdrops.sample(rng, worn.shape, OUTDOORS))
    cover = np.uint8((worn > 0) & (inside > 127)) * 255
    cover = np.uint8(cv2.GaussianBlur(cover, (0, 0), 1.5) > 140) * 255
    canvas.paste(person, cover, rng.uniform(0, 0.3))
    return canvas


def _visibility(garment, points, own, canvas: Canvas):
    codes = []
    for point, code in zip(points, garment.visibility):
        if np.isnan(point).any():
            codes.append(Visibility.TRUNCATED)
        elif is_hidden(point, own, canvas.top, 1):
            codes.append(Visibility.OCCLUDED)
        else:
            codes.append(code)
    return np.array(codes, np.int64)


def _box(warp: Warp, garment: WornGarment, own, points):
    """Round the garment's seen pixels and its landmarks."""
    seen = points[~np.isnan(points).any(1)]
    box = tight_box([own]).astype(float)
    if len(seen):
        box[:2] = np.minimum(box[:2], seen.min(0))
        box[2:] = np.maximum(box[2:], seen.max(0))
    limit = np.array(own.shape[::-1]) - 1
    return np.clip(np.round(box), 0, [*limit, *limit]).astype(int)


def _composite(rng, picture, garment, kind, points, visibility, box):
    if np.sum(visibility == Visibility.VISIBLE) < LEAST_VISIBLE:
        raise MisfitError('too few visible landmarks')
    pose = garment.variation_type
    pose = NORMAL if pose in ZOOMS else pose
    if chance(rng, 0.5):
        picture, points, visibility, box = _mirrored(
            garment, picture, points, visibility, box
        )
    return LabelledPicture(
        degrade(rng, picture),
        garment.clothes_type,
        variation(garment.clothes_type, pose, visibility),
        points,
        visibility,
        box,
    )


def _mirrored(garment, picture, points, visibility, box):
    """Left is the picture's left: the landmarks change places."""
    last = picture.shape[1] - 1
    swap = FLD_SETS[CLOTHES_TYPES[garment.clothes_type]].flip_indices
    points = points[list(swap)] * (-1, 1) + (last, 0)
    x1, y1, x2, y2 = box
    box = np.array([last - x2, y1, last - x1, y2])
    picture = np.ascontiguousarray(picture[:, ::-1])
    return picture, points, visibility[list(swap)], box
