import cv2
import numpy as np
from mmcv.transforms import BaseTransform
from mmcv.transforms.utils import cache_randomness
from mmpose.registry import TRANSFORMS

from dfa_mm.structures import Visibility

# Corners of a patch, and by how much their distance from its centre varies.
_CORNERS, _RAGGED = 9, (0.55, 1.0)
# How often a patch lies on a landmark and not anywhere in the box.
_ON_LANDMARK = 0.5


@TRANSFORMS.register_module()
class RandomOcclusion(BaseTransform):
    """Hides parts of a garment, as bags, hands, hair and other clothes do.

    Ragged patches filled with another part of the same picture, or with one
    colour. Visible landmarks under them become occluded; they keep their
    place.

    Args:
        prob (float): How often a picture gets patches.
        size (tuple[float, float]): Least and greatest side of a patch, as a
            share of the box's longer side.
        most (int): Patches at most.
    """

    def __init__(
        self, prob: float = 0.35, size=(0.08, 0.35), most: int = 2
    ) -> None:
        if not 0 <= prob <= 1:
            raise ValueError(f'prob must lie within [0, 1], but is {prob}')
        self.prob, self.size, self.most = prob, tuple(size), most

    @cache_randomness
    def _count(self) -> int:
        if np.random.rand() >= self.prob:
            return 0
        return np.random.randint(1, self.most + 1)

    def transform(self, results: dict) -> dict:
        count = self._count()
        if not count:
            return results
        image = results['img'].copy()
        hidden = np.zeros(image.shape[:2], dtype=np.uint8)
        for _ in range(count):
            outline = self._outline(results)
            patch = np.zeros_like(hidden)
            cv2.fillPoly(patch, [outline.round().astype(np.int32)], 1)
            _fill(image, patch)
            hidden |= patch
        return dict(
            results,
            img=image,
            landmark_visibility=hide(
                results['keypoints'], results['landmark_visibility'], hidden
            ),
        )

    def _outline(self, results: dict) -> np.ndarray:
        """A patch's corners (N, 2) in pixels of the picture."""
        box = results['bbox'][0]
        placed = results['keypoints'][0][results['keypoints_visible'][0] > 0]
        centre = np.random.uniform(box[:2], box[2:])
        if len(placed) and np.random.rand() < _ON_LANDMARK:
            centre = placed[np.random.randint(len(placed))]
        longer = max(box[2:] - box[:2])
        radii = np.random.uniform(*self.size, 2) * longer / 2
        turned = np.random.uniform(0, 2 * np.pi)
        angles = turned + np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
        ragged = np.random.uniform(*_RAGGED, _CORNERS)
        around = np.stack([np.cos(angles), np.sin(angles)], -1)
        shift = np.random.uniform(-0.5, 0.5, 2) * radii
        return centre + shift + around * ragged[:, None] * radii


def hide(
    keypoints: np.ndarray, states: np.ndarray, hidden: np.ndarray
) -> np.ndarray:
    """States (N, K) of landmarks (N, K, 2) under a mask (H, W) of 0 and 1."""
    height, width = hidden.shape
    x, y = np.moveaxis(np.nan_to_num(keypoints).round().astype(int), -1, 0)
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    covered = inside & (
        hidden[y.clip(0, height - 1), x.clip(0, width - 1)] > 0
    )
    return np.where(
        covered & (states == Visibility.VISIBLE),
        int(Visibility.OCCLUDED),
        states,
    )


def _fill(image: np.ndarray, patch: np.ndarray) -> None:
    """Replace the patch in the picture by another part of it, or a colour."""
    height, width = patch.shape
    source = np.roll(
        image,
        (np.random.randint(height), np.random.randint(width)),
        axis=(0, 1),
    )
    if np.random.rand() < 0.3:
        source = np.random.randint(0, 256, 3, dtype=image.dtype)
        source = np.broadcast_to(source, image.shape)
    image[patch > 0] = source[patch > 0]
