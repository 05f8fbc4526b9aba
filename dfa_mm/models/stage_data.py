"""What goes into and comes out of one network of the cascade.

All of it are named tuples of tensors whose first axis is the batch.
"""

from typing import List, NamedTuple, Sequence, Tuple, TypeVar, Union

import torch
from mmpose.structures import PoseDataSample
from torch import Tensor

Fields = TypeVar('Fields', bound=tuple)

StageInput = Union[Tensor, Tuple[Tensor, ...]]
"""Crops (B, 3, H, W), or the maps of a trunk that all stages share."""


class StageOutput(NamedTuple):
    """Outputs of one stage for B crops."""

    landmarks: Tensor  # (B, K, 2) in [-0.5, 0.5] of the crop
    visibility: Tensor  # (B, K, 3) logits of the states
    pseudo_label: Tensor  # (B, C) memberships, not normalised; C may be 0


class StageTargets(NamedTuple):
    """Truth for B crops, as encoded by ``LandmarkLabel``."""

    landmarks: Tensor  # (B, K, 2) in [-0.5, 0.5] of the crop
    weights: Tensor  # (B, K), 1 where a landmark has a position
    visibility: Tensor  # (B, K) int64, -1 for an absent slot


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


def pick(fields: Fields, index: Tensor) -> Fields:
    """Some samples of a batch."""
    return type(fields)(*(field[index] for field in fields))


def pick_input(inputs: StageInput, index: Tensor) -> StageInput:
    """Some samples of a batch, of crops or of every map."""
    if isinstance(inputs, Tensor):
        return inputs[index]
    return tuple(x[index] for x in inputs)


def concatenate(parts: Sequence[Fields]) -> Fields:
    """One batch of several."""
    return type(parts[0])(*map(torch.cat, zip(*parts)))


def merge(parts: Sequence[Fields], indices: List[Tensor]) -> Fields:
    """Put parts of a batch back into the batch's order."""
    return pick(concatenate(parts), torch.argsort(torch.cat(indices)))


def mean(parts: Sequence[Fields]) -> Fields:
    """Of several outputs for the same batch."""
    return type(parts[0])(*(torch.stack(f).mean(0) for f in zip(*parts)))
