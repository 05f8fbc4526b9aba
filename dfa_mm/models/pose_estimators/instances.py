"""A cascade's outputs as MMPose's instances, in pixels of the image."""

from typing import Dict, List, Optional, Sequence, Tuple

import numpy as np
import torch
from mmengine.structures import InstanceData
from mmpose.structures import PoseDataSample
from torch import Tensor

from dfa_mm.codecs import LandmarkLabel
from dfa_mm.models.stage_data import StageOutput
from dfa_mm.models.visibility_calibration import VisibilityCalibration
from dfa_mm.structures import NUM_VISIBILITY_STATES, Visibility


def to_instances(
    outputs: Sequence[StageOutput],
    route: Optional[Tensor],
    decoder: LandmarkLabel,
    samples: Sequence[PoseDataSample],
    calibrations: Sequence[VisibilityCalibration],
) -> List[InstanceData]:
    """``pred_instances`` of every sample, for N = 1 instance each.

    Every stage has its calibration of the states.

    - keypoints (N, K, 2), keypoint_scores (N, K): the probability that the
      landmark lies inside the picture
    - landmark_visibility (N, K): ``ABSENT`` where the garment has no such
      landmark, which takes an ``AnyTypeMapDFAHead``; else the state decided
      on, ``decide`` of visibility_scores (N, K, 3), the probabilities of the
      three states if it has one, and visibility_biases (N, 3)
    - presence_scores (N, K): the probability that it has one
    - stage_keypoints (N, S, K, 2), stage_visibility (N, S, K),
      stage_visibility_scores (N, S, K, 3)
    - pseudo_label (N, C) of the last stage
    - branch (N,): 0 easy, 1 hard, -1 where there was no choice
    """
    # (B, S, ...)
    landmarks, visibility = (
        torch.stack([getattr(output, field) for output in outputs], 1)
        .detach()
        .cpu()
        for field in ('landmarks', 'visibility')
    )
    pseudo_label = outputs[-1].pseudo_label.detach().cpu().numpy()
    branch = np.full(len(samples), -1)
    if route is not None:
        branch = route.cpu().numpy()
    instances = []
    for i, sample in enumerate(samples):
        crop, _ = decoder.decode(landmarks[i].double().numpy())
        image = _to_image(crop, sample.metainfo)
        instances.append(
            InstanceData(
                keypoints=image[-1:],
                stage_keypoints=image[None],
                pseudo_label=pseudo_label[i : i + 1],
                branch=branch[i : i + 1],
                bboxes=sample.gt_instances.bboxes,
                bbox_scores=sample.gt_instances.bbox_scores,
                **_states(visibility[i].softmax(-1).numpy(), calibrations),
            )
        )
    return instances


def _to_image(crop: np.ndarray, meta: dict) -> np.ndarray:
    """Pixels (..., 2) of the crop to those of the image, as MMPose warps."""
    return (
        crop / meta['input_size'] * meta['input_scale']
        + meta['input_center']
        - 0.5 * meta['input_scale']
    )


def _states(
    probabilities: np.ndarray, calibrations: Sequence[VisibilityCalibration]
) -> Dict[str, np.ndarray]:
    """Of every stage's classes (S, K, 3) or (S, K, 4)."""
    scores, present = split_presence(probabilities)
    scores, states = map(
        np.stack,
        zip(*(own(each) for own, each in zip(calibrations, scores))),
    )
    inside = present[-1:] * (1 - scores[-1:, :, Visibility.TRUNCATED])
    return dict(
        keypoint_scores=inside,
        keypoints_visible=inside.copy(),
        landmark_visibility=np.where(
            present[-1:] < 0.5, int(Visibility.ABSENT), states[-1:]
        ),
        visibility_scores=scores[-1:],
        visibility_biases=calibrations[-1].biases[None].cpu().numpy(),
        presence_scores=present[-1:],
        stage_visibility=states[None],
        stage_visibility_scores=scores[None],
    )


def split_presence(scores: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Probabilities of the states of what is there, and that it is there.

    (..., 4), whose last is the class of absent landmarks, or (..., 3) to
    (..., 3) and (...).
    """
    states = scores[..., :NUM_VISIBILITY_STATES]
    present = states.sum(-1)
    least = np.finfo(scores.dtype).tiny
    return states / np.maximum(present, least)[..., None], present
