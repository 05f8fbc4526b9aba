"""The garments of one frame after the other."""

import argparse
from typing import Dict, List, Optional, Sequence, Tuple

import mmcv
import numpy as np
from mmengine.model import BaseModel
from torch import nn

from dfa_mm.apis import (
    Garment,
    at_stage,
    complete,
    garment_labels,
    hidden_slots,
    own_type,
)
from dfa_mm.visualization import contact_sheet, draw_garments
from dfa_mm.visualization.panels import resize
from dfa_mm.visualization.prediction import stage_title
from dfa_mm.visualization.text import with_title

from .garments import GarmentFinder, Garments, finder_from, select
from .smoothing import LandmarkSmoother
from .tracking import GarmentTracker

PANEL_SIZE = 480


class GarmentFollower:
    """Garments that keep their numbers from frame to frame.

    Those in boxes that the user gave are numbered in their order.

    Args:
        find (GarmentFinder): Finds them in a frame.
        tracker (GarmentTracker, optional): Of what the finder detects.
        detect_every (int): Frames from one detection to the next; between
            them garments are looked for where their speed takes them.
        smooth (bool): Let landmarks and states follow calmly, garment by
            garment.
    """

    def __init__(
        self,
        find: GarmentFinder,
        tracker: Optional[GarmentTracker] = None,
        detect_every: int = 1,
        smooth: bool = False,
    ) -> None:
        self.find = find
        self.tracker = tracker
        self.detect_every = detect_every
        self.smooth = smooth
        self._smoothers: Dict[int, LandmarkSmoother] = {}
        self._frames = 0

    @property
    def meta(self) -> dict:
        return self.find.meta

    def __call__(
        self, image: np.ndarray, name: str, seconds: float
    ) -> List[Garment]:
        """The garments of the next frame, in the order of their numbers.

        Args:
            image (np.ndarray): (H, W, 3) BGR uint8.
            name (str): What to call it in an error.
            seconds (float): When it was taken, later than the last one.

        Raises:
            InputError: If a box of the user covers nothing of the picture.
        """
        if self.find.detects:
            seen, numbers = self._see(image, seconds)
            found = self.find.look(image, seen, name)
        else:
            found = self.find(image, name)
            numbers = range(1, len(found) + 1)
        self._frames += 1
        found = [g._replace(track=n) for g, n in zip(found, numbers)]
        if self.smooth:
            found = [self._calm(garment, seconds) for garment in found]
        return sorted(found, key=lambda garment: garment.track)

    def _see(
        self, image: np.ndarray, seconds: float
    ) -> Tuple[Garments, List[int]]:
        if self._frames % self.detect_every:
            seen, numbers = self.tracker.expected(seconds)
            kept = overlap(seen.boxes, image)
        else:
            seen = self.find.detect(image)
            numbers = self.tracker(seen, seconds)
            kept = [number is not None for number in numbers]
            self._forget()
        numbers = [number for number, keep in zip(numbers, kept) if keep]
        return select(seen, kept), numbers

    def _forget(self) -> None:
        """The smoothers of what the tracker has forgotten."""
        for number in set(self._smoothers).difference(self.tracker.numbers):
            del self._smoothers[number]

    def _calm(self, garment: Garment, seconds: float) -> Garment:
        smoother = self._smoothers.setdefault(
            garment.track, LandmarkSmoother()
        )
        told = garment.type if self.find.detects else self.find.clothes_type
        hidden = hidden_slots(self.meta, told)
        pred = complete(smoother(garment.landmarks, seconds), hidden)
        kind = told or own_type(pred, self.meta)
        return garment._replace(type=kind, landmarks=pred)

    def draw(
        self,
        image: np.ndarray,
        garments: Sequence[Garment],
        stages: bool = False,
    ) -> np.ndarray:
        """The frame with its garments, BGR; of one size in all frames.

        Args:
            stages (bool): The stages side by side instead.
        """
        if not stages:
            return self.find.draw(image, garments)
        scale = PANEL_SIZE / max(image.shape[:2])
        ground = resize(mmcv.bgr2rgb(image), scale)
        look = dict(
            meta=self.meta,
            types=[one.type for one in garments],
            labels=garment_labels(garments),
            show_boxes=self.find.shows_boxes,
        )
        panels = []
        for stage in range(1, count_stages(self.find.model) + 1):
            preds = [at_stage(g.landmarks, stage, scale) for g in garments]
            drawn = draw_garments(ground, preds, **look)
            panels.append(with_title(drawn, stage_title(stage)))
        return mmcv.rgb2bgr(contact_sheet(panels, columns=len(panels)))


def overlap(boxes: np.ndarray, image: np.ndarray) -> np.ndarray:
    """(N,) bool: which boxes (N, 4) cover anything of the picture."""
    corners = boxes.reshape(-1, 2, 2).clip(0, image.shape[1::-1])
    return (corners[:, 1] > corners[:, 0]).all(axis=1)


def count_stages(model: nn.Module) -> int:
    return len(getattr(model, 'stages', [model]))


def follower_from(
    args: argparse.Namespace, model: nn.Module
) -> GarmentFollower:
    """The command line's :class:`GarmentFollower`.

    Raises:
        InputError: As of :func:`finder_from`.
    """
    find = finder_from(args, model, args.closer_look)
    tracker = tracker_of(find.detector) if find.detects else None
    return GarmentFollower(find, tracker, args.detect_every, args.smooth)


def tracker_of(detector: BaseModel) -> GarmentTracker:
    """Its threshold makes new garments; from now on it tells of less, too."""
    settings = detector.bbox_head.test_cfg
    tracker = GarmentTracker(settings.score_thr)
    settings.score_thr = tracker.keep_thr
    return tracker
