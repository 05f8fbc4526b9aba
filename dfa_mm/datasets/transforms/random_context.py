import numpy as np
from mmcv.transforms import BaseTransform
from mmcv.transforms.utils import cache_randomness
from mmpose.registry import TRANSFORMS
from mmpose.structures.bbox import bbox_xyxy2cs


@TRANSFORMS.register_module()
class RandomContext(BaseTransform):
    """GetBBoxCenterScale that now and then looks at more than the box.

    Who has no detector gives the whole picture in place of a garment's box; a
    network that has only seen tight boxes fails there. With
    ``prob=1, whole_prob=1`` a test shows how well it does: the box itself,
    which metrics measure by, stays as it is.

    Args:
        prob (float): How often the view is wider than the box.
        whole_prob (float): How often a wider view is the whole picture;
            else each side moves a random share of the way to it.
        padding (float): Factor on the view's size.
    """

    def __init__(
        self,
        prob: float = 0.3,
        whole_prob: float = 0.5,
        padding: float = 1.25,
    ) -> None:
        for name, value in dict(prob=prob, whole_prob=whole_prob).items():
            if not 0 <= value <= 1:
                raise ValueError(
                    f'{name} must lie within [0, 1], but is {value}'
                )
        self.prob = prob
        self.whole_prob = whole_prob
        self.padding = padding

    @cache_randomness
    def _shares(self, count: int) -> np.ndarray:
        """How far each side of each box moves, (N, 4)."""
        wider = np.random.rand(count, 1) < self.prob
        whole = np.random.rand(count, 1) < self.whole_prob
        return wider * np.where(whole, 1.0, np.random.rand(count, 4))

    def transform(self, results: dict) -> dict:
        height, width = results['img_shape'][:2]
        bbox = results['bbox']
        picture = np.array([0, 0, width, height], dtype=bbox.dtype)
        shares = self._shares(len(bbox)).astype(bbox.dtype)
        view = bbox + shares * (picture - bbox)
        results['bbox_center'], results['bbox_scale'] = bbox_xyxy2cs(
            view, padding=self.padding
        )
        return results
