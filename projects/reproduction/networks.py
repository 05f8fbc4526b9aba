"""A run's networks and data, for what results.json does not hold."""

from collections.abc import Iterator, Sequence
from copy import deepcopy

import numpy as np
import torch
from mmengine.config import Config
from mmengine.dataset import pseudo_collate
from mmengine.registry import init_default_scope
from mmpose.apis import init_model
from mmpose.registry import DATASETS, MODELS
from mmpose.structures import PoseDataSample
from rich.console import Console
from rich.progress import track
from torch import nn

from dfa_mm.codecs import LandmarkLabel
from dfa_mm.engine.checkpoints import read_checkpoint
from dfa_mm.engine.identity import check_model

from .run import Run


def untrained_model(run: Run) -> nn.Module:
    """The networks with random weights, to be measured."""
    init_default_scope(run.cfg.default_scope)
    return MODELS.build(run.cfg.model).eval()


def trained_model(run: Run) -> nn.Module:
    """With the weights of the finished run, on the CPU.

    Raises:
        FileNotFoundError: If there is no final checkpoint.
        CheckpointMismatchError: If it lacks a part of the model.
    """
    path = str(run.checkpoint())
    model = init_model(deepcopy(run.cfg), path, device='cpu')
    check_model(model, read_checkpoint(path), run.cfg, path)
    return model


def build_dataset(run: Run, dataset: Config):
    """Of the run's config; the training set comes with its augmentation."""
    init_default_scope(run.cfg.default_scope)
    return DATASETS.build(dataset)


def test_set(run: Run):
    return build_dataset(run, run.cfg.test_dataloader.dataset)


def test_set_with_targets(run: Run):
    """The test set with the targets of training beside its pictures."""
    dataset = deepcopy(run.cfg.test_dataloader.dataset)
    pipeline = list(dataset.pipeline)
    encoder = dict(type=LandmarkLabel.__name__, input_size=input_size(run.cfg))
    target = dict(type='GenerateTarget', encoder=encoder)
    dataset.pipeline = [*pipeline[:-1], target, pipeline[-1]]
    return build_dataset(run, dataset)


def input_size(cfg: Config) -> tuple[int, int]:
    """(W, H) of the crop that the networks see."""
    pipeline = cfg.test_dataloader.dataset.pipeline
    return next(s.input_size for s in pipeline if s.type == 'TopdownAffine')


def spread_evenly(count: int, total: int) -> list[int]:
    """``count`` of 0 ... total - 1, or all if there are fewer."""
    chosen = np.linspace(0, total - 1, min(count, total))
    return chosen.round().astype(int).tolist()


@torch.no_grad()
def predict(
    model: nn.Module, dataset, indices: Sequence[int]
) -> list[PoseDataSample]:
    """One picture at a time, as testing does."""
    return [
        sample
        for i in indices
        for sample in model.test_step(pseudo_collate([dataset[i]]))
    ]


def batches(
    model: nn.Module,
    dataset,
    indices: Sequence[int],
    size: int,
    console: Console,
    text: str,
) -> Iterator[tuple[list, dict]]:
    """Crops (3, H, W) as they are and the preprocessed batch of them."""
    parts = [indices[i : i + size] for i in range(0, len(indices), size)]
    for part in track(parts, text, console=console, transient=True):
        collated = pseudo_collate([dataset[i] for i in part])
        yield collated['inputs'], model.data_preprocessor(collated)
