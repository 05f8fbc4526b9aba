"""Which training pictures the clusters of a stage's pseudo-labels hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

import numpy as np
import torch
from mmengine.runner import set_random_seed
from rich.console import Console

from dfa_mm.models.clustering import masked_distance
from dfa_mm.models.pseudo_labels import LabelStatistics, PseudoLabel
from dfa_mm.models.stage_data import StageTargets, gather_targets

from .networks import batches

_BATCH = 16
KINDS = ('clothes_type', 'variation_type')


@dataclass(frozen=True)
class View:
    """What a cascade says of N crops of the training set.

    Args:
        crops (list[np.ndarray]): (H, W, 3) uint8 RGB each.
        kinds (dict[str, np.ndarray]): Clothes and variation type, (N,).
        landmarks (list[torch.Tensor]): By stage, (N, K, 2) in [-0.5, 0.5].
        targets (StageTargets): The truth, in the same frame.
    """

    crops: list[np.ndarray]
    kinds: dict[str, np.ndarray]
    landmarks: list[torch.Tensor]
    targets: StageTargets


@torch.no_grad()
def look(model, dataset, indices: Sequence[int], console: Console) -> View:
    """Run the stages over crops as training sees them."""
    # the same augmentation in every call
    set_random_seed(0)
    crops, samples, outputs, targets = [], [], [], []
    text = 'Looking at the training set'
    for inputs, batch in batches(
        model, dataset, indices, _BATCH, console, text
    ):
        stages, _ = model.forward_stages(model.stages, batch['inputs'])
        outputs.append([stage.landmarks for stage in stages])
        targets.append(gather_targets(batch['data_samples']))
        samples += batch['data_samples']
        crops += [to_rgb(crop) for crop in inputs]
    return View(
        crops,
        {kind: _codes(samples, kind) for kind in KINDS},
        [torch.cat(parts) for parts in zip(*outputs)],
        StageTargets(*map(torch.cat, zip(*targets))),
    )


def to_rgb(crop: torch.Tensor) -> np.ndarray:
    """(3, H, W) as OpenCV reads it to (H, W, 3) uint8 RGB."""
    pixels = crop.numpy().transpose(1, 2, 0)[..., ::-1]
    return np.ascontiguousarray(pixels.clip(0, 255).astype(np.uint8))


def _codes(samples: list, kind: str) -> np.ndarray:
    """0 where it is not known."""
    return np.array([sample.metainfo.get(kind, 0) for sample in samples])


@dataclass(frozen=True)
class Clusters:
    """The clusters of one stage, the largest first.

    Args:
        space (str): Of the pseudo-label.
        temperature (float): In the unit of the space.
        softness (LabelStatistics): Of the labels of the crops looked at.
        counts (list[int]): Members in the training set.
        errors (list[float]): Mean error of the stage before, in units of the
            crop's side; zeros in stage 1, which has none.
        nearest (list[list[int]]): Crops looked at, as
            :func:`nearest_members` ranks them.
    """

    space: str
    temperature: float
    softness: LabelStatistics
    counts: list[int]
    errors: list[float]
    nearest: list[list[int]]


def describe(
    label: PseudoLabel, previous: Optional[torch.Tensor], targets: StageTargets
) -> Clusters:
    """Args: ``previous`` (N, K, 2), landmarks of the stage before."""
    values, mask = label.embed(previous, targets.landmarks, targets.weights)
    distances = masked_distance(values, mask, label.centers)
    order = torch.argsort(label.counts, descending=True).tolist()
    return Clusters(
        label.space,
        float(label.temperature),
        label.statistics(previous, targets.landmarks, targets.weights),
        [int(label.counts[k]) for k in order],
        [float(label.errors[k]) for k in order],
        nearest_members(
            distances.numpy(), order, (targets.weights > 0).sum(1).numpy()
        ),
    )


def nearest_members(
    distances: np.ndarray, order: Sequence[int], known: np.ndarray
) -> list[list[int]]:
    """Each cluster's samples by their distance to its centre.

    Samples that have fewer landmarks than half of the cluster's stand at the
    end: what is cut down to one or two is near to some centre by that alone.

    Args:
        distances (np.ndarray): (N, C); infinite for a sample without any
            position, which belongs to no cluster.
        order (Sequence[int]): The clusters, in the order of the result.
        known (np.ndarray): (N,) landmarks that have a position.
    """
    own = np.where(
        np.isfinite(distances).any(1), distances.argmin(1), len(order)
    )
    nearest = distances.min(1)

    def rank(cluster: int) -> list[int]:
        members = np.flatnonzero(own == cluster)
        if not len(members):
            return []
        few = known[members] < np.quantile(known[members], 0.5, method='lower')
        return members[np.lexsort((nearest[members], few))].tolist()

    return [rank(cluster) for cluster in order]


def majority_share(members: Sequence[Sequence[int]], codes: np.ndarray):
    """Share of samples that are of their cluster's most frequent kind.

    Args:
        members (Sequence[Sequence[int]]): Samples by cluster.
        codes (np.ndarray): (N,) the kind of each sample.
    """
    counted = [Counter(codes[list(group)].tolist()) for group in members]
    total = sum(sum(each.values()) for each in counted)
    right = sum(max(each.values(), default=0) for each in counted)
    return right / total if total else None
