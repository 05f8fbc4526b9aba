"""Distances and k-means between vectors that are not complete.

Landmarks without a position (truncated, or not part of the garment) have no
coordinate that could be compared: a distance is taken over the coordinates
that exist and scaled up to the full number of them.
"""

from typing import Tuple

import numpy as np
import torch
from sklearn.cluster import KMeans
from torch import Tensor

from dfa_mm.errors import InputError
from dfa_mm.models.precision import in_float32

MAX_FILL_ROUNDS = 10


class TrainingSetError(InputError):
    """The training set is too small, or too uniform, for its stage."""


@in_float32
def masked_distance(values: Tensor, mask: Tensor, centers: Tensor) -> Tensor:
    """Euclidean distances (B, C) over the coordinates that exist.

    ``sqrt(P / |existing| * sum_existing (x - c)^2)`` of values and mask (B, P)
    to centers (C, P); infinite for a sample without any.
    """
    dtype = values.dtype
    # (x - c)^2 expanded, so that no (B, C, P) tensor is made; in float64,
    # because stage 3's squared pixels cancel badly in float32
    values = torch.where(mask, values, 0.0).double()
    mask, centers = mask.double(), centers.double()
    squared = (
        values.square().sum(1, keepdim=True)
        - 2 * values @ centers.T
        + mask @ centers.square().T
    ).clamp(min=0)
    scale = values.shape[1] / mask.sum(1, keepdim=True)
    distance = torch.where(scale.isinf(), torch.inf, (squared * scale).sqrt())
    return distance.to(dtype)


def fill_and_cluster(
    values: np.ndarray, mask: np.ndarray, num_clusters: int
) -> Tuple[np.ndarray, np.ndarray]:
    """k-means of incomplete vectors.

    A missing coordinate starts at its mean over the training set and is then
    replaced by its cluster's centre, until no sample changes cluster (k-POD,
    Chi, Chi and Baraniuk 2016). Complete vectors are clustered by k-means
    alone.

    Args:
        values (np.ndarray): (N, P), anything where ``mask`` is False.
        mask (np.ndarray): (N, P) bool.
        num_clusters (int): C.

    Returns:
        tuple: centres (C, P) and each sample's cluster (N,).

    Raises:
        TrainingSetError: If there are fewer different samples than clusters.
    """
    if not len(values):
        raise TrainingSetError(
            'there is nothing to cluster: no landmark of the training set has '
            'a position, all are cut off or absent'
        )
    filled = np.where(mask, values, _known_mean(values, mask, 0))
    different = len(np.unique(filled, axis=0))
    if different < num_clusters:
        raise TrainingSetError(
            f'{len(values)} training samples with a position, of which '
            f'{different} differ, cannot be divided into {num_clusters} '
            'clusters: lower num_clusters or train on more data'
        )
    model = KMeans(num_clusters, n_init=4, random_state=0).fit(filled)
    if not mask.all():
        model = _refill(model, values, mask)
    return model.cluster_centers_, model.labels_


def _refill(model: KMeans, values: np.ndarray, mask: np.ndarray) -> KMeans:
    for _ in range(MAX_FILL_ROUNDS):
        labels = model.labels_
        centers = np.stack(
            [
                _known_mean(values[labels == k], mask[labels == k], center)
                for k, center in enumerate(model.cluster_centers_)
            ]
        )
        filled = np.where(mask, values, centers[labels])
        model = KMeans(len(centers), init=centers, n_init=1).fit(filled)
        if np.array_equal(model.labels_, labels):
            break
    return model


def _known_mean(values, mask, otherwise) -> np.ndarray:
    """Mean (P,) of the known coordinates, ``otherwise`` where none is."""
    counts = mask.sum(0)
    total = np.where(mask, values, 0).sum(0)
    return np.where(counts, total / np.maximum(counts, 1), otherwise)
