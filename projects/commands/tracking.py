"""Which garment of a frame is which of the frames before."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import List, Optional, Tuple

import numpy as np
from mmpose.apis import _track_by_iou

from .garments import Garments

# Chosen on a film that pans over street photographs, seen at 3 to 25 frames a
# second: the fewest changes of identity (docs/video.md).
MATCH_IOU = 0.1
KEEP_SHARE = 0.6  # of the score that makes a garment: enough for a known one
MEMORY = 1.0  # seconds that a garment may be missed
NEW_SPEED = 0.3  # share of the latest speed in a garment's speed


@dataclass
class Track:
    """A garment that was seen: ``box`` (4,) x1 y1 x2 y2, when, its speed."""

    number: int
    box: np.ndarray
    type: str
    score: float
    seconds: float
    speed: Optional[np.ndarray] = None  # (2,) of the centre, pixels a second

    def expected(self, seconds: float) -> np.ndarray:
        """The box (4,) where it should be by then."""
        if self.speed is None:
            return self.box
        return self.box + np.tile(self.speed * (seconds - self.seconds), 2)

    def move(self, box: np.ndarray, score: float, seconds: float) -> None:
        """It was seen again, in a box (4,)."""
        path = (box - self.box).reshape(2, 2).mean(axis=0)
        speed = path / (seconds - self.seconds)
        if self.speed is not None:
            speed = self.speed + NEW_SPEED * (speed - self.speed)
        self.box, self.score = box, score
        self.seconds, self.speed = seconds, speed


class GarmentTracker:
    """Garments keep their numbers, 1, 2, ... in the order they appear.

    MMPose's greedy matching by IoU, the surest garment first, among garments
    of the same type. Two things are added: a garment is expected where its
    speed takes it, and one that is missed is remembered for a while. What
    is known goes on with a lower score than what is new.

    Args:
        score_thr (float): Least score of a new garment.
    """

    def __init__(self, score_thr: float) -> None:
        self.score_thr = score_thr
        self.keep_thr = KEEP_SHARE * score_thr
        self._tracks: List[Track] = []
        self._latest = 0.0
        self._count = 0

    @property
    def numbers(self) -> List[int]:
        """Of the garments that are remembered."""
        return [track.number for track in self._tracks]

    def expected(self, seconds: float) -> Tuple[Garments, List[int]]:
        """What was seen in the latest frame as it should be by then.

        Returns:
            tuple: N garments and their numbers.
        """
        seen = [t for t in self._tracks if t.seconds == self._latest]
        boxes = [track.expected(seconds) for track in seen]
        garments = Garments(
            np.array(boxes, dtype=np.float32).reshape(-1, 4),
            [track.type for track in seen],
            np.array([track.score for track in seen]),
        )
        return garments, [track.number for track in seen]

    def __call__(self, seen: Garments, seconds: float) -> List[Optional[int]]:
        """The numbers of N garments, ``None`` of those that are none.

        Args:
            seen (Garments): N, with scores from ``keep_thr`` on.
            seconds (float): When the frame was taken, later than the last.
        """
        boxes, types, scores = seen
        self._latest = seconds
        self._tracks = [
            t for t in self._tracks if seconds - t.seconds <= MEMORY
        ]
        free, numbers = list(self._tracks), [None] * len(boxes)
        for i in np.argsort(-np.asarray(scores), kind='stable'):
            track = self._match(boxes[i], types[i], free, seconds)
            if track is not None:
                free.remove(track)
                track.move(boxes[i], scores[i], seconds)
            elif scores[i] >= self.score_thr:
                track = self._add(boxes[i], types[i], scores[i], seconds)
            numbers[i] = track and track.number
        return numbers

    def _match(self, box, kind, tracks, seconds) -> Optional[Track]:
        rivals = [
            _sample(track.expected(seconds), track)
            for track in tracks
            if track.type == kind
        ]
        # the third is {} without a match
        _, _, found = _track_by_iou(_sample(box), rivals, MATCH_IOU)
        return found.track if found else None

    def _add(self, *seen_first) -> Track:
        self._count += 1
        track = Track(self._count, *seen_first)
        self._tracks.append(track)
        return track


def _sample(box: np.ndarray, track: Optional[Track] = None):
    """What MMPose's matching reads of a data sample."""
    return SimpleNamespace(
        pred_instances=SimpleNamespace(bboxes=box[None]),
        track=track,
        track_id=track and track.number,
    )
