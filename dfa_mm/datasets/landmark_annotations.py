"""Pure helpers between COCO annotations and landmark samples."""

import math
from collections import defaultdict
from typing import Dict, Iterator, Optional, Sequence, Tuple

import numpy as np

MAX_LISTED_IDS = 20


def clipped_box(box: Sequence[float], img: Dict) -> np.ndarray:
    """COCO's x, y, w, h as x1, y1, x2, y2 (4,) within the image.

    Edges are lines between pixels: x2 may equal the width.
    """
    # Plain floats: this runs for every annotation, and arrays are slower.
    x, y, w, h = (math.nan if value is None else value for value in box)
    if not math.isfinite(x + y + w + h):
        return np.zeros(4, dtype=np.float32)
    width, height = img.get('width', math.inf), img.get('height', math.inf)
    corners = (
        min(max(x, 0), width),
        min(max(y, 0), height),
        max(min(x + w, width), 0),
        max(min(y + h, height), 0),
    )
    return np.array(corners, dtype=np.float32)


def landmark_array(
    values: Sequence[float], where: str
) -> Tuple[np.ndarray, np.ndarray]:
    """COCO's flat triples as positions (K, 2) and flags (K,).

    Raises:
        ValueError: If a landmark that is flagged as placed has no number.
    """
    array = np.array(values, dtype=np.float32).reshape(-1, 3)
    points, flags = array[:, :2], array[:, 2]
    bad = (flags != 0) & ~np.isfinite(points).all(axis=1)
    if bad.any():
        index = int(bad.argmax())
        raise ValueError(
            f'{where}: landmark {index} lies at {points[index].tolist()}; '
            'expected finite numbers. Correct the file, or set its v to 0.'
        )
    return points, flags


def image_annotation_pairs(
    content: Dict, sample_interval: int = 1
) -> Iterator[Tuple[Optional[Dict], Dict]]:
    """Every annotation with its image, in the order of the images.

    Annotations of images that are not listed come last, with None.
    """
    by_image = defaultdict(list)
    for ann in content['annotations']:
        by_image[ann['image_id']].append(ann)
    for img in content['images']:
        anns = by_image.pop(img['id'], ())
        if img['id'] % sample_interval == 0:
            yield from ((img, ann) for ann in anns)
    for anns in by_image.values():
        yield from ((None, ann) for ann in anns)


def unusable_reason(
    ann: Dict, img: Optional[Dict], need_position: bool
) -> Optional[str]:
    """Why an annotation has to be left out, or None."""
    if img is None:
        return 'its image is not in the list of images'
    if ann.get('iscrowd'):
        return 'it marks a crowd'
    if 'keypoints' not in ann:
        return 'it has no keypoints'
    if len(ann.get('bbox') or ()) != 4:
        return 'it has no box'
    x1, y1, x2, y2 = clipped_box(ann['bbox'], img)
    if not (x2 > x1 and y2 > y1):
        return 'its box is empty within the image'
    if need_position and not any(ann['keypoints'][2::3]):
        return 'no landmark has a position'
    return None


def summarize_dropped(dropped: Sequence[Tuple[int, str]], total: int) -> str:
    """One sentence per reason, with the first ids."""
    by_reason = defaultdict(list)
    for ann_id, reason in dropped:
        by_reason[reason].append(ann_id)
    parts = [f'{len(dropped)} of {total} annotations are left out']
    for reason, ids in by_reason.items():
        shown = ', '.join(map(str, ids[:MAX_LISTED_IDS]))
        more = ', ...' if len(ids) > MAX_LISTED_IDS else ''
        parts.append(f'{len(ids)} because {reason} (ids {shown}{more})')
    return '; '.join(parts)
