"""Labels from a model that agrees with itself on changed pictures.

A garment is shown to the model mirrored, turned, and closer and from further
away. Where the answers, taken back to the picture, lie close together for
every landmark that is seen, their median becomes the label.
"""

from dataclasses import dataclass
from itertools import product
from typing import Callable, List, NamedTuple, Optional, Sequence

import cv2
import numpy as np

from dfa_mm.structures import (
    CLOTHES_TYPES,
    FLD_SETS,
    TYPE_SLOTS,
    Visibility,
)

ANGLES = (0.0, -8.0, 8.0)  # degrees
SCALES = (1.0, 1.2)  # of the box
# Whether the picture is mirrored, and the turn.
TURNS = tuple(product((False, True), ANGLES))
FIRST_LOOK = ((False, 0.0), (True, 0.0))
_WIDENING = 0.03  # of the box round the landmarks, to each side
_AGREEING = 2 / 3  # of the answers, on a landmark's state


class Answer(NamedTuple):
    """What a model says about one garment.

    ``points`` (K, 2) are in pixels and ``states`` (K,) FLD's codes, or None
    where the model does not tell them; K is the model's number.
    """

    points: np.ndarray
    states: Optional[np.ndarray]


# (picture (H, W, 3), boxes (N, 4) as x1, y1, x2, y2) to N answers
Model = Callable[[np.ndarray, np.ndarray], List[Answer]]


@dataclass(frozen=True)
class SelfLabel:
    """A label and how far the answers lie apart.

    Args:
        landmarks (np.ndarray): (K, 2) in pixels, NaN where cut off.
        visibility (np.ndarray): (K,), FLD's codes.
        bbox (np.ndarray): x_1, y_1, x_2, y_2, (4,).
        spread (np.ndarray): (K,) median distance of the answers from their
            median, x over the box's width and y over its height; 0 where
            cut off. Both medians do not follow the one view in which a
            landmark was missed.
        agreement (float): Least share of the answers that agree on the
            state of a landmark.
    """

    landmarks: np.ndarray
    visibility: np.ndarray
    bbox: np.ndarray
    spread: np.ndarray
    agreement: float

    @property
    def _seen(self) -> np.ndarray:
        return self.visibility == Visibility.VISIBLE

    @property
    def most_spread(self) -> float:
        """The largest spread of a visible landmark."""
        return float(self.spread[self._seen].max())

    def fault(self, most_spread: float) -> Optional[str]:
        """Why the label is not to be trusted, or None.

        Where an occluded landmark is can only be guessed, by a model as by a
        person: how far these answers lie apart says little of the others.
        """
        if not self._seen.any():
            return 'no landmark visible'
        if self.most_spread > most_spread:
            return 'landmarks spread'
        if self.agreement < _AGREEING:
            return 'states differ'
        return None


def turned(image: np.ndarray, mirrored: bool, angle: float):
    """A picture mirrored and turned about its middle.

    Returns:
        tuple: The picture (H, W, 3) and the 2 x 3 matrix that takes pixels
        of ``image`` to it.
    """
    height, width = image.shape[:2]
    middle = ((width - 1) / 2, (height - 1) / 2)
    matrix = cv2.getRotationMatrix2D(middle, angle, 1.0)
    if mirrored:
        matrix = matrix @ np.array([[-1, 0, width - 1], [0, 1, 0], [0, 0, 1]])
    size = (width, height)
    moved = cv2.warpAffine(
        image, matrix, size, borderMode=cv2.BORDER_REPLICATE
    )
    return moved, matrix


