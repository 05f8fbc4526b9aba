"""What goes into and comes out of one network of the cascade."""

from typing import List, NamedTuple

import torch
from mmpose.structures import PoseDataSample
from torch import Tensor

from dfa_mm.models.landmark_maps import decode_maps


class StageOutput(NamedTuple):
    """Outputs of one stage for B crops.

    Attributes:
        landmarks (Tensor): (B, K, 2) in [-0.5, 0.5] of the crop.
        visibility (Tensor): (B, K, 3) logits of the states.
        pseudo_label (Tensor): (B, C) soft cluster memberships, not
            normalised; C may be 0.
        maps (Tensor): (B, K, H, W) logits that the landmarks are read off;
            (B, 0) where they are regressed.
    """

    landmarks: Tensor
    visibility: Tensor
    pseudo_label: Tensor
    maps: Tensor

    def pick(self, index: Tensor) -> 'StageOutput':
        return StageOutput(*(field[index] for field in self))


class StageTargets(NamedTuple):
    """Truth for B crops, as encoded by ``LandmarkLabel``.

    Attributes:
        landmarks (Tensor): (B, K, 2) in [-0.5, 0.5] of the crop.
        weights (Tensor): (B, K), 1 where a landmark has a position.
        visibility (Tensor): (B, K) int64, -1 for an absent slot.
    """

    landmarks: Tensor
    weights: Tensor
    visibility: Tensor

    def pick(self, index: Tensor) -> 'StageTargets':
        return StageTargets(*(field[index] for field in self))


def gather_targets(data_samples: List[PoseDataSample]) -> StageTargets:
    """Stack the labels of a batch.

    Raises:
        ValueError: If the labels were made by another codec.
    """
    labels = [sample.gt_instance_labels for sample in data_samples]
    if 'landmark_visibility_labels' not in labels[0]:
        raise ValueError(
            'the training pipeline must end in GenerateTarget with the '
            'LandmarkLabel codec: the labels have only '
            f'{sorted(labels[0].keys())}'
        )
    return StageTargets(
        torch.cat([label.keypoint_labels for label in labels]),
        torch.cat([label.keypoint_weights for label in labels]),
        torch.cat([label.landmark_visibility_labels for label in labels]),
    )


def merge_outputs(
    parts: List[StageOutput], indices: List[Tensor]
) -> StageOutput:
    """Put the outputs of parts of a batch back into the batch's order."""
    order = torch.argsort(torch.cat(indices))
    return StageOutput(*(torch.cat(fields)[order] for fields in zip(*parts)))


def average_outputs(parts: List[StageOutput]) -> StageOutput:
    """Mean over branches that saw the same batch.

    Landmarks that are read off maps are read off the mean maps.
    """
    mean = StageOutput(
        *(torch.stack(fields).mean(0) for fields in zip(*parts))
    )
    if mean.maps.ndim == 2:
        return mean
    return mean._replace(landmarks=decode_maps(mean.maps))
