"""The four sets that the detector learns from, drawn, four pictures each."""

import json

import cv2
import numpy as np
from fld_files import write_fld

NAMES = ['null', 'shirt', 'jeans', 'bag']
SIZE = (300, 450)  # width, height of the collection's photographs
SHIRT, JEANS = (170, 100, 250, 220), (176, 220, 246, 420)
# photograph: its split, whether all is labelled, and the labels it has
PHOTOS = {
    '0001': ('train', False, {1: SHIRT}),
    '0002': ('val', True, {1: SHIRT, 2: JEANS}),
    '0003': ('test', True, {1: SHIRT}),
    '0004': ('train', False, {1: SHIRT}),
}
UNLABELLED = '0005'
MASKED = ('0001', '0002', '0003', UNLABELLED)


def write_sets(root):
    """``street``, ``street_photos``, ``flat`` and ``flatlay2_fld``."""
    _write_street(root / 'street')
    _write_street_photos(root / 'street_photos')
    for name in ('flat', 'flatlay2_fld'):
        write_fld(root / name)
    return root


def photo(shrink=1):
    width, height = (n // shrink for n in SIZE)
    picture = np.full((height, width, 3), 220, np.uint8)
    mask = np.zeros((height, width), np.uint8)
    for value, box, colour in (
        (1, SHIRT, (40, 40, 200)),
        (2, JEANS, (160, 60, 20)),
    ):
        x_1, y_1, x_2, y_2 = (v // shrink for v in box)
        picture[y_1:y_2, x_1:x_2] = colour
        mask[y_1:y_2, x_1:x_2] = value
    return picture, mask


def _write_street(root):
    for folder in ('photos', 'masks'):
        (root / folder).mkdir(parents=True)
    picture, mask = photo(shrink=2)
    for name in (*PHOTOS, UNLABELLED):
        cv2.imwrite(str(root / f'photos/{name}.jpg'), picture)
    for name in MASKED:
        cv2.imwrite(str(root / f'masks/{name}.png'), mask)
    (root / 'labels.txt').write_text('\n'.join(NAMES) + '\n')
    rows = [f'{name}.jpg\timage\t1 2 3' for name in (*PHOTOS, UNLABELLED)]
    (root / 'tags.tsv').write_text('\n'.join(['photo\tlevel\ttags', *rows]))


def _write_street_photos(root):
    (root / 'annotations').mkdir(parents=True)
    (root / 'img').mkdir()
    for split in ('train', 'val', 'test'):
        images, annotations = [], []
        for i, (name, (where, complete, garments)) in enumerate(
            PHOTOS.items()
        ):
            if where != split:
                continue
            cv2.imwrite(str(root / f'img/{name}.jpg'), photo()[0])
            images.append(
                dict(id=i, file_name=f'{name}.jpg', complete=complete,
                     width=SIZE[0], height=SIZE[1])
            )  # fmt: skip
            annotations += [
                dict(image_id=i, clothes_type=kind,
                     bbox=[x, y, x_2 - x, y_2 - y])
                for kind, (x, y, x_2, y_2) in garments.items()
            ]  # fmt: skip
        content = dict(images=images, annotations=annotations)
        path = root / f'annotations/fld_all_{split}.json'
        path.write_text(json.dumps(content))
