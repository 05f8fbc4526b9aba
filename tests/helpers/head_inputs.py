"""Arguments of a small head, K = 4 landmarks, and truth for it."""

import torch
from mmpose.registry import MODELS

import dfa_mm  # noqa: F401  registers the components
from dfa_mm.models.stage_data import StageOutput, StageTargets

K = 4


def build_head(type, **overrides):
    config = dict(
        type=type,
        in_channels=3,
        num_landmarks=K,
        num_clusters=5,
        pool_size=2,
        fc_channels=(8, 8),
        previous_channels=6,
        dropout=0.0,
        loss_pseudo_label=dict(type='EuclideanLoss'),
    )
    config.update(overrides)
    return MODELS.build(config)


def said(landmarks):
    """What a stage before said, of which only landmarks (B, K, 2) matter."""
    batch, count = landmarks.shape[:2]
    return StageOutput(
        landmarks, torch.zeros(batch, count, 3), torch.zeros(batch, 0)
    )


def targets(states):
    """One crop; every landmark at (0.1, 0.1)."""
    visibility = torch.tensor([states])
    return StageTargets(
        torch.full((1, len(states), 2), 0.1),
        ((visibility == 0) | (visibility == 1)).float(),
        visibility,
    )
