"""Parts of a garment as they appear in the picture."""

from dataclasses import dataclass
from typing import List, Tuple

import cv2
import numpy as np

from dfa_mm.structures import Visibility
from projects.synthfld.noise import SIDE, folds
from projects.synthfld.view import Camera

from .canvas import Canvas, is_hidden
from .drape import Part
from .patch import Patch
from .pattern import LEFT, RIGHT
from .warps import Warp, thin_plate

_SMOOTHING = 1.0
_FOLD_METRES = 0.6
_MOST_FOLDED = 0.01


class FoldedError(ValueError):
    """A part would be inside out."""


@dataclass
class Piece:
    """A warped part; ``step`` is when it was painted, 0 before that."""

    side: int
    picture: np.ndarray
    alpha: np.ndarray
    warp: Warp
    step: int = 0

    def paste(self, canvas: Canvas, shadow: float) -> None:
        self.step = canvas.paste(self.picture, self.alpha, shadow)


def warp_parts(
    rng: np.random.Generator,
    patch: Patch,
    parts: List[Part],
    camera: Camera,
    shape: Tuple[int, int],
) -> List[Piece]:
    """Raises FoldedError where a part cannot be bent like that."""
    tone = _Tone.sample(rng)
    pieces = []
    for part in parts:
        warp = thin_plate(part.old, camera(part.new), shape, _SMOOTHING)
        alpha = warp.picture(part.mask)
        if warp.folded_share(alpha) > _MOST_FOLDED:
            raise FoldedError
        picture = warp.picture(patch.image, border=cv2.BORDER_REPLICATE)
        tone(picture, alpha, camera)
        pieces.append(Piece(part.side, picture, alpha, warp))
    return pieces


@dataclass(frozen=True)
class _Tone:
    """Folds, a darker rim and a gain per channel."""

    fold: int
    strength: float
    rim: float
    gain: Tuple[float, float, float]

    @classmethod
    def sample(cls, rng) -> '_Tone':
        return cls(
            int(rng.integers(8)),
            rng.uniform(0.0, 0.35),
            rng.uniform(0.0, 0.35),
            tuple(rng.uniform(0.75, 1.1) * rng.uniform(0.95, 1.05, 3)),
        )

    def __call__(self, picture, alpha, camera) -> None:
        """Light the part that ``alpha`` shows, in place."""
        x, y, width, height = cv2.boundingRect(alpha)
        if not width:
            return
        window = np.s_[y : y + height, x : x + width]
        light = self._light(alpha[window], camera)
        light = cv2.merge([cv2.convertScaleAbs(light, None, g)
                           for g in self.gain])  # fmt: skip
        picture[window] = cv2.multiply(picture[window], light, scale=1 / 128)

    def _light(self, alpha, camera):
        """(h, w) uint8; 128 changes nothing."""
        per_pixel = SIDE / _FOLD_METRES / camera.scale
        matrix = np.array([[per_pixel, 0, 0], [0, per_pixel, 0]])
        fold = cv2.warpAffine(
            folds(self.fold), matrix, alpha.shape[::-1],
            borderMode=cv2.BORDER_WRAP,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        )  # fmt: skip
        reach = max(3, int(0.08 * camera.scale)) | 1
        depth = cv2.blur(alpha, (reach, reach))
        level = 128 * (1 - self.strength - self.rim)
        return cv2.addWeighted(
            fold, self.strength, depth, 0.5 * self.rim, level
        )


def landmark_points(patch: Patch, pieces: List[Piece]) -> np.ndarray:
    """Positions (K, 2) in pixels, NaN outside the picture."""
    return np.array(
        [
            _owner(name, pieces).warp.points(old[None])[0]
            for name, old in zip(patch.names, patch.landmarks)
        ]
    )


def landmark_visibility(
    patch: Patch, pieces: List[Piece], points: np.ndarray, top: np.ndarray
) -> np.ndarray:
    """FLD's codes (K,); what was hidden in the photograph stays so."""
    codes = []
    for name, point, code in zip(patch.names, points, patch.visibility):
        piece = _owner(name, pieces)
        if np.isnan(point).any():
            codes.append(Visibility.TRUNCATED)
        elif code == Visibility.OCCLUDED or is_hidden(
            point, piece.alpha, top, piece.step
        ):
            codes.append(Visibility.OCCLUDED)
        else:
            codes.append(Visibility.VISIBLE)
    return np.array(codes, np.int64)


def _owner(name: str, pieces: List[Piece]) -> Piece:
    """The sleeve for its landmark where there is one, else the trunk."""
    side = LEFT if name.startswith('left') else RIGHT
    wanted = side if name.endswith('sleeve') else 0
    trunk = next(piece for piece in pieces if piece.side == 0)
    return next((p for p in pieces if p.side == wanted), trunk)
