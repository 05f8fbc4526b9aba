"""Garments cut out of photographs by GrabCut, and whether that worked."""

from typing import Dict, NamedTuple, Optional

import cv2
import numpy as np

LOWER = 2
LONG_SIDE = 208  # of the part of the picture that GrabCut works on
_ROUNDS = 3
_AROUND = 0.12  # of the box's long side: what GrabCut sees round it
_LARGEST_HOLE = 0.006  # of the garment: larger ones show what is behind
_YOKE = 0.3  # of a lower garment, from the waist: surely no gap of the legs
_MARGIN = 0.03  # of the box, round it: what is surely background beyond
_CORE = 0.72  # size of the polygon of landmarks that is surely garment
# What a good cut-out has; shares are of the box's area, side or diagonal.
_AREA = {1: (0.38, 0.97), 2: (0.36, 0.98), 3: (0.30, 0.97)}
_LEAST_BOX_IOU = 0.86
_LEAST_LARGEST = 0.93
_FARTHEST_LANDMARK = 0.045
_LEAST_CONTRAST = 14.0  # CIE Lab, inside against outside of the edge
_MOST_RAGGED = 1.28  # length of the edge against its smoothed self


class CutOut(NamedTuple):
    """A mask (H, W) uint8 of 0 and 255, or why there is none."""

    mask: np.ndarray
    fault: Optional[str]


def cut_out(
    image: np.ndarray,
    clothes_type: int,
    box: np.ndarray,
    landmarks: np.ndarray,
) -> CutOut:
    """Cut the garment in ``box`` out of a BGR picture (H, W, 3).

    Args:
        box (np.ndarray): x1, y1, x2, y2 in pixels.
        landmarks (np.ndarray): Those that have a position, (N, 2), pixels.
    """
    x1, y1, x2, y2 = _window(image.shape[:2], box)
    part = image[y1:y2, x1:x2]
    scale = min(1.0, LONG_SIDE / max(part.shape[:2]))
    small = cv2.resize(
        part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
    )
    box = (np.asarray(box, float).reshape(2, 2) - (x1, y1)).ravel() * scale
    points = (np.asarray(landmarks, float) - (x1, y1)) * scale
    raw = _grabcut(small, clothes_type, box, points)
    mask, largest = _largest_part(raw)
    fault = _fault(small, mask, largest, clothes_type, box, points)
    whole = np.zeros(image.shape[:2], np.uint8)
    whole[y1:y2, x1:x2] = _enlarged(mask, part.shape[:2])
    return CutOut(whole, fault)


def _window(shape, box):
    margin = _AROUND * max(box[2] - box[0], box[3] - box[1])
    x1, y1 = np.maximum(np.floor(box[:2] - margin), 0).astype(int)
    x2, y2 = np.ceil(box[2:] + margin).astype(int)
    return x1, y1, min(x2, shape[1]), min(y2, shape[0])


def _grabcut(image, clothes_type, box, points):
    marks = _seeds(image.shape[:2], clothes_type, box, points)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.setRNGSeed(0)
    cv2.grabCut(image, marks, None, *models, _ROUNDS, cv2.GC_INIT_WITH_MASK)
    garment = (marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD)
    return garment.astype(np.uint8) * 255


def _seeds(shape, clothes_type, box, points):
    marks = np.full(shape, cv2.GC_BGD, np.uint8)
    margin = _MARGIN * max(box[2] - box[0], box[3] - box[1])
    x1, y1 = np.maximum(np.floor(box[:2] - margin), 0).astype(int)
    x2, y2 = np.ceil(box[2:] + margin).astype(int)
    marks[y1:y2, x1:x2] = cv2.GC_PR_BGD
    hull = cv2.convexHull(points.astype(np.float32))[:, 0]
    _fill(marks, _scaled(hull, 1.06), cv2.GC_PR_FGD)
    if clothes_type == LOWER:
        _fill(marks, _gap(points), cv2.GC_PR_BGD)
    _fill(marks, _core(clothes_type, points), cv2.GC_FGD)
    return marks


def _core(clothes_type, points):
    """What lies between the top and the bottom landmarks, drawn inwards."""
    top, bottom = points[:2], points[[-1, -2]]
    if clothes_type == LOWER:
        bottom = top[::-1] + _YOKE * (bottom - top[::-1])
    return _scaled(np.vstack([top, bottom]), _CORE)


def _gap(points):
    """Where trousers may show what is behind them; a skirt may not."""
    left, right = points[2], points[3]
    top = points[:2].mean(0)
    middle = (left + right) / 2
    ends = [middle + share * (right - left) for share in (-0.14, 0.14)]
    return np.array([top + 0.5 * (middle - top), *ends])


