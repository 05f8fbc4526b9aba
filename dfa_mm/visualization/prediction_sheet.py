"""One picture of what a model makes of a test set."""

from typing import Optional

import cv2
import numpy as np
import torch
from mmengine.dataset import pseudo_collate

from .panels import contact_sheet, stages_side_by_side

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
    """One sample's stages; slots that the garment lacks are left out."""
    image = cv2.imread(sample.metainfo['img_path'])[..., ::-1]
    truth, pred = sample.gt_instances, sample.pred_instances
    states = np.asarray(truth.landmark_visibility[0])
    stages = np.asarray(pred.get('stage_keypoints', pred.keypoints[:, None]))
    found = np.asarray(
        pred.get('stage_visibility', np.zeros((1, 1, len(states)), int))
    )
    return stages_side_by_side(
        np.ascontiguousarray(image),
        stages[0],
        np.where(states < 0, states, found[0]),
        meta,
        truth=truth.keypoints[0],
        truth_visibility=states,
        bbox=_frame(truth, stages[0], states),
        titles=_titles(sample, len(stages[0])),
        panel_size=PANEL,
    )


def _titles(sample, count: int) -> list:
    titles = [f'stage {i + 1}' for i in range(count)]
    branch: Optional[np.ndarray] = sample.pred_instances.get('branch')
    if branch is not None and branch[0] >= 0:
        titles[-1] += (' easy', ' hard')[int(branch[0])]
    return titles


def _frame(truth, stages: np.ndarray, states: np.ndarray) -> np.ndarray:
    """The box, widened so that no predicted landmark falls outside."""
    points = stages[:, states >= 0].reshape(-1, 2)
    x1, y1, x2, y2 = truth.bboxes[0]
    low = np.minimum([x1, y1], points.min(0, initial=np.inf))
    high = np.maximum([x2, y2], points.max(0, initial=-np.inf))
    return np.concatenate([low, high])