def moved(points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """(N, 2) through a 2 x 3 matrix."""
    return points @ matrix[:, :2].T + matrix[:, 2]


def scaled_box(box: np.ndarray, scale: float) -> np.ndarray:
    middle, half = (box[:2] + box[2:]) / 2, (box[2:] - box[:2]) / 2
    return np.concatenate([middle - scale * half, middle + scale * half])


def slots_of(clothes_type: int, count: int) -> Sequence[int]:
    """Which of a model's ``count`` landmarks a clothes type has.

    Raises:
        ValueError: If such a model cannot label the clothes type.
    """
    own = len(FLD_SETS[CLOTHES_TYPES[clothes_type]])
    if count == len(FLD_SETS['all']):
        return TYPE_SLOTS[clothes_type]
    if count == own:
        return range(own)
    raise ValueError(
        f'the model finds {count} landmarks; expected {own} of clothes type '
        f'{clothes_type} ({CLOTHES_TYPES[clothes_type]}) or all '
        f'{len(FLD_SETS["all"])}'
    )


def answers(
    model: Model,
    image: np.ndarray,
    box: np.ndarray,
    clothes_type: int,
    turns: Sequence = TURNS,
    scales: Sequence[float] = SCALES,
) -> List[Answer]:
    """What the model says of all views, in pixels of ``image``."""
    kind = FLD_SETS[CLOTHES_TYPES[clothes_type]]
    found = []
    for mirrored, angle in turns:
        view, matrix = turned(image, mirrored, angle)
        center = moved(((box[:2] + box[2:]) / 2)[None], matrix)[0]
        half = (box[2:] - box[:2]) / 2
        upright = np.concatenate([center - half, center + half])
        boxes = np.stack([scaled_box(upright, scale) for scale in scales])
        back = cv2.invertAffineTransform(matrix)
        for answer in model(view, boxes.astype(np.float32)):
            order = list(slots_of(clothes_type, len(answer.points)))
            if mirrored:
                order = [order[i] for i in kind.flip_indices]
            points = moved(np.asarray(answer.points, float)[order], back)
            states = answer.states
            found.append(
                Answer(points, None if states is None else states[order])
            )
    return found


def label(
    model: Model,
    image: np.ndarray,
    clothes_type: int,
    box: Optional[Sequence[float]] = None,
) -> SelfLabel:
    """Label a garment; without a box, look for it in the whole picture."""
    height, width = image.shape[:2]
    own_box = box is None
    if own_box:
        whole = np.array([0, 0, width - 1, height - 1], float)
        first = answers(model, image, whole, clothes_type, FIRST_LOOK, (1.0,))
        box = _round(np.mean([a.points for a in first], 0), image.shape)
    box = np.asarray(box, float)
    found = answers(model, image, box, clothes_type)
    result = merged(found, box, image.shape)
    if own_box:
        # also the cut-off ones: the garment reaches the picture's border there
        box = _round(np.median([a.points for a in found], 0), image.shape)
    limit = np.array([width - 1, height - 1] * 2)
    bbox = np.clip(np.round(box), 0, limit).astype(int)
    return SelfLabel(
        result.landmarks, result.visibility, bbox, result.spread,
        result.agreement,
    )  # fmt: skip


def _round(points, shape):
    """The box round points (N, 2), widened, inside the picture."""
    low, high = points.min(0), points.max(0)
    margin = _WIDENING * np.maximum(high - low, 1)
    limit = np.array(shape[1::-1]) - 1
    low = np.clip(low - margin, 0, limit - 1)
    return np.concatenate([low, np.clip(high + margin, low + 1, limit)])


def merged(found: List[Answer], box: np.ndarray, shape) -> SelfLabel:
    """The median of the answers, x and y apart, and their spread."""
    points = np.stack([answer.points for answer in found])
    middle = np.median(points, 0)
    size = box[2:] - box[:2]
    distance = np.linalg.norm((points - middle) / size, axis=-1)
    spread = np.median(distance, 0)
    visibility, agreement = _states(found, middle, shape)
    cut = visibility == Visibility.TRUNCATED
    middle[cut], spread = np.nan, np.where(cut, 0.0, spread)
    return SelfLabel(middle, visibility, box, spread, agreement)


def _states(found, middle, shape):
    """The state that most answers give (K,), and the least agreement."""
    limit = np.array(shape[1::-1]) - 1
    outside = ((middle < 0) | (middle > limit)).any(1)
    votes = np.zeros((3, len(middle)))
    for answer in found:
        states = answer.states
        if states is None:
            states = np.full(len(middle), Visibility.VISIBLE)
        for state in range(3):
            votes[state] += np.asarray(states) == state
    votes /= len(found)
    states = votes.argmax(0)
    agreement = float(votes.max(0).min())
    return np.where(outside, Visibility.TRUNCATED, states), agreement
