"""Pictures without clothes: drawn, and windows of photographs' backgrounds."""

from typing import Callable, Dict, List, Optional

import cv2
import numpy as np

Rng = np.random.Generator


def draw(rng: Rng) -> np.ndarray:
    """A picture (H, W, 3), uint8, of one of :data:`KINDS`."""
    height, width = (int(v) for v in rng.integers(200, 420, 2))
    kind = KINDS[sorted(KINDS)[int(rng.integers(len(KINDS)))]]
    picture = kind(rng, height, width)
    if rng.random() < 0.3:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 4))
    return np.clip(picture, 0, 255).astype(np.uint8)


def plain(rng: Rng, height: int, width: int) -> np.ndarray:
    return np.full((height, width, 3), _colour(rng))


def noise(rng: Rng, height: int, width: int) -> np.ndarray:
    """Independent pixels, or blocks of them, grey or coloured."""
    block = int(rng.choice([1, 1, 1, 2, 4, 16]))
    channels = int(rng.choice([1, 3, 3]))
    size = (-(-height // block), -(-width // block), channels)
    small = rng.uniform(0, 255, size)
    large = small.repeat(block, 0).repeat(block, 1)[:height, :width]
    return np.broadcast_to(large, (height, width, 3)).copy()


def normal_noise(rng: Rng, height: int, width: int) -> np.ndarray:
    spread = rng.uniform(5, 90)
    return _colour(rng) + rng.normal(0, spread, (height, width, 3))


def clouds(rng: Rng, height: int, width: int) -> np.ndarray:
    """Smooth noise of several sizes between two colours."""
    total = np.zeros((height, width))
    for power in range(1, 7):
        small = rng.normal(size=(2**power, 2**power))
        size = (width, height)
        large = cv2.resize(small, size, interpolation=cv2.INTER_CUBIC)
        total += large * rng.uniform(0.4, 1) ** power
    total = (total - total.min()) / np.ptp(total)
    return _mixed(rng, total)


def gradient(rng: Rng, height: int, width: int) -> np.ndarray:
    """Between two colours, along a line or round a point."""
    rows, columns = np.mgrid[:height, :width].astype(float)
    if rng.random() < 0.5:
        angle = rng.uniform(0, 2 * np.pi)
        share = rows * np.sin(angle) + columns * np.cos(angle)
    else:
        middle = rng.uniform(0, 1, 2) * (height, width)
        share = np.hypot(rows - middle[0], columns - middle[1])
    return _mixed(rng, (share - share.min()) / np.ptp(share))


def stripes(rng: Rng, height: int, width: int) -> np.ndarray:
    """Waves along one or two directions: stripes and checks."""
    rows, columns = np.mgrid[:height, :width].astype(float)
    total = np.zeros((height, width))
    for _ in range(int(rng.integers(1, 3))):
        angle, period = rng.uniform(0, np.pi), rng.uniform(4, 80)
        along = rows * np.sin(angle) + columns * np.cos(angle)
        total += np.sin(2 * np.pi * along / period)
    if rng.random() < 0.5:
        total = np.sign(total)
    return _mixed(rng, (total - total.min()) / np.ptp(total))


def shapes(rng: Rng, height: int, width: int) -> np.ndarray:
    """Polygons, discs and lines anywhere."""
    picture = clouds(rng, height, width)
    for _ in range(int(rng.integers(3, 30))):
        colour = _colour(rng).tolist()
        points = rng.uniform(-0.1, 1.1, (5, 2)) * (width, height)
        points = points[: int(rng.integers(2, 6))].astype(np.int32)
        if len(points) == 2:
            middle = tuple(int(v) for v in points[0])
            cv2.circle(picture, middle, int(rng.integers(3, 60)), colour, -1)
        elif rng.random() < 0.5:
            cv2.fillPoly(picture, [points], colour)
        else:
            thick = int(rng.integers(1, 8))
            cv2.polylines(picture, [points], True, colour, thick)
    return picture


def text(rng: Rng, height: int, width: int) -> np.ndarray:
    picture = np.full((height, width, 3), 255.0 - rng.uniform(0, 40))
    size = rng.uniform(0.4, 1.6)
    for row in range(20, height, int(28 * size)):
        letters = rng.integers(33, 122, int(rng.integers(5, 40)))
        line = ''.join(chr(v) for v in letters)
        cv2.putText(picture, line, (10, row), 0, size, (30, 30, 30), 1)
    return picture


def bricks(rng: Rng, height: int, width: int) -> np.ndarray:
    picture = np.full((height, width, 3), _colour(rng))
    colour, tall = _colour(rng), int(rng.integers(8, 40))
    long = int(tall * rng.uniform(1, 4))
    for i, y in enumerate(range(0, height, tall)):
        for x in range(-(i % 2) * long // 2, width, long):
            shade = (colour + rng.normal(0, 12)).tolist()
            end = (x + long - 3, y + tall - 3)
            cv2.rectangle(picture, (x, y), end, shade, -1)
    return picture + rng.normal(0, 6, picture.shape)


def landscape(rng: Rng, height: int, width: int) -> np.ndarray:
    """A sky above hills, one before the other."""
    picture = gradient(rng, height, width)
    base = rng.uniform(0.2, 0.6) * height
    for _ in range(int(rng.integers(1, 5))):
        waves = cv2.resize(rng.normal(size=(1, 9)), (width, 1))
        ridge = base + cv2.GaussianBlur(waves, (0, 0), 5) * 30
        ground = np.arange(height)[:, None] > ridge
        texture = clouds(rng, height, width)
        picture[ground] = texture[ground]
        base += rng.uniform(0.1, 0.3) * height
    return picture


def room(rng: Rng, height: int, width: int) -> np.ndarray:
    """A wall, a floor, and rectangles that may be windows or furniture."""
    picture = gradient(rng, height, width)
    floor = int(height * rng.uniform(0.5, 0.85))
    surface = stripes if rng.random() < 0.5 else clouds
    picture[floor:] = surface(rng, height - floor, width)
    for _ in range(int(rng.integers(1, 7))):
        x, y = (int(v) for v in rng.uniform(0, 1, 2) * (width, floor))
        end = (x + int(rng.integers(20, 150)), y + int(rng.integers(20, 190)))
        cv2.rectangle(picture, (x, y), end, _colour(rng).tolist(), -1)
        edge = _colour(rng).tolist()
        cv2.rectangle(picture, (x, y), end, edge, int(rng.integers(1, 6)))
    return picture


KINDS: Dict[str, Callable[[Rng, int, int], np.ndarray]] = {
    kind.__name__: kind
    for kind in (
        plain,
        noise,
        normal_noise,
        clouds,
        gradient,
        stripes,
        shapes,
        text,
        bricks,
        landscape,
        room,
    )
}


def background_window(
    rng: Rng, mask: np.ndarray, side: int = 56, tries: int = 200
) -> Optional[List[int]]:
    """A window of a photograph in which its mask (H, W) is 0 everywhere.

    Args:
        side (int): Least width and height, in pixels.

    Returns:
        list: x1, y1, x2, y2, the largest of ``tries``, or None.
    """
    height, width = mask.shape
    if min(height, width) < side:
        return None
    best, largest = None, 0
    for _ in range(tries):
        w = int(rng.integers(side, width + 1))
        h = int(rng.integers(side, height + 1))
        x = int(rng.integers(0, width - w + 1))
        y = int(rng.integers(0, height - h + 1))
        if w * h > largest and not mask[y : y + h, x : x + w].any():
            best, largest = [x, y, x + w, y + h], w * h
    return best


def _colour(rng: Rng) -> np.ndarray:
    return rng.uniform(0, 255, 3)


def _mixed(rng: Rng, share: np.ndarray) -> np.ndarray:
    """(H, W) of 0 to 1 as colours between two."""
    one, two = _colour(rng), _colour(rng)
    return one + share[..., None] * (two - one)
