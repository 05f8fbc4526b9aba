"""Street photographs with masks, and the labelled garments in them."""

from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Set, Tuple

import cv2
import numpy as np

from dfa_mm.datasets.fld_reader import FLDReader, FLDSample
from projects.photos.sources import LABELS, read_sources

UPPER, LOWER, FULL = 1, 2, 3
_TOPS = (
    'blazer blouse bodysuit cape cardigan coat hoodie jacket jumper shirt '
    'sweater sweatshirt t-shirt top vest'
)
TAGS = {
    UPPER: frozenset(_TOPS.split()),
    LOWER: frozenset(
        ['jeans', 'leggings', 'pants', 'shorts', 'skirt', 'tights']
    ),
    FULL: frozenset(['dress', 'romper', 'coat', 'suit', 'cape', 'cardigan']),
}
# The collection's photographs are 550 pixels wide.
COLLECTION_WIDTH = 550
_LEAST_IOU = 0.6


@dataclass(frozen=True)
class StreetPhoto:
    """A photograph and the mask of what its person wears.

    Args:
        picture (Path), mask (Path): Of the same size; the mask's values are
            indices of ``labels``, 0 is the background.
    """

    picture: Path
    mask: Path
    labels: Tuple[str, ...]

    @property
    def name(self) -> str:
        return self.picture.name

    def read(self):
        """BGR (H, W, 3) and the mask (H, W), uint8."""
        mask = cv2.imread(str(self.mask), cv2.IMREAD_GRAYSCALE)
        return cv2.imread(str(self.picture)), mask


@dataclass(frozen=True)
class WornGarment:
    """A labelled garment in a street photograph.

    Args:
        crop (Path): The labelled picture.
        window (np.ndarray): x1, y1, x2, y2 of the crop in the collection's
            photograph.
        tag (int): The garment's value in the photograph's mask.
        box (np.ndarray), landmarks (np.ndarray): In pixels of the crop.
    """

    photo: StreetPhoto
    crop: Path
    window: np.ndarray
    tag: int
    clothes_type: int
    variation_type: int
    box: np.ndarray
    landmarks: np.ndarray
    visibility: np.ndarray


def held_out_photos(root: Path) -> Set[str]:
    """Names of the photographs of which a crop is not for training.

    Also of those that the project's whole photographs validate and test on.
    """
    splits = {s.name: s.split for s in FLDReader(root)}
    crops = {
        Path(row['source']).name
        for row in read_sources(root)
        if splits[Path(row['image']).name] != 'train'
    }
    return crops | {
        Path(row['source']).name
        for row in read_sources(LABELS / 'street_photos')
        if row['split'] != 'train'
    }


def masked_photos(folder: Path, held_out: Set[str]) -> List[StreetPhoto]:
    """The photographs with masks in ``folder``, without those held out."""
    labels = tuple((folder / 'labels.txt').read_text().split())
    return [
        StreetPhoto(folder / 'photos' / f'{mask.stem}.jpg', mask, labels)
        for mask in sorted((folder / 'masks').glob('*.png'))
        if f'{mask.stem}.jpg' not in held_out
    ]


def worn_garments(
    root: Path, photos: List[StreetPhoto]
) -> Tuple[List[WornGarment], int]:
    """Training crops whose garment is found in a mask; how many are not.

    Crops of photographs without a mask are not counted.
    """
    by_name = {photo.name: photo for photo in photos}
    rows = {Path(r['image']).name: r for r in read_sources(root)}
    reader = FLDReader(root)
    found, missed = [], 0
    for sample in reader:
        row = rows[sample.name]
        photo = by_name.get(Path(row['source']).name)
        if sample.split != 'train' or photo is None:
            continue
        garment = _worn(sample, row, photo, reader.image_folder)
        missed += garment is None
        found += [garment] if garment is not None else []
    return found, missed


def _worn(sample: FLDSample, row, photo, images) -> Optional[WornGarment]:
    window = np.array([int(row[k]) for k in ('x_1', 'y_1', 'x_2', 'y_2')])
    values = np.array(sample.labels.landmarks, float)
    mask = cv2.imread(str(photo.mask), cv2.IMREAD_GRAYSCALE)
    shrink = (window[2] - window[0]) / sample.size[0]
    box = np.array(sample.box).reshape(2, 2) * shrink + window[:2]
    box = (box * mask.shape[1] / COLLECTION_WIDTH).ravel()
    tag = _best_tag(mask, photo.labels, sample.labels.clothes_type, box)
    if tag is None:
        return None
    return WornGarment(
        photo, images / sample.name, window, tag,
        sample.labels.clothes_type, sample.labels.variation_type,
        np.array(sample.box, float), values[:, 1:],
        values[:, 0].astype(np.int64),
    )  # fmt: skip


def _best_tag(mask, labels, clothes_type, box) -> Optional[int]:
    """The fitting value whose bounding box is most like ``box``."""
    scores = {}
    for tag in np.unique(mask):
        if labels[tag] in TAGS[clothes_type]:
            x, y, w, h = cv2.boundingRect(np.uint8(mask == tag))
            scores[int(tag)] = box_iou(box, (x, y, x + w, y + h))
    best = max(scores, key=scores.get, default=None)
    return best if best and scores[best] >= _LEAST_IOU else None


def box_iou(one, two) -> float:
    low = np.maximum(one[:2], two[:2])
    high = np.minimum(one[2:], two[2:])
    inter = np.prod(np.maximum(np.subtract(high, low), 0))
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (one, two)]
    return float(inter / (sum(areas) - inter))
