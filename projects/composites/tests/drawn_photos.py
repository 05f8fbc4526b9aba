"""Drawn stand-ins for flat photographs and street photographs."""

import cv2
import numpy as np

SHIRT = [
    (80, 40), (120, 40), (150, 50), (185, 95), (168, 108), (142, 84),
    (142, 170), (58, 170), (58, 84), (32, 108), (15, 95), (50, 50),
]  # fmt: skip
SHIRT_MARKS = [
    (80, 40), (120, 40), (23, 101), (177, 101), (58, 170), (142, 170),
]  # fmt: skip
TROUSERS = [
    (70, 30), (130, 30), (145, 180), (112, 180), (100, 85), (88, 180),
    (55, 180),
]  # fmt: skip
TROUSER_MARKS = [(70, 30), (130, 30), (55, 180), (145, 180)]
DRESS = [
    (80, 20), (120, 20), (132, 40), (125, 90), (150, 185), (50, 185),
    (75, 90), (68, 40),
]  # fmt: skip
DRESS_MARKS = [
    (80, 20), (120, 20), (68, 40), (132, 40), (75, 90), (125, 90),
    (50, 185), (150, 185),
]  # fmt: skip
GARMENTS = {
    1: (SHIRT, SHIRT_MARKS),
    2: (TROUSERS, TROUSER_MARKS),
    3: (DRESS, DRESS_MARKS),
}
SIZE = 200


def flat_photo(kind, seed=0):
    """A garment of one colour on a rough ground: picture, mask, marks."""
    rng = np.random.default_rng(seed)
    picture = np.full((SIZE, SIZE, 3), (200, 210, 205), np.uint8)
    polygon, marks = GARMENTS[kind]
    mask = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillPoly(mask, [np.array(polygon)], 255)
    picture[mask > 0] = (40, 30, 150)
    noise = rng.normal(0, 4, picture.shape)
    picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
    return picture, mask, np.array(marks, float)


def box_of(mask):
    x, y, width, height = cv2.boundingRect(mask)
    return np.array([x, y, x + width, y + height], float)


def write_set(root, samples):
    """FLD's raw layout; a sample is picture, kind, split, box, marks."""
    lists = {
        'Anno/list_landmarks.txt': [],
        'Anno/list_bbox.txt': [],
        'Eval/list_eval_partition.txt': [],
    }
    (root / 'img').mkdir(parents=True)
    for number, (picture, kind, split, box, marks) in enumerate(samples, 1):
        name = f'img/img_{number:08d}.jpg'
        cv2.imwrite(str(root / name), picture)
        triples = ' '.join(f'0 {x:.0f} {y:.0f}' for x, y in marks)
        landmarks, boxes, partition = lists.values()
        landmarks.append(f'{name} {kind} 1 {triples}')
        boxes.append(name + ' ' + ' '.join(f'{v:.0f}' for v in box))
        partition.append(f'{name} {split}')
    for path, rows in lists.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        text = '\n'.join([str(len(rows)), 'names', *rows])
        (root / path).write_text(text + '\n')
    return root


def write_flat_set(root):
    """Each type twice for training and once for testing."""
    samples = []
    for split, seeds in (('train', (1, 2)), ('test', (3,))):
        for seed in seeds:
            for kind in GARMENTS:
                picture, mask, marks = flat_photo(kind, seed)
                samples.append((picture, kind, split, box_of(mask), marks))
    return write_set(root, samples)


# Street photographs are 220 x 440 here and 550 x 1100 in the collection.
LABELS = ['null', 'skin', 'shirt', 'pants', 'bag', 'dress']
WIDTH, HEIGHT, ENLARGED = 220, 440, 2.5


def street_photo(dressed):
    """A person in shirt and trousers or a dress: picture and mask."""
    picture = np.full((HEIGHT, WIDTH, 3), (180, 160, 140), np.uint8)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    shapes = [(1, (90, 30, 40, 50), (120, 160, 220))]
    if dressed:
        shapes.append((5, (75, 80, 70, 200), (60, 140, 60)))
    else:
        shapes.append((2, (75, 80, 70, 120), (150, 60, 60)))
        shapes.append((3, (80, 200, 60, 180), (60, 60, 60)))
    shapes.append((4, (150, 200, 40, 40), (20, 90, 160)))
    for tag, (x, y, w, h), bgr in shapes:
        picture[y : y + h, x : x + w] = bgr
        mask[y : y + h, x : x + w] = tag
    return picture, mask


WORN = {
    1: ((75, 80, 145, 200),
        [(95, 80), (125, 80), (75, 100), (145, 100), (75, 199), (144, 199)]),
    2: ((80, 200, 140, 380), [(80, 200), (139, 200), (80, 379), (139, 379)]),
    3: ((75, 80, 145, 280),
        [(95, 80), (125, 80), (75, 100), (145, 100), (75, 160), (144, 160),
         (75, 279), (144, 279)]),
}  # fmt: skip


def write_street_set(root, photos):
    """Crops of photographs 1, 2 (training) and 3 (testing)."""
    for folder in ('photos', 'masks'):
        (photos / folder).mkdir(parents=True)
    (photos / 'labels.txt').write_text('\n'.join(LABELS) + '\n')
    samples, rows = [], ['image\tsource\tx_1\ty_1\tx_2\ty_2']
    for number, kinds, split in (
        (1, (1, 2), 'train'), (2, (3,), 'train'), (3, (1,), 'test'),
    ):  # fmt: skip
        picture, mask = street_photo(kinds == (3,))
        name = f'{number:04d}'
        cv2.imwrite(str(photos / 'photos' / f'{name}.jpg'), picture)
        cv2.imwrite(str(photos / 'masks' / f'{name}.png'), mask)
        large = cv2.resize(picture, None, fx=ENLARGED, fy=ENLARGED)
        for kind in kinds:
            box, marks = WORN[kind]
            window = [
                int(ENLARGED * v)
                for v in (box[0] - 20, box[1] - 20, box[2] + 20, box[3] + 20)
            ]
            x1, y1, x2, y2 = window
            crop = large[y1:y2, x1:x2]
            origin = np.array(window[:2])
            samples.append(
                (
                    crop,
                    kind,
                    split,
                    np.array(box) * ENLARGED - np.tile(origin, 2),
                    np.array(marks) * ENLARGED - origin,
                )
            )
            rows.append(
                f'img/img_{len(samples):08d}.jpg\tphotos/{name}.jpg\t'
                + '\t'.join(map(str, window))
            )
    write_set(root, samples)
    (root / 'SOURCES.tsv').write_text('\n'.join(rows) + '\n')
    return root
