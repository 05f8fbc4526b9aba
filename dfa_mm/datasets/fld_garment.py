"""What FLD says of a garment beside its landmarks, in COCO's annotations."""

from typing import Mapping, Optional

from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    TYPE_SLOTS,
    VARIATION_TYPES,
)

from .coco_schema import Problem, shown

TYPE_CODES = {name: code for code, name in CLOTHES_TYPES.items()}
ALL = 'all'


def garment_problem(ann: Mapping, subset: str) -> Optional[Problem]:
    """Of an annotation whose landmarks are in the order of the subset."""
    return (
        _type_problem(ann, subset)
        or _variation_problem(ann)
        or (_slot_problem(ann) if subset == ALL else None)
    )


def clothes_type(ann: Mapping, subset: str) -> Optional[int]:
    """As the annotation says, or as the subset implies."""
    return ann.get('clothes_type', TYPE_CODES.get(subset))


def _type_problem(ann: Mapping, subset: str) -> Optional[Problem]:
    found = clothes_type(ann, subset)
    allowed = [TYPE_CODES[subset]] if subset in TYPE_CODES else CLOTHES_TYPES
    if type(found) is int and found in allowed:
        return None
    return Problem(
        'clothes type',
        f'clothes_type {shown(found)}',
        f'{" or ".join(map(str, allowed))} with subset={subset!r}',
        'fld2coco.py writes files that name the type of every garment.',
    )


def _variation_problem(ann: Mapping) -> Optional[Problem]:
    found = ann.get('variation_type', 0)
    if type(found) is int and found in (0, *VARIATION_TYPES):
        return None
    return Problem(
        'variation type',
        f'variation_type {shown(found)}',
        f'one of {", ".join(map(str, VARIATION_TYPES))}, or 0 for unknown',
    )


def _slot_problem(ann: Mapping) -> Optional[Problem]:
    code = clothes_type(ann, ALL)
    for slot, flag in enumerate(ann['keypoints'][2::3]):
        if flag > 0 and slot not in TYPE_SLOTS[code]:
            return Problem(
                'landmarks',
                f'that {FLD_SETS[ALL].landmarks[slot]} has v={flag:g}',
                f'0, for clothes type {code} ({CLOTHES_TYPES[code]}) has none',
            )
    return None
