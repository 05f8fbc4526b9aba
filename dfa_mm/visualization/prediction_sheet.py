"""One picture of what a model makes of a test set."""

import cv2
import numpy as np
import torch
from mmengine.dataset import pseudo_collate

from dfa_mm.structures import Visibility

from .panels import contact_sheet
from .prediction import draw_stages

SAMPLES, COLUMNS = 12, 2
PANEL = 200  # pixels


@torch.no_grad()
def prediction_sheet(model, dataset) -> np.ndarray:
    """Evenly chosen samples of a data set with their landmarks by stage.

    Returns:
        np.ndarray: RGB uint8.
    """
    chosen = np.linspace(0, len(dataset) - 1, min(SAMPLES, len(dataset)))
    panels = [
        _stages(sample, dataset.metainfo)
        for i in chosen.round().astype(int)
        for sample in model.test_step(pseudo_collate([dataset[i]]))
    ]
    return contact_sheet(panels, columns=COLUMNS)


def _stages(sample, meta: dict) -> np.ndarray:
    image = cv2.imread(sample.metainfo['img_path'])[..., ::-1]
    truth, pred = sample.gt_instances, sample.pred_instances
    if 'stage_keypoints' not in pred:  # one of MMPose's own models
        pred.stage_keypoints = pred.keypoints[:, None]
    if 'stage_visibility' not in pred:
        pred.stage_visibility = np.full(
            pred.stage_keypoints.shape[:3], int(Visibility.VISIBLE)
        )
    box = _frame(truth, pred.stage_keypoints[0])
    return draw_stages(image, pred, meta, box, PANEL, truth)


def _frame(truth, stages: np.ndarray) -> np.ndarray:
    """The box, widened so that no predicted landmark falls outside."""
    present = truth.landmark_visibility[0] != Visibility.ABSENT
    points = stages[:, present].reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    x1, y1, x2, y2 = truth.bboxes[0]
    low = np.minimum([x1, y1], points.min(0, initial=np.inf))
    high = np.maximum([x2, y2], points.max(0, initial=-np.inf))
    return np.concatenate([low, high])
