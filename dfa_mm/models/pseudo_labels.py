"""Pseudo-labels: soft memberships in clusters of training samples.

Paper, Sect. 3, Eq. 1 and Table 1. Distances are measured in pixels of a crop
of ``REFERENCE_SIZE``: with landmarks in [-0.5, 0.5] and T = 20 every label
would be close to 1.

Landmarks without a position (truncated, or not part of the garment) have no
coordinate that could be compared: a distance is taken over the coordinates
that exist and scaled up to the full number of them.
"""

from typing import NamedTuple, Optional, Tuple, Union

import numpy as np
import torch
from sklearn.cluster import KMeans
from torch import Tensor, nn

REFERENCE_SIZE = 224
"""Pixels; the paper gives its errors in a crop of this size (Table 2)."""

NEAREST_QUANTILE = 0.5
MAX_FILL_ROUNDS = 10


def absolute_space(previous: Optional[Tensor], landmarks: Tensor) -> Tensor:
    """Stage 1: l, (B, K, 2) -> (B, 2K) in reference pixels."""
    return (landmarks * REFERENCE_SIZE).flatten(1)


def offset_space(previous: Tensor, landmarks: Tensor) -> Tensor:
    """Stage 2: d = l1 - l, (B, K, 2) -> (B, 2K) in reference pixels."""
    return ((previous - landmarks) * REFERENCE_SIZE).flatten(1)


def contextual_space(previous: Tensor, landmarks: Tensor) -> Tensor:
    """Stage 3: vec(d x d), (B, K, 2) -> (B, 4 K^2) in squared pixels."""
    offsets = offset_space(previous, landmarks)
    return (offsets[:, :, None] * offsets[:, None, :]).flatten(1)


def coordinate_mask(weights: Tensor) -> Tensor:
    """(B, K) -> (B, 2K): which coordinates exist."""
    return (weights > 0).repeat_interleave(2, dim=1)


def contextual_mask(weights: Tensor) -> Tensor:
    """(B, K) -> (B, 4 K^2): products of two coordinates that exist."""
    mask = coordinate_mask(weights)
    return (mask[:, :, None] & mask[:, None, :]).flatten(1)


SPACES = dict(
    absolute=(absolute_space, coordinate_mask),
    offset=(offset_space, coordinate_mask),
    contextual=(contextual_space, contextual_mask),
)


def masked_distance(values: Tensor, mask: Tensor, centers: Tensor) -> Tensor:
    """Euclidean distances over the coordinates that exist.

    ``sqrt(P / |existing| * sum_existing (x - c)^2)``; infinite for a sample
    without any.

    Args:
        values (Tensor): (B, P).
        mask (Tensor): (B, P) bool.
        centers (Tensor): (C, P).

    Returns:
        Tensor: (B, C).
    """
    mask = mask.to(values.dtype)
    values = torch.where(mask > 0, values, 0.0)
    # (x - c)^2 expanded, so that no (B, C, P) tensor is made; in float64,
    # because stage 3's squared pixels cancel badly in float32
    squared = (
        values.double().square().sum(1, keepdim=True)
        - 2 * values.double() @ centers.double().T
        + mask.double() @ centers.double().square().T
    ).clamp(min=0)
    scale = values.shape[1] / mask.double().sum(1, keepdim=True)
    distance = torch.where(scale.isinf(), torch.inf, (squared * scale).sqrt())
    return distance.to(values.dtype)


