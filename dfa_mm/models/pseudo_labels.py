"""Pseudo-labels: soft memberships in clusters of training samples.

Paper, Sect. 3, Eq. 1 and Table 1. Distances are measured in pixels of a crop
of ``REFERENCE_SIZE``: with landmarks in [-0.5, 0.5] and T = 20 every label
would be close to 1.
"""

from typing import NamedTuple, Optional, Tuple, Union

import torch
from torch import Tensor

from dfa_mm.models.clustering import fill_and_cluster, masked_distance
from dfa_mm.models.given_buffers import GivenBuffers

REFERENCE_SIZE = 224
"""Pixels; the paper gives its errors in a crop of this size (Table 2)."""

NUM_CLUSTERS = 20
"""C of the paper."""


def absolute_space(previous: Optional[Tensor], landmarks: Tensor) -> Tensor:
    """Stage 1: l, (B, K, 2) -> (B, 2K) in reference pixels."""
    return (landmarks * REFERENCE_SIZE).flatten(1)


def offset_space(previous: Tensor, landmarks: Tensor) -> Tensor:
    """Stage 2: d = l1 - l, (B, K, 2) -> (B, 2K) in reference pixels."""
    return ((previous - landmarks) * REFERENCE_SIZE).flatten(1)


def contextual_space(previous: Tensor, landmarks: Tensor) -> Tensor:
    """Stage 3: vec(d x d), (B, K, 2) -> (B, 4 K^2) in squared pixels."""
    return _outer(offset_space(previous, landmarks))


def coordinate_mask(weights: Tensor) -> Tensor:
    """(B, K) -> (B, 2K): which coordinates exist."""
    return (weights > 0).repeat_interleave(2, dim=1)


def contextual_mask(weights: Tensor) -> Tensor:
    """(B, K) -> (B, 4 K^2): products of two coordinates that exist."""
    return _outer(coordinate_mask(weights))


def _outer(x: Tensor) -> Tensor:
    return (x[:, :, None] * x[:, None, :]).flatten(1)


SPACES = dict(
    absolute=(absolute_space, coordinate_mask),
    offset=(offset_space, coordinate_mask),
    contextual=(contextual_space, contextual_mask),
)


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
    """Means over labels of their entropy, at most log C, and largest entry."""

    entropy: float
    largest: float


class PseudoLabel(GivenBuffers):
    """Cluster centres of one stage and the labels they give (Eq. 1).

    ``f(k) = exp(-||x - C_k||_2 / T)``. The centres, each cluster's mean error
    and T are buffers, so that a checkpoint is complete; it does not change a
    given T.

    All methods take ``previous`` (B, K, 2), the landmarks of the stage before,
    which the absolute space does without; the true ``landmarks`` (B, K, 2),
    both in [-0.5, 0.5]; and ``weights`` (B, K), 0 where there is no truth.

    Args:
        space (str): ``absolute``, ``offset`` or ``contextual`` (Table 1).
        num_landmarks (int): K.
        num_clusters (int): C.
        temperature (float | str): T in the unit of the space, or ``auto``:
            the median distance of the training samples to their nearest
            centre, so that half of the labels' largest entries exceed 1/e.
    """

    def __init__(
        self,
        space: str,
        num_landmarks: int,
        num_clusters: int = NUM_CLUSTERS,
        temperature: Union[float, str] = 20.0,
    ) -> None:
        super().__init__()
        if space not in SPACES:
            raise ValueError(f'space {space!r} is not one of {list(SPACES)}')
        if num_clusters < 1:
            raise ValueError(f'num_clusters is {num_clusters}, expected >= 1')
        if temperature != 'auto' and not float(temperature) > 0:
            raise ValueError(
                "temperature must be positive or 'auto', but is "
                f'{temperature!r}'
            )
        self.space = space
        self.given = () if temperature == 'auto' else ('temperature',)
        size = 2 * num_landmarks
        size = size * size if space == 'contextual' else size
        self.register_buffer('centers', torch.zeros(num_clusters, size))
        self.register_buffer('errors', torch.zeros(num_clusters))
        self.register_buffer('counts', torch.zeros(num_clusters).long())
        self.register_buffer(
            'temperature',
            torch.tensor(float(temperature) if self.given else 1.0),
        )
        self.register_buffer('fitted', torch.tensor(False))

    def forward(
        self, previous: Optional[Tensor], landmarks: Tensor, weights: Tensor
    ) -> Tensor:
        """Labels (B, C), zero for a sample without any position."""
        if not self.fitted:
            raise RuntimeError(
                'the cluster centres have not been computed: train with the '
                'PseudoLabelHook or load a checkpoint that has them'
            )
        values, mask = self.embed(previous, landmarks, weights)
        distances = masked_distance(values, mask, self.centers)
        return torch.exp(-distances / self.temperature)

    def embed(
        self, previous: Optional[Tensor], landmarks: Tensor, weights: Tensor
    ) -> Tuple[Tensor, Tensor]:
        """Vectors (B, P) of the space and which of their entries exist."""
        space, mask = SPACES[self.space]
        device = self.centers.device
        return space(previous, landmarks).to(device), mask(weights).to(device)

    @torch.no_grad()
    def statistics(
        self, previous: Optional[Tensor], landmarks: Tensor, weights: Tensor
    ) -> LabelStatistics:
        """Softness of the labels."""
        labels = self(*_positioned(previous, landmarks, weights))
        return LabelStatistics(
            label_entropy(labels).mean().item(), labels.amax(1).mean().item()
        )

    @torch.no_grad()
    def fit(
        self, previous: Optional[Tensor], landmarks: Tensor, weights: Tensor
    ) -> None:
        """Cluster the training set."""
        previous, *truth = _positioned(previous, landmarks, weights)
        values, mask = self.embed(previous, *truth)
        centers, clusters = fill_and_cluster(
            values.cpu().numpy(), mask.cpu().numpy(), len(self.centers)
        )
        clusters = torch.from_numpy(clusters).long().to(self.counts.device)
        self.centers.copy_(torch.from_numpy(centers))
        self.counts.copy_(clusters.bincount(minlength=len(self.counts)))
        if previous is not None:
            error = mean_landmark_error(previous, *truth).to(self.errors)
            total = clusters.bincount(error, minlength=len(self.counts))
            self.errors.copy_(total / self.counts.clamp(min=1))
        if not self.given:
            nearest = masked_distance(values, mask, self.centers).amin(1)
            self.temperature.copy_(nearest.quantile(0.5).clamp(min=1e-6))
        self.fitted.fill_(True)


def _positioned(
    previous: Optional[Tensor], landmarks: Tensor, weights: Tensor
) -> Tuple[Optional[Tensor], Tensor, Tensor]:
    """Only the samples that have any position."""
    keep = weights.sum(1) > 0
    previous = None if previous is None else previous[keep]
    return previous, landmarks[keep], weights[keep]