def _scaled(polygon, size):
    center = polygon.mean(0)
    return center + size * (polygon - center)


def _fill(marks, polygon, code):
    cv2.fillPoly(marks, [np.round(polygon).astype(np.int32)], int(code))


def _largest_part(raw):
    """The largest connected part without holes, and its share."""
    raw = cv2.morphologyEx(raw, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(raw)
    if count < 2:
        return np.zeros_like(raw), 0.0
    areas = stats[1:, cv2.CC_STAT_AREA]
    part = (labels == 1 + np.argmax(areas)).astype(np.uint8)
    return _filled(part), float(areas.max() / areas.sum())


def _filled(part):
    """The mask (0 and 255) of ``part`` (0 and 1) without small holes."""
    holes = (1 - part).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(
        holes, connectivity=4
    )
    limit = _LARGEST_HOLE * np.count_nonzero(part)
    small = stats[:, cv2.CC_STAT_AREA] <= limit
    small[0] = True  # the garment itself
    return np.where(small[labels], 255, 0).astype(np.uint8)


def _enlarged(mask, shape):
    soft = cv2.GaussianBlur(mask, (0, 0), 1.2)
    soft = cv2.resize(soft, shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.where(soft > 127, 255, 0).astype(np.uint8)


def measures(image, mask, largest, box, points) -> Dict[str, float]:
    """What tells a good cut-out from a bad one."""
    x1, y1, x2, y2 = box
    x, y, width, height = cv2.boundingRect(mask)
    across = min(x2, x + width) - max(x1, x)
    down = min(y2, y + height) - max(y1, y)
    inter = max(0.0, across) * max(0.0, down)
    area = (x2 - x1) * (y2 - y1)
    diagonal = np.hypot(x2 - x1, y2 - y1)
    return dict(
        area=np.count_nonzero(mask) / area,
        box=inter / (area + width * height - inter),
        largest=largest,
        landmark=edge_distance(mask, points).max() / diagonal,
        contrast=_contrast(image, mask),
        ragged=_raggedness(mask),
    )


def edge_distance(mask: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Distance (N,) in pixels from points to the mask's outline."""
    edge = cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3)))
    distance = cv2.distanceTransform(
        np.where(edge > 0, 0, 255).astype(np.uint8), cv2.DIST_L2, 5
    )
    limit = np.array(mask.shape[::-1]) - 1
    x, y = np.clip(np.round(points), 0, limit).astype(int).T
    return distance[y, x]


def _contrast(image, mask):
    """Median Lab distance of pixels on both sides of the edge."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB).astype(np.float32)
    kernel = np.ones((5, 5), np.uint8)
    inner = (mask > 0) & (cv2.erode(mask, kernel) == 0)
    outer = (mask == 0) & (cv2.dilate(mask, kernel) > 0)
    means = [_local_mean(lab, ring) for ring in (inner, outer)]
    both = inner | outer
    if not both.any():
        return 0.0
    return float(np.median(np.linalg.norm(means[0] - means[1], axis=2)[both]))


def _local_mean(values, where):
    weight = where.astype(np.float32)
    total = cv2.blur(values * weight[..., None], (9, 9))
    return total / (cv2.blur(weight, (9, 9))[..., None] + 1e-6)


def _raggedness(mask):
    smooth = cv2.GaussianBlur(mask, (0, 0), 4)
    lengths = [_edge_length(m) for m in (mask, np.uint8(255 * (smooth > 127)))]
    return lengths[0] / max(lengths[1], 1.0)


def _edge_length(mask):
    contours, _ = cv2.findContours(
        mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    return sum(cv2.arcLength(c, True) for c in contours)


def _fault(image, mask, largest, clothes_type, box, points) -> Optional[str]:
    """The first test that fails, or None."""
    if not mask.any():
        return 'nothing found'
    found = measures(image, mask, largest, box, points)
    least, most = _AREA[clothes_type]
    tests = {
        'too small': found['area'] >= least,
        'too large': found['area'] <= most,
        'another box': found['box'] >= _LEAST_BOX_IOU,
        'in pieces': found['largest'] >= _LEAST_LARGEST,
        'landmark off the edge': found['landmark'] <= _FARTHEST_LANDMARK,
        'faint edge': found['contrast'] >= _LEAST_CONTRAST,
        'ragged edge': found['ragged'] <= _MOST_RAGGED,
    }
    return next((name for name, good in tests.items() if not good), None)
