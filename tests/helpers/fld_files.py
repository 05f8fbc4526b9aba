"""A copy of FLD with three garments, small enough to work out by hand."""

import random

import cv2
import numpy as np

WIDTH, HEIGHT = 100, 120
NAMES = [f'img/img_0000000{i}.jpg' for i in (1, 2, 3)]
LISTS = {
    'Anno/list_landmarks.txt': [
        # upper: visible, occluded, truncated; then three on the edges
        f'{NAMES[0]} 1 2  0 010 020  1 050 021  2 000 000  0 0 60'
        '  0 100 120  1 90 110.5',
        f'{NAMES[1]} 2 1  0 20 10  0 60 10  1 15 99  0 70 98',
        f'{NAMES[2]} 3 5  0 1 2  0 3 4  0 5 6  0 7 8  1 9 10  1 11 12'
        '  2 0 0  2 0 0',
    ],
    'Anno/list_bbox.txt': [
        f'{NAMES[0]} 005 010 101 120',
        f'{NAMES[1]} 10 5 80 105',
        f'{NAMES[2]} 0 0 50 60',
    ],
    'Eval/list_eval_partition.txt': [
        f'{NAMES[0]} train',
        f'{NAMES[1]} val',
        f'{NAMES[2]} test',
    ],
}
JOINTS = 'Anno/list_joints.txt'


def joint_row(name, triples):
    return f'{name} 1 1 ' + '  '.join(triples)


def write_list(root, path, rows, count=None, newline='\n', head=''):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f'{head}{len(rows) if count is None else count}', 'names', *rows]
    text = newline.join(lines) + newline
    file.write_bytes(text.encode())


def write_fld(root, images='img'):
    """Writes the lists and the images."""
    for path, rows in LISTS.items():
        write_list(root, path, rows)
    folder = root / images
    folder.mkdir(parents=True)
    for name in NAMES:
        image = np.full((HEIGHT, WIDTH, 3), 127, np.uint8)
        cv2.imwrite(str(folder / name.split('/')[1]), image)
    return root


def replace_row(root, path, index, row):
    rows = list(LISTS[path])
    rows[index] = row
    write_list(root, path, rows)


def write_long_fld(root, number, seed=0, shuffle=False):
    """Random garments without images."""
    rng = random.Random(seed)
    lists = {path: [] for path in LISTS}
    for i in range(1, number + 1):
        name = f'img/img_{i:08d}.jpg'
        kind = rng.choice((1, 2, 3))
        triples = '  '.join(
            f'{rng.randint(0, 2)} {rng.randint(50, 280)} '
            f'{rng.randint(10, 499)}'
            for _ in range({1: 6, 2: 4, 3: 8}[kind])
        )
        landmarks, boxes, partition = lists.values()
        landmarks.append(f'{name}  {kind}  {rng.randint(1, 5)}  {triples}')
        boxes.append(f'{name}  {rng.randint(0, 50):03d} 010 280 500')
        partition.append(f'{name}  {rng.choice(("train", "val", "test"))}')
    for path, rows in lists.items():
        if shuffle:
            rng.shuffle(rows)
        write_list(root, path, rows)
    return root
