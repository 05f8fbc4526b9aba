"""Crops of pictures that are far larger than the crop."""

from typing import List

import cv2
import numpy as np
from mmpose.datasets.transforms import TopdownAffine
from mmpose.registry import TRANSFORMS

# In training a garment has at most some 5 times the crop's size.
LIMIT = 8.0
KEPT = 4.0


@TRANSFORMS.register_module()
class AveragingTopdownAffine(TopdownAffine):
    """:class:`TopdownAffine` that averages where it shrinks a lot.

    Upstream makes each pixel of the crop from four of the picture. Of a box
    of 6000 pixels that is noise and the threads of the cloth, which moves
    landmarks by a hundredth of the box and more. Where a box has more than 8
    times the crop's size, the picture is first shrunk by area to 4 times.
    Below that limit the result is upstream's.
    """

    def transform(self, results: dict) -> dict:
        reduction = float(np.max(results['bbox_scale'] / self.input_size))
        if not reduction > LIMIT:
            return super().transform(results)
        image, factor = shrink(results['img'], KEPT / reduction)
        inner = dict(
            results,
            img=image,
            bbox_center=_shrink_points(results['bbox_center'], factor),
            bbox_scale=results['bbox_scale'] * factor,
        )
        keypoints = results.get('keypoints')
        if keypoints is not None:
            inner['keypoints'] = _shrink_points(keypoints, factor)
        inner = super().transform(inner)
        # geometry is told in the picture's own pixels
        scale = inner['bbox_scale'] / factor
        inner.update(
            bbox_center=results['bbox_center'],
            bbox_scale=scale,
            input_center=results['bbox_center'][0],
            input_scale=scale[0],
        )
        if keypoints is not None:
            inner['keypoints'] = keypoints
        return inner


def shrink(image: np.ndarray, factor: float) -> tuple:
    """The picture (H, W, 3) by area, and the factor of its long side."""
    long_side = max(image.shape[:2])
    factor = max(1, round(long_side * factor)) / long_side
    size = [max(1, round(side * factor)) for side in image.shape[1::-1]]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA), factor


def averaging(pipeline: List[dict]) -> List[dict]:
    """A test pipeline whose ``TopdownAffine`` averages; any other as it is."""
    plain = ('TopdownAffine', TopdownAffine)
    return [
        dict(step, type='AveragingTopdownAffine')
        if step['type'] in plain
        else step
        for step in pipeline
    ]


def _shrink_points(points: np.ndarray, factor: float) -> np.ndarray:
    """Pixel centres lie at whole numbers in both pictures."""
    return (points + 0.5) * factor - 0.5
