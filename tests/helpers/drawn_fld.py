"""A folder in FLD's layout with a coloured quadrilateral per picture.

Every landmark is a corner or lies on an edge, so that its place is exact.
"""

import cv2
import numpy as np
from fld_files import LISTS, write_list

CLOTHES = (1, 2, 3)
# Shares of the box, in the order of FLD's landmarks: collar, sleeve,
# waistline, hem, left before right.
TOP, MIDDLE, BOTTOM = 0.0, 0.5, 1.0
ROWS = {
    1: (TOP, MIDDLE, BOTTOM),
    2: (TOP, BOTTOM),
    3: (TOP, 0.3, 0.6, BOTTOM),
}
COLOURS = {1: (200, 60, 40), 2: (40, 160, 60), 3: (50, 70, 200)}


def write_drawn_fld(root, num, size=96, seed=0):
    """``num`` garments, upright; types and states take turns.

    The last tenth, at least three, is for testing, that before it for
    validation.
    """
    held_out = max(3, num // 10)
    splits = ['train'] * (num - 2 * held_out)
    splits += ['val'] * held_out + ['test'] * held_out
    (root / 'img').mkdir(parents=True)
    lists = {path: [] for path in LISTS}
    landmarks, boxes, partition = lists.values()
    for i in range(num):
        name, kind = f'img/img_{i + 1:08d}.jpg', CLOTHES[i % 3]
        rng = np.random.default_rng([seed, i])
        picture, points, box = draw(kind, size, 7 * size // 8, rng)
        cv2.imwrite(str(root / name), picture)
        states = garment_states(len(points), i)
        triples = '  '.join(
            f'{state} {x} {y}' if state < 2 else '2 000 000'
            for state, (x, y) in zip(states, points)
        )
        landmarks.append(f'{name}  {kind}  {1 + i % 5}  {triples}')
        boxes.append(name + '  ' + ' '.join(map(str, box)))
        partition.append(f'{name}  {splits[i]}')
    for path, rows in lists.items():
        write_list(root, path, rows)
    return root


def draw(kind, height, width, rng):
    """A picture (H, W, 3), its landmarks (K, 2) and its box (4,)."""
    clouds = rng.integers(150, 256, (4, 4, 3)).astype(np.uint8)
    picture = cv2.resize(clouds, (width, height))
    x1, x2 = rng.integers((width // 16, 2 * width // 3), (width // 3, width))
    y1, y2 = rng.integers(
        (height // 16, 2 * height // 3), (height // 3, height)
    )
    narrow = int(rng.integers(0, (x2 - x1) // 4))
    corners = [(x1 + narrow, y1), (x2 - narrow, y1), (x2, y2), (x1, y2)]
    cv2.fillPoly(picture, [np.array(corners)], COLOURS[kind])
    points = [
        (round(x), round(y1 + share * (y2 - y1)))
        for share in ROWS[kind]
        for x in (x1 + (1 - share) * narrow, x2 - (1 - share) * narrow)
    ]
    return picture, points, (x1, y1, x2, y2)


def garment_states(count, number):
    """Visible but for one occluded and, of every second, one cut off."""
    states = [0] * count
    states[number % count] = 1
    if number % 2:
        states[(number + 1) % count] = 2
    return states
