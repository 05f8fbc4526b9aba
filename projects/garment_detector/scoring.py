"""How good detections are: numpy in, numbers out.

Boxes are x1, y1, x2, y2 in pixels.
"""

from typing import Dict, List, NamedTuple, Sequence

import numpy as np

from projects.garment_detector.boxes import Labelled, area, iou

_OVERLAP = 0.5


class Detection(NamedTuple):
    type: str
    box: Sequence[float]
    score: float


class Matches(NamedTuple):
    """Of one picture: garments found, and detections that are none.

    ``found`` has the detection's index for every garment, or -1; ``false``
    are indices of detections that neither match nor lie in what is ignored.
    """

    found: List[int]
    false: List[int]


def match(
    detections: Sequence[Detection],
    garments: Sequence[Labelled],
    ignored: Sequence[Labelled] = (),
    any_type: bool = False,
) -> Matches:
    """Each detection, the surest first, takes the garment it fits best.

    It fits at an IoU of 0.5 and, unless ``any_type``, if the types agree.
    """
    found, false = [-1] * len(garments), []
    order = sorted(range(len(detections)), key=lambda i: -detections[i].score)
    for i in order:
        one = detections[i]
        fits = {
            j: iou(one.box, garment.box)
            for j, garment in enumerate(garments)
            if found[j] < 0 and (any_type or garment.type == one.type)
        }
        best = max(fits, key=fits.get, default=None)
        if best is not None and fits[best] >= _OVERLAP:
            found[best] = i
        elif not any(_lies_in(one, other) for other in ignored):
            false.append(i)
    return Matches(found, false)


def _lies_in(one: Detection, other: Labelled) -> bool:
    """As COCO has it of crowds: the share of the detection inside."""
    (a, b, c, d), (e, f, g, h) = one.box, other.box
    width, height = min(c, g) - max(a, e), min(d, h) - max(b, f)
    shared = max(width, 0) * max(height, 0)
    return one.type == other.type and shared >= _OVERLAP * area(one.box)


def average_precision(scores, correct, garments: int) -> float:
    """Area under precision over recall, at 101 points as COCO's.

    Args:
        scores (array): (N,) of all detections of one type.
        correct (array): (N,) whether it matches a garment.
        garments (int): How many there are; with 0 the result is NaN.
    """
    if not garments:
        return float('nan')
    order = np.argsort(-np.asarray(scores, float), kind='stable')
    hits = np.cumsum(np.asarray(correct, bool)[order])
    precision = hits / np.arange(1, len(hits) + 1)
    # the best precision at this recall or a higher one
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    recall = hits / garments
    at = np.searchsorted(recall, np.linspace(0, 1, 101), side='left')
    return float(np.append(envelope, 0)[at.clip(max=len(hits))].mean())


def summary(
    pictures: Sequence[tuple], types: Sequence[str], threshold: float
) -> Dict[str, object]:
    """Numbers over pictures of (detections, labelled).

    - ``ap50``: mean over types, and of each.
    - ``found``: share of labelled garments with a detection of the right
      type above the threshold; ``found_any_type`` of whatever type.
    - ``false_per_picture``: detections above the threshold that match none.
    """
    tables = {kind: ([], []) for kind in types}
    counts = {kind: [0, 0] for kind in types}
    places = false = 0
    for detections, labelled in pictures:
        true = [one for one in labelled if not one.ignored]
        ignored = [one for one in labelled if one.ignored]
        matches = match(detections, true, ignored)
        for i in {*matches.found, *matches.false} - {-1}:
            scores, correct = tables[detections[i].type]
            scores.append(detections[i].score)
            correct.append(i in matches.found)
        sure = [one for one in detections if one.score > threshold]
        matches = match(sure, true, ignored)
        false += len(matches.false)
        for garment, i in zip(true, matches.found):
            counts[garment.type][0] += i >= 0
            counts[garment.type][1] += 1
        anywhere = match(sure, true, ignored, any_type=True)
        places += sum(i >= 0 for i in anywhere.found)
    total = sum(count for _, count in counts.values())
    precise = {
        kind: average_precision(*tables[kind], counts[kind][1])
        for kind in types
    }
    return dict(
        pictures=len(pictures),
        garments={kind: count for kind, (_, count) in counts.items()},
        ap50=_mean(precise.values()),
        ap50_by_type=_rounded(precise),
        found=round(sum(hit for hit, _ in counts.values()) / total, 4),
        found_by_type=_rounded(
            {
                kind: hit / count if count else float('nan')
                for kind, (hit, count) in counts.items()
            }
        ),
        found_any_type=round(places / total, 4),
        false_per_picture=round(false / len(pictures), 4),
    )


def quiet_threshold(highest: Sequence[float]) -> float:
    """Least hundredth at which pictures without clothes have no garment.

    Args:
        highest (Sequence[float]): Highest score in each, 0 where none.
    """
    return float(np.floor(max(highest) * 100) + 1) / 100


def _rounded(values: Dict[str, float]) -> Dict[str, object]:
    return {
        key: None if np.isnan(value) else round(value, 4)
        for key, value in values.items()
    }


def _mean(values) -> float:
    return round(float(np.nanmean(list(values))), 4)
