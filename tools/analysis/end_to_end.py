"""How good garments found in whole photographs and their landmarks are."""

from typing import Dict, List, NamedTuple, Sequence, Tuple

import numpy as np

from dfa_mm.evaluation.means import mean_known
from dfa_mm.evaluation.normalized_error import (
    mean_normalized_error,
    normalized_error,
)
from dfa_mm.evaluation.protocols import box_size, is_visible
from dfa_mm.evaluation.tail import GROSS_ERROR, describe_tail
from dfa_mm.structures import CLOTHES_TYPES, has_position
from projects.garment_detector.boxes import Labelled
from projects.garment_detector.scoring import Detection, match


class Garment(NamedTuple):
    """Labelled or found; boxes x1 y1 x2 y2 and landmarks in pixels."""

    type: str
    box: np.ndarray  # (4,)
    landmarks: np.ndarray  # (K, 2)
    states: np.ndarray  # (K,)
    score: float = 1.0


class Photograph(NamedTuple):
    name: str
    labelled: List[Garment]
    found: List[Garment]
    complete: bool  # whether every garment is labelled


Pair = Tuple[Garment, Garment]  # labelled, found


def pairs(photograph: Photograph, any_type: bool) -> Tuple[List[Pair], int]:
    """Each labelled garment with what was found there, and the false ones.

    At an IoU of 0.5, see :func:`projects.garment_detector.scoring.match`.
    """
    labelled, found = photograph.labelled, photograph.found
    matches = match(
        [Detection(one.type, one.box, one.score) for one in found],
        [Labelled(one.type, one.box) for one in labelled],
        any_type=any_type,
    )
    matched = [
        (garment, found[i])
        for garment, i in zip(labelled, matches.found)
        if i >= 0
    ]
    return matched, len(matches.false)


def score(photographs: Sequence[Photograph]) -> dict:
    """Everything there is to know, as a nested dict.

    - ``garments``: labelled, by type and in all.
    - ``found``: share of them with one of the right type at an IoU of 0.5,
      likewise; ``found_any_type`` of whatever type.
    - ``landmarks``, of those found of the right type, and
      ``landmarks_any_type``: see :func:`describe_landmarks`.
    - ``landmarks_right``: share of the visible landmarks of all labelled
      garments that are of a garment found of the right type, told, and not
      grossly off.
    - ``false_per_photograph``: what was found and is no labelled garment (of
      that type), in the ``complete_photographs``.
    - ``photographs``, ``without_any``: in how many nothing was found.
    """
    right = [pairs(photograph, any_type=False) for photograph in photographs]
    either = [pairs(photograph, any_type=True) for photograph in photographs]
    labelled = [g for photograph in photographs for g in photograph.labelled]
    types = [
        kind
        for kind in CLOTHES_TYPES.values()
        if any(garment.type == kind for garment in labelled)
    ]
    matched = [pair for found, _ in right for pair in found]
    somehow = [pair for found, _ in either for pair in found]
    false = [n for p, (_, n) in zip(photographs, right) if p.complete]
    return {
        'photographs': len(photographs),
        'garments': count_types(labelled, types),
        'found': shares(matched, labelled, types),
        'found_any_type': shares(somehow, labelled, types),
        'landmarks': describe_landmarks(matched),
        'landmarks_any_type': describe_landmarks(somehow),
        'landmarks_right': share_right(matched, labelled),
        'complete_photographs': len(false),
        'false_per_photograph': mean_known(false),
        'without_any': sum(not p.found for p in photographs),
    }


def count_types(garments: Sequence[Garment], types: Sequence[str]) -> dict:
    counts = {kind: sum(g.type == kind for g in garments) for kind in types}
    return {'all': len(garments), **counts}


def shares(
    matched: Sequence[Pair], labelled: Sequence[Garment], types: Sequence[str]
) -> Dict[str, float]:
    found = count_types([garment for garment, _ in matched], types)
    there = count_types(labelled, types)
    return {
        kind: found[kind] / there[kind] if there[kind] else np.nan
        for kind in there
    }


def describe_landmarks(matched: Sequence[Pair]) -> dict:
    """The landmarks of garments that were found.

    - ``NE_box``: of visible landmarks, by width and height of the labelled
      box, averaged by landmark as in results.json.
    - ``tail``: the same errors at once, :func:`describe_tail`.
    - ``missed``: share of the visible landmarks that are told to be cut off
      or that the garment is told not to have; their place counts all the
      same.
    - ``per_garment``: landmarks that are told to have a position;
      ``labelled_per_garment``.
    """
    if not matched:
        return {'garments': 0}
    errors, told = visible_errors(matched)
    visible = ~np.isnan(errors)
    return {
        'garments': len(matched),
        'NE_box': mean_normalized_error(errors)[1],
        'tail': describe_tail(errors),
        'missed': mean_known(~told[visible]),
        'per_garment': told.sum(1).mean(),
        'labelled_per_garment': np.mean(
            [has_position(garment.states).sum() for garment, _ in matched]
        ),
    }


def share_right(matched: Sequence[Pair], labelled: Sequence[Garment]) -> float:
    total = sum(is_visible(garment.states).sum() for garment in labelled)
    if not total or not matched:
        return 0.0 if total else float('nan')
    errors, told = visible_errors(matched)
    return float((told & (errors <= GROSS_ERROR)).sum() / total)


def visible_errors(matched: Sequence[Pair]) -> Tuple[np.ndarray, np.ndarray]:
    """NE box (N, K), NaN but for visible ones; whether told a place (N, K)."""
    truth, found = (
        np.stack([pair[side].landmarks for pair in matched]) for side in (0, 1)
    )
    states = np.stack([garment.states for garment, _ in matched])
    boxes = np.stack([garment.box for garment, _ in matched])
    errors = normalized_error(
        found, truth, is_visible(states), box_size(boxes)
    )
    return errors, has_position(np.stack([one.states for _, one in matched]))


def describe_photograph(photograph: Photograph) -> dict:
    """One line of it for the list of all photographs."""
    matched, false = pairs(photograph, any_type=False)
    errors = [visible_errors([pair])[0] for pair in matched]
    return {
        'image': photograph.name,
        'labelled': [garment.type for garment in photograph.labelled],
        'found': [garment.type for garment in photograph.found],
        'matched': len(matched),
        'false': false if photograph.complete else None,
        'errors': [mean_known(each) for each in errors],
    }
