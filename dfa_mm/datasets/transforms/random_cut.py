import numpy as np
from mmcv.transforms import BaseTransform
from mmcv.transforms.utils import cache_randomness
from mmpose.registry import TRANSFORMS

from dfa_mm.structures import Visibility

# Sides of the picture that may cut: left, top, right, bottom.
_SIDES = 4


@TRANSFORMS.register_module()
class RandomCut(BaseTransform):
    """Ends the picture within the garment, as close-ups do.

    Landmarks beyond are cut off. For training pictures of one garment.

    Args:
        prob (float): How often one side is cut.
        depth (tuple[float, float]): Least and greatest share of the box's
            side that is lost.
    """

    def __init__(self, prob: float = 0.15, depth=(0.05, 0.5)) -> None:
        if not 0 <= prob <= 1:
            raise ValueError(f'prob must lie within [0, 1], but is {prob}')
        low, high = depth
        if not 0 <= low <= high < 1:
            raise ValueError(f'depth must rise within [0, 1), but is {depth}')
        self.prob, self.depth = prob, (low, high)

    @cache_randomness
    def _chosen(self) -> tuple:
        """Whether to cut, the side and how deep."""
        cut = np.random.rand() < self.prob
        return cut, np.random.randint(_SIDES), np.random.uniform(*self.depth)

    def transform(self, results: dict) -> dict:
        cut, side, depth = self._chosen()
        return cut_picture(results, side, depth) if cut else results


def cut_picture(results: dict, side: int, depth: float) -> dict:
    """The sample whose picture ends at a share of its box.

    Args:
        results (dict): With ``img`` (H, W, 3), ``bbox`` (1, 4) x1 y1 x2 y2,
            ``keypoints`` (1, K, 2) and ``landmark_visibility`` (1, K).
        side (int): That is lost: 0 left, 1 top, 2 right, 3 bottom.
        depth (float): Share of the box that is lost with it.
    """
    bbox, axis = results['bbox'][0], side % 2
    extent = bbox[axis + 2] - bbox[axis]
    low, high = 0, results['img'].shape[1 - axis]
    if side < 2:
        low = int(np.clip(bbox[axis] + depth * extent, 0, high - 1))
    else:
        high = int(np.clip(np.ceil(bbox[axis + 2] - depth * extent), 1, high))
    kept = [slice(None), slice(None)]
    kept[1 - axis] = slice(low, high)
    image = results['img'][tuple(kept)]
    points = results['keypoints'].copy()
    points[..., axis] -= low
    inside = (points[..., axis] >= -0.5) & (
        points[..., axis] <= high - low - 0.5
    )
    states = results['landmark_visibility']
    box = results['bbox'].copy()
    box[:, axis::2] = (box[:, axis::2] - low).clip(0, high - low)
    return dict(
        results,
        img=image,
        img_shape=image.shape[:2],
        bbox=box,
        keypoints=points,
        landmark_visibility=np.where(
            inside | (states == Visibility.ABSENT),
            states,
            int(Visibility.TRUNCATED),
        ),
    )
