"""The garments of a picture and their landmarks, for every demo."""

import argparse
import io
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from typing import List, Optional, Sequence

import mmcv
import numpy as np
from mmengine.model import BaseModel
from torch import nn

from dfa_mm.apis import (
    Garment,
    InputError,
    can_show,
    choose_device,
    find_landmarks,
    find_landmarks_in_boxes,
    garment_labels,
    hidden_slots,
    known_types,
    own_type,
)
from dfa_mm.structures import CLOTHES_TYPES
from dfa_mm.visualization import draw_garment_stages, draw_garments
from projects.garment_detector.find import (
    Garments,
    find_garments,
    load_detector,
)


@dataclass(frozen=True)
class GarmentFinder:
    """All garments of a picture, or those that the user points at.

    ``dataclasses.replace(find, boxes=[...])`` asks the same model otherwise.

    Args:
        model (nn.Module): Finds landmarks.
        detector (BaseModel, optional): Finds garments; asked where neither
            ``boxes`` nor ``whole`` says where they are. Without one the whole
            picture is a garment.
        boxes (Sequence): N boxes x1 y1 x2 y2 in pixels, a garment in each.
        whole (bool): One garment fills the picture.
        clothes_type (str, optional): The type of the garments in ``boxes`` or
            of the ``whole``; else garments of other types are left out.
        closer_look (bool): As in :func:`find_landmarks`.

    Raises:
        InputError: If the model does not know the clothes type.
    """

    model: nn.Module
    detector: Optional[BaseModel] = None
    boxes: Sequence = ()
    whole: bool = False
    clothes_type: Optional[str] = None
    closer_look: bool = True

    def __post_init__(self) -> None:
        hidden_slots(self.meta, self.clothes_type)  # for its error

    @property
    def meta(self) -> dict:
        return self.model.dataset_meta

    @property
    def detects(self) -> bool:
        """Whether it is the detector that says where garments are."""
        return not (len(self.boxes) or self.whole or self.detector is None)

    @property
    def shows_boxes(self) -> bool:
        return len(self.boxes) > 0 or self.detects

    def __call__(self, image: np.ndarray, name: str = '') -> List[Garment]:
        """The garments, the surest first, or in the order of ``boxes``.

        Args:
            image (np.ndarray): (H, W, 3) BGR uint8, upright.
            name (str): What to call it in an error.

        Raises:
            InputError: If a box covers nothing of the picture.
        """
        if self.detects:
            return self.look(image, self.detect(image), name)
        if not len(self.boxes):
            if not can_show(image):
                return []
            pred = find_landmarks(
                self.model,
                image,
                None,
                self.clothes_type,
                self.closer_look,
                name,
            )
            return [self._given(pred)]
        types = [self.clothes_type] * len(self.boxes)
        preds = find_landmarks_in_boxes(
            self.model, image, self.boxes, types, name
        )
        return [self._given(pred) for pred in preds]

    def detect(self, image: np.ndarray) -> Garments:
        """Where the garments are, of the types that are asked for."""
        seen = find_garments(image, self.detector)
        wanted = known_types(self.meta)
        if self.clothes_type is not None:
            wanted = [self.clothes_type]
        sides = seen.boxes[:, 2:] - seen.boxes[:, :2]
        inside = (sides >= 1).all(axis=1)  # pixel
        return select(
            seen, [i and t in wanted for i, t in zip(inside, seen.types)]
        )

    def look(
        self, image: np.ndarray, seen: Garments, name: str = ''
    ) -> List[Garment]:
        """The landmarks of what was detected."""
        boxes, types, scores = seen
        preds = find_landmarks_in_boxes(self.model, image, boxes, types, name)
        return [Garment(*g) for g in zip(types, scores.tolist(), preds)]

    def _given(self, pred) -> Garment:
        kind = self.clothes_type or own_type(pred, self.meta)
        return Garment(kind, 1.0, pred)

    def nothing_found(self, name: str) -> str:
        """What to say of a picture without garments."""
        kind = f'{self.clothes_type} ' if self.clothes_type else ''
        return f'no {kind}garment found in {name}'

    def draw(
        self,
        image: np.ndarray,
        garments: Sequence[Garment],
        stages: bool = False,
        panel_size: int = 480,
    ) -> np.ndarray:
        """The picture of what was found; both BGR.

        Args:
            stages (bool): A row of stages for every garment instead.
            panel_size (int): Long side of a stage's panel, in pixels.
        """
        image = mmcv.bgr2rgb(image)
        preds = [one.landmarks for one in garments]
        labels = garment_labels(garments)
        if stages:
            drawn = draw_garment_stages(
                image, preds, self.meta, labels, self.shows_boxes, panel_size
            )
        else:
            types = [one.type for one in garments]
            drawn = draw_garments(
                image, preds, self.meta, types, labels, self.shows_boxes
            )
        return mmcv.rgb2bgr(drawn)


def select(seen: Garments, kept: Sequence[bool]) -> Garments:
    """Those of N detected garments that are ``kept`` (N,)."""
    kept = np.asarray(kept, dtype=bool)
    types = [kind for kind, keep in zip(seen.types, kept) if keep]
    return Garments(seen.boxes[kept], types, seen.scores[kept])


def finder_from(
    args: argparse.Namespace, model: nn.Module, closer_look: bool = True
) -> GarmentFinder:
    """The command line's :class:`GarmentFinder`.

    The detector is loaded only where it is needed. A model of other than
    clothes gets none; of a model that does not know all types it is told.

    Raises:
        InputError: Says what does not go together, or what is missing.
    """
    if args.boxes and args.whole:
        raise InputError('give --box or --whole, not both')
    find = GarmentFinder(
        model, None, args.boxes, args.whole, args.clothes_type, closer_look
    )
    types = known_types(find.meta)
    if args.boxes or args.whole or not types:
        return find
    if len(types) < len(CLOTHES_TYPES):
        print(f'the model knows {", ".join(types)} garments only')
    return replace(find, detector=detector_from(args))


def detector_from(args: argparse.Namespace) -> BaseModel:
    """The shipped detector on the model's device.

    Raises:
        InputError: If it is missing.
    """
    device = choose_device(args.model_device)
    try:
        # MMDetection says which file it loads
        with redirect_stdout(io.StringIO()):
            return load_detector(device=device, score_thr=args.score_thr)
    except FileNotFoundError as error:
        raise InputError(f'{error}; or give --box or --whole') from error