def fill_and_cluster(
    values: np.ndarray, mask: np.ndarray, num_clusters: int, seed: int = 0
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
        ValueError: If there are fewer samples than clusters.
    """
    if len(values) < num_clusters:
        raise ValueError(
            f'{len(values)} training samples with a position cannot be '
            f'divided into {num_clusters} clusters: lower num_clusters or '
            'train on more data'
        )
    counts = mask.sum(0)
    means = np.where(mask, values, 0).sum(0) / np.maximum(counts, 1)
    filled = np.where(mask, values, means)
    model = KMeans(num_clusters, n_init=4, random_state=seed).fit(filled)
    if not mask.all():
        model = _refill(model, values, mask)
    return model.cluster_centers_, model.labels_


def _refill(model: KMeans, values: np.ndarray, mask: np.ndarray) -> KMeans:
    for _ in range(MAX_FILL_ROUNDS):
        labels = model.labels_
        centers = _known_means(values, mask, labels, model.cluster_centers_)
        filled = np.where(mask, values, centers[labels])
        model = KMeans(len(centers), init=centers, n_init=1).fit(filled)
        if np.array_equal(model.labels_, labels):
            break
    return model


def mean_landmark_error(
    previous: Tensor, landmarks: Tensor, weights: Tensor
) -> Tensor:
    """Mean distance per sample, (B,), in units of the crop's side."""
    distances = (previous - landmarks).norm(dim=-1)
    distances = torch.where(weights > 0, distances, 0.0)
    return distances.sum(1) / weights.sum(1).clamp(min=1)


def label_entropy(labels: Tensor) -> Tensor:
    """Entropy in nats of each label, normalised to a distribution, (B,)."""
    share = labels / labels.sum(1, keepdim=True).clamp(min=1e-12)
    return -(share * share.clamp(min=1e-12).log()).sum(1)


class LabelStatistics(NamedTuple):
    """How soft the labels of a data set are.

    Attributes:
        entropy (float): Mean entropy in nats of the normalised labels; the
            logarithm of the number of clusters is its maximum.
        largest (float): Mean of the largest entry, at most 1.
    """

    entropy: float
    largest: float


def _known_means(values, mask, labels, centers) -> np.ndarray:
    """Mean of each cluster's known coordinates; where none is, as it was."""
    means = centers.copy()
    for k in range(len(centers)):
        own = labels == k
        counts = mask[own].sum(0)
        total = np.where(mask[own], values[own], 0).sum(0)
        means[k] = np.where(counts, total / np.maximum(counts, 1), centers[k])
    return means


class PseudoLabel(nn.Module):
    """Cluster centres of one stage and the labels they give (Eq. 1).

    ``f(k) = exp(-||x - C_k||_2 / T)``. The centres, each cluster's mean error
    and T are buffers, so that a checkpoint is complete.

    Args:
        space (str): ``absolute``, ``offset`` or ``contextual`` (Table 1).
        num_landmarks (int): K.
        num_clusters (int): C, 20 in the paper.
        temperature (float | str): T in the unit of the space, or ``auto``:
            the median distance of the training samples to their nearest
            centre, so that half of the labels' largest entries exceed 1/e.
    """

    def __init__(
        self,
        space: str,
        num_landmarks: int,
        num_clusters: int = 20,
        temperature: Union[float, str] = 20.0,
    ) -> None:
        super().__init__()
        if space not in SPACES:
            raise ValueError(f'space {space!r} is not one of {list(SPACES)}')
        if temperature != 'auto' and not float(temperature) > 0:
            raise ValueError(
                "temperature must be positive or 'auto', but is "
                f'{temperature!r}'
            )
        self.space = space
        self.auto_temperature = temperature == 'auto'
        size = 2 * num_landmarks
        size = size * size if space == 'contextual' else size
        self.register_buffer('centers', torch.zeros(num_clusters, size))
        self.register_buffer('errors', torch.zeros(num_clusters))
        self.register_buffer('counts', torch.zeros(num_clusters).long())
        self.register_buffer(
            'temperature',
            torch.tensor(1.0 if self.auto_temperature else float(temperature)),
        )
        self.register_buffer('fitted', torch.tensor(False))

    def forward(
        self, previous: Optional[Tensor], landmarks: Tensor, weights: Tensor
    ) -> Tensor:
        """Labels (B, C) of crops with truth ``landmarks``.

        Zero for a sample without any position.

        Args:
            previous (Tensor, optional): (B, K, 2), the stage before; unused
                in the absolute space.
            landmarks (Tensor): (B, K, 2) in [-0.5, 0.5].
            weights (Tensor): (B, K).
        """
        if not self.fitted:
            raise RuntimeError(
                'the cluster centres have not been computed: train with the '
                'PseudoLabelHook or load a checkpoint that has them'
            )
        values, mask = self.embed(previous, landmarks, weights)
        distances = masked_distance(values, mask, self.centers)
        return torch.exp(-distances / self.temperature)

    @torch.no_grad()
    def statistics(
        self, previous: Optional[Tensor], landmarks: Tensor, weights: Tensor
    ) -> LabelStatistics:
        """Softness of the labels; arguments as in :meth:`forward`."""
        keep = weights.sum(1) > 0
        previous = None if previous is None else previous[keep]
        labels = self(previous, landmarks[keep], weights[keep])
        return LabelStatistics(
            label_entropy(labels).mean().item(), labels.amax(1).mean().item()
        )

    def embed(
        self, previous: Optional[Tensor], landmarks: Tensor, weights: Tensor
    ) -> Tuple[Tensor, Tensor]:
        """Vectors (B, P) of the space and which of their entries exist."""
        space, mask = SPACES[self.space]
        return space(previous, landmarks), mask(weights)

    @torch.no_grad()
    def fit(
        self,
        previous: Optional[Tensor],
        landmarks: Tensor,
        weights: Tensor,
        seed: int = 0,
    ) -> None:
        """Cluster the training set; arguments as in :meth:`forward`."""
        keep = weights.sum(1) > 0
        landmarks, weights = landmarks[keep], weights[keep]
        previous = None if previous is None else previous[keep]
        values, mask = self.embed(previous, landmarks, weights)
        centers, clusters = fill_and_cluster(
            values.cpu().numpy(), mask.cpu().numpy(), len(self.centers), seed
        )
        clusters = torch.from_numpy(clusters).long().to(self.counts.device)
        self.centers.copy_(torch.from_numpy(centers))
        self.counts.copy_(clusters.bincount(minlength=len(self.counts)))
        if previous is not None:
            error = mean_landmark_error(previous, landmarks, weights)
            error = error.to(self.errors)
            total = torch.zeros_like(self.errors)
            total.scatter_add_(0, clusters, error)
            self.errors.copy_(total / self.counts.clamp(min=1))
        if self.auto_temperature:
            device = self.centers.device
            nearest = masked_distance(
                values.to(device), mask.to(device), self.centers
            ).amin(1)
            self.temperature.copy_(
                nearest.quantile(NEAREST_QUANTILE).clamp(min=1e-6)
            )
        self.fitted.fill_(True)
