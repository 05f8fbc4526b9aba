"""What a cascade said at one of its stages."""

from typing import List

import numpy as np
from mmengine.structures import InstanceData

from .predictions import landmark_rows


def at_stage(
    pred: InstanceData, stage: int, factor: float = 1.0
) -> InstanceData:
    """A copy as if that stage had been the last.

    Probabilities and boxes stay the ones of the prediction.

    Args:
        pred (InstanceData): N garments, :func:`complete`.
        stage (int): From 1.
        factor (float): By which the picture is resized.
    """
    chosen = pred.clone()
    chosen.keypoints = pred.stage_keypoints[:, stage - 1] * factor
    chosen.landmark_visibility = pred.stage_visibility[:, stage - 1]
    chosen.bboxes = np.asarray(pred.bboxes) * factor
    return chosen


def stage_rows(pred: InstanceData, meta: dict, stage: int) -> List[dict]:
    """:func:`landmark_rows` of one stage, from 1.

    A prediction keeps the probabilities of its last stage only; those of the
    others are ``None``.
    """
    rows = landmark_rows(at_stage(pred, stage), meta)
    if stage < pred.stage_keypoints.shape[1]:
        rows = [{**row, 'probability': None} for row in rows]
    return rows
