"""Networks, parameters, operations and time of one picture."""

import logging
import time
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Optional

import numpy as np
import torch
from mmengine.analysis import get_model_complexity_info
from mmengine.logging import MMLogger
from mmpose.registry import MODELS
from rich.console import Console
from rich.progress import track
from torch import nn

from dfa_mm.models.routers import EASY_BRANCH, HARD_BRANCH

MILLI = 1e-3
# Eq. 2: below the threshold the easy branch is taken.
_THRESHOLDS = {EASY_BRANCH: float('inf'), HARD_BRANCH: float('-inf')}


class RawForward(nn.Module):
    """An estimator of MMPose as a function of crops alone."""

    def __init__(self, estimator: nn.Module) -> None:
        super().__init__()
        self.estimator = estimator

    def forward(self, crops: torch.Tensor):
        return self.estimator(crops, None, mode='tensor')


@dataclass(frozen=True)
class System:
    """Something that finds landmarks in one crop.

    Args:
        name (str): Of the report's line.
        model (RawForward): Two systems may share one.
        size (tuple[int, int]): (H, W) of the crop.
        backbone (str): Type of the networks' backbone, to count them by.
        branch (int, optional): That is taken by every crop.
    """

    name: str
    model: RawForward
    size: tuple[int, int]
    backbone: str
    branch: Optional[int] = None

    def prepare(self) -> None:
        """Choose the branch."""
        if self.branch is not None:
            router = self.model.estimator.router
            router.threshold.fill_(_THRESHOLDS[self.branch])

    def crop(self, device: torch.device) -> torch.Tensor:
        return torch.zeros(1, 3, *self.size, device=device)


@torch.no_grad()
def complexity(system: System) -> dict:
    """What is run for one crop.

    Returns:
        dict: ``networks`` (how often a backbone is run), ``parameters`` (of
        all that must be kept) and ``gflops`` (thousand million
        multiply-adds).
    """
    system.prepare()
    device = next(system.model.parameters()).device
    crop = system.crop(device)
    with quiet():
        info = get_model_complexity_info(
            system.model, inputs=(crop,), show_table=False, show_arch=False
        )
    return dict(
        networks=count_networks(system.model, system.backbone, crop),
        parameters=int(info['params']),
        gflops=float(info['flops']) / 1e9,
    )


@contextmanager
def quiet() -> Iterator[None]:
    """Without pages on layers that have no multiplications or are not run."""
    logger = MMLogger.get_current_instance()
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            # of tracing: shapes that are read as numbers
            warnings.simplefilter('ignore')
            yield
    finally:
        logger.setLevel(level)


def count_networks(model: nn.Module, backbone: str, crop) -> int:
    """How often modules of the backbone's class are called for a crop."""
    calls = []
    kind = MODELS.get(backbone)
    hooks = [
        module.register_forward_hook(lambda *_: calls.append(1))
        for module in model.modules()
        if type(module) is kind
    ]
    try:
        model(crop)
    finally:
        for hook in hooks:
            hook.remove()
    return len(calls)


@torch.no_grad()
def interleaved_seconds(
    systems: Iterable[System], repeats: int, console: Console
) -> dict[str, list[float]]:
    """Each system in turn, again and again.

    What else the machine does then slows all of them down alike.

    Returns:
        dict[str, list[float]]: Seconds per crop by system; a first, untimed
        round is left out.
    """
    systems = list(systems)
    found: dict[str, list[float]] = {system.name: [] for system in systems}
    rounds = range(repeats + 1)
    for number in track(rounds, 'Timing', console=console, transient=True):
        for system in systems:
            seconds = time_once(system)
            if number:
                found[system.name].append(seconds)
    return found


def time_once(system: System) -> float:
    """Seconds of one forward pass."""
    system.prepare()
    device = next(system.model.parameters()).device
    crop = system.crop(device)
    _wait(device)
    start = time.perf_counter()
    system.model(crop)
    _wait(device)
    return time.perf_counter() - start


def describe_times(seconds: Iterable[float]) -> dict:
    """Median and quartiles in milliseconds."""
    return _quartiles(np.asarray(list(seconds)) / MILLI)


def ratio(above: Iterable[float], below: Iterable[float]) -> dict:
    """Of two systems' times, round by round.

    Returns:
        dict: ``lower``, ``median`` and ``upper`` quartile of the ratios.
    """
    ratios = np.asarray(list(above)) / np.asarray(list(below))
    return _quartiles(ratios)


def _quartiles(values: np.ndarray) -> dict:
    found = np.percentile(values, (25, 50, 75)).round(3).tolist()
    return dict(zip(('lower', 'median', 'upper'), found))


def _wait(device: torch.device) -> None:
    if device.type == 'cuda':
        torch.cuda.synchronize(device)
