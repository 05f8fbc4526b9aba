"""The garments of a picture, and the JSON that tells of them.

    {"schema": 1, "image": NAME, "size": [WIDTH, HEIGHT], "garments": [
        {"box": [x1, y1, x2, y2], "type": "upper", "score": 0.93,
         "branch": "easy", "landmarks": [
            {"name": "left collar", "x": 31.5, "y": 12.0,
             "state": "visible", "probability": 0.98}, ...]}, ...]}

in pixels of the picture as a person sees it, EXIF applied. States are
``visible``, ``occluded`` and ``cut off``, and the probability is of the state
told; what is cut off has no position, x and y are null. Landmarks that the
garment does not have are left out. ``type`` is null where nobody told it,
``branch`` where there was no choice, ``state`` where the model tells none.
Garments of a video have a ``track``, the same number in every frame.
"""

from typing import List, NamedTuple, Optional, Sequence

import numpy as np
from mmengine.structures import InstanceData

from dfa_mm.evaluation import to_plain
from dfa_mm.structures import FLD_SETS, Visibility

from .predictions import branch_name, landmark_rows

SCHEMA = 1
# of probabilities that add up to 1; a softmax leaves an absent class more
_ROUNDING = 1e-6


class Garment(NamedTuple):
    """One garment of a picture.

    ``type`` is ``upper``, ``lower``, ``full`` or, where nobody told it,
    ``None``; ``score`` from 0 to 1 says how surely it is a garment, 1 where
    its box was given; ``landmarks`` are of one instance, :func:`complete`.
    """

    type: Optional[str]
    score: float
    landmarks: InstanceData
    track: Optional[int] = None

    @property
    def box(self) -> np.ndarray:
        """(4,) x1 y1 x2 y2 in pixels."""
        return np.asarray(self.landmarks.bboxes[0])


def garment_labels(garments: Sequence[Garment]) -> List[str]:
    """What to call them: ``upper``, or ``lower 1`` and ``lower 2``.

    In a video it is the track that tells garments apart.
    """
    kinds = [one.type or 'garment' for one in garments]
    labels = []
    for i, (kind, garment) in enumerate(zip(kinds, garments)):
        if garment.track is not None:
            kind = f'{kind} {garment.track}'
        elif kinds.count(kind) > 1:
            kind = f'{kind} {kinds[: i + 1].count(kind)}'
        labels.append(kind)
    return labels


def known_types(meta: dict) -> List[str]:
    """The clothes types whose landmarks a model knows; of people's none."""
    names = set(meta['keypoint_id2name'].values())
    return [
        kind
        for kind in ('upper', 'lower', 'full')
        if names >= set(FLD_SETS[kind].landmarks)
    ]


def own_type(pred: InstanceData, meta: dict) -> Optional[str]:
    """The type that the model itself tells, by the landmarks that there are.

    ``None`` if they are no type's, or if the model knows several types but no
    absent landmarks.
    """
    types = known_types(meta)
    presence = pred.get('presence_scores', np.ones(1))
    if len(types) > 1 and (presence > 1 - _ROUNDING).all():
        return None
    present = pred.landmark_visibility[0] != Visibility.ABSENT
    names = {meta['keypoint_id2name'][int(k)] for k in np.flatnonzero(present)}
    fitting = [t for t in types if names == set(FLD_SETS[t].landmarks)]
    return fitting[0] if fitting else None


def describe_garment(garment: Garment, meta: dict) -> dict:
    """One of ``garments`` in the JSON."""
    tracked = {} if garment.track is None else dict(track=garment.track)
    return dict(
        tracked,
        box=to_plain(garment.box),
        type=garment.type,
        score=to_plain(garment.score),
        branch=branch_name(garment.landmarks),
        landmarks=landmark_rows(garment.landmarks, meta),
    )


def describe_picture(
    garments: Sequence[Garment],
    meta: dict,
    image: str,
    size: Sequence[int],
    **asked,
) -> dict:
    """The JSON of a picture.

    Args:
        meta (dict): ``LandmarkSet.metainfo()`` of the model.
        image (str): The picture's name.
        size (Sequence[int]): Its width and height in pixels.
        **asked: What else there is to tell, as of which model it is.
    """
    return dict(
        schema=SCHEMA,
        image=image,
        size=[int(side) for side in size],
        **asked,
        garments=[describe_garment(one, meta) for one in garments],
    )
