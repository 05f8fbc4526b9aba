"""Garments in photographs without landmarks: which, where, of what type."""

from pathlib import Path
from typing import Iterable, List, NamedTuple, Optional, Set, Tuple

import cv2
import numpy as np

from .sources import SOURCES, read_sources

UPPER, LOWER, FULL = 1, 2, 3
# Folders of clothing-dataset-small and tags of Clothing Co-Parsing. Coats,
# capes and suits are left out: their name does not tell the clothes type.
CLASSES = {
    't-shirt': UPPER, 'shirt': UPPER, 'longsleeve': UPPER, 'outwear': UPPER,
    'pants': LOWER, 'shorts': LOWER, 'skirt': LOWER, 'dress': FULL,
}  # fmt: skip
_TOPS = (
    'blazer blouse cardigan hoodie jacket jumper shirt sweater sweatshirt '
    't-shirt top'
)
TAGS = {
    **dict.fromkeys(_TOPS.split(), UPPER),
    **dict.fromkeys(['jeans', 'leggings', 'pants', 'shorts', 'skirt'], LOWER),
    **dict.fromkeys(['dress', 'romper'], FULL),
}
_IMAGES = frozenset(['.jpg', '.jpeg', '.png'])
# Shares of the photograph's pixels and of the tag's.
_LEAST_AREA, _LEAST_WHOLE = 0.01, 0.8


class UnlabelledGarment(NamedTuple):
    """A garment to find landmarks of.

    ``box`` is x1, y1, x2, y2 in pixels, or None where the whole picture
    shows nothing else.
    """

    photo: Path
    clothes_type: int
    box: Optional[Tuple[int, int, int, int]]


def find_garments(
    photos: Path, known: Set[str]
) -> Tuple[List[UnlabelledGarment], int]:
    """Garments in a folder, and how many photographs are labelled already.

    A folder with ``masks`` and ``labels.txt`` holds street photographs; else
    the name of a picture's folder says what the picture shows.

    Args:
        known (set): Paths as in ``SOURCES.tsv`` that must not be used.

    Raises:
        FileNotFoundError: Where there is nothing to label.
    """
    street = (photos / 'labels.txt').is_file()
    found = _worn(photos) if street else _flat(photos)
    names = {Path(name).name for name in known}
    fresh = [g for g in found if g.photo.name not in names]
    if not found:
        raise FileNotFoundError(
            f'{photos} holds no garments: expected photos/, masks/ and '
            f'labels.txt, or folders named {", ".join(CLASSES)}'
        )
    skipped = {g.photo for g in found} - {g.photo for g in fresh}
    return fresh, len(skipped)


def labelled_sources(folders: Iterable[Path]) -> Set[str]:
    """All originals that ``SOURCES.tsv`` of the folders name."""
    names = set()
    for folder in folders:
        if not (folder / SOURCES).is_file():
            raise FileNotFoundError(
                f'{folder / SOURCES} is missing: without it pictures for '
                'testing could be labelled and trained on'
            )
        names.update(row['source'] for row in read_sources(folder))
    return names


def _flat(photos: Path) -> List[UnlabelledGarment]:
    return [
        UnlabelledGarment(path, CLASSES[path.parent.name], None)
        for path in sorted(photos.rglob('*'))
        if path.suffix.lower() in _IMAGES and path.parent.name in CLASSES
    ]


def _worn(photos: Path) -> List[UnlabelledGarment]:
    labels = (photos / 'labels.txt').read_text().split()
    return [
        UnlabelledGarment(photos / 'photos' / f'{path.stem}.jpg', kind, box)
        for path in sorted((photos / 'masks').glob('*.png'))
        for kind, box in worn_boxes(
            cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), labels
        )
    ]


def worn_boxes(mask: np.ndarray, labels: List[str]) -> List[Tuple]:
    """Clothes type and box of every large garment in a mask (H, W).

    A garment in several pieces, each much smaller than all of it, is left
    out: it may be two.
    """
    boxes = []
    for tag in np.unique(mask):
        kind = TAGS.get(labels[tag])
        part = np.uint8(mask == tag)
        if kind is None or part.mean() < _LEAST_AREA:
            continue
        _, _, stats, _ = cv2.connectedComponentsWithStats(part)
        x, y, width, height, area = stats[1:][np.argmax(stats[1:, 4])]
        if area >= _LEAST_WHOLE * part.sum():
            box = tuple(int(v) for v in (x, y, x + width, y + height))
            boxes.append((kind, box))
    return boxes
