"""What cutting a picture does to its garments."""

import numpy as np
from mmcv.transforms import BaseTransform
from mmdet.registry import TRANSFORMS


@TRANSFORMS.register_module()
class ClipGarments(BaseTransform):
    """Cut boxes to the picture; ignore garments of which little is left.

    For boxes that transforms before it did not clip
    (``bbox_clip_border=False``). Those of which nothing is left are removed.

    Args:
        least_share (float): Of the box's area that must be left for it to
            count as a garment.
    """

    def __init__(self, least_share: float = 0.3) -> None:
        self.least_share = least_share

    def transform(self, results: dict) -> dict:
        boxes = results['gt_bboxes']
        whole = boxes.areas.numpy()
        boxes.clip_(results['img_shape'])
        left = boxes.areas.numpy() / np.maximum(whole, 1e-6)
        sliver = left < self.least_share
        results['gt_ignore_flags'] = results['gt_ignore_flags'] | sliver
        kept = left > 0
        for key in ('gt_bboxes', 'gt_bboxes_labels', 'gt_ignore_flags'):
            results[key] = results[key][kept]
        return results
