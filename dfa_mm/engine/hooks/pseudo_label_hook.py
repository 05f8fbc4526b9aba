from functools import partial
from itertools import islice
from typing import Callable, Iterable, Iterator, List, NamedTuple, Optional

import numpy as np
import torch
from mmengine.dataset import InfiniteSampler
from mmengine.dist import (
    all_gather_object,
    broadcast_object_list,
    get_world_size,
    is_main_process,
)
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from rich.progress import track
from torch import Tensor
from torch.utils.data import DataLoader

from dfa_mm.engine.bare_model import bare_model
from dfa_mm.engine.progress import looking
from dfa_mm.models.clustering import TrainingSetError
from dfa_mm.models.pose_estimators import RoutingTopdownPoseEstimator
from dfa_mm.models.stage_data import gather_targets


class TrainingSetView(NamedTuple):
    """What the finished stages say about the training set, and the truth."""

    previous: Optional[Tensor]
    pseudo_label: Optional[Tensor]
    landmarks: Tensor
    weights: Tensor


@HOOKS.register_module()
class PseudoLabelHook(Hook):
    """Prepares the stage that is about to be trained.

    Runs the finished stages once over the (augmented) training set, clusters
    the stage's space by k-means, calibrates the routing threshold, and starts
    the stage's networks from those of the stage before if asked to. All of it
    is kept in the checkpoint; a resumed run finds it there and does nothing.

    Args:
        start_from_previous (bool): Start the networks of stage 2 and 3 from
            those of the stage before. The paper starts each from ImageNet.
    """

    priority = 'ABOVE_NORMAL'

    def __init__(self, start_from_previous: bool = False) -> None:
        self.start_from_previous = start_from_previous

    def before_train(self, runner: Runner) -> None:
        model = bare_model(runner)
        model.train()
        stage, label = model.trained_stage, model.trained_stage.pseudo_label
        if runner.iter > 0 or (label is not None and label.fitted):
            return
        _check_finished_stages(model)
        if self.start_from_previous and model.finished_stages:
            copied = stage.copy_weights_from(model.finished_stages[-1])
            runner.logger.info(
                f'{copied} tensors of each network start from the stage before'
            )
        if label is None and model.router is None:
            return
        view = look_at_training_set(
            model, runner.train_dataloader, partial(_show, runner)
        )
        if is_main_process():
            _fit(model, view)
        _share([m for m in (model.router, label) if m is not None])
        _log(runner, model, view)


def _show(runner: Runner, batches: Iterable, *args, **kwargs) -> Iterator:
    """As ``rich.progress.track``; ends where the training is told to."""
    show = looking(runner.hooks) or track
    for batch in show(batches, *args, **kwargs):
        yield batch
        runner.call_hook('after_look_iter')


def _check_finished_stages(model: RoutingTopdownPoseEstimator) -> None:
    for i, stage in enumerate(model.finished_stages, 1):
        if stage.pseudo_label is not None and not stage.pseudo_label.fitted:
            raise RuntimeError(
                f'stage {len(model.stages)} cannot be trained: stage {i} is '
                'untrained. Train it first (tools/train.py does so by itself) '
                'or give its checkpoint by load_from'
            )


def _fit(model: RoutingTopdownPoseEstimator, view: TrainingSetView) -> None:
    label = model.trained_stage.pseudo_label
    if label is not None:
        label.fit(view.previous, view.landmarks, view.weights)
    if model.router is not None:
        errors = model.finished_stages[-1].pseudo_label.errors
        model.router.calibrate(view.pseudo_label.to(errors.device), errors)


def _share(modules: List[torch.nn.Module]) -> None:
    """Give every process what was fitted in the main one."""
    states = [{k: v.cpu() for k, v in m.state_dict().items()} for m in modules]
    broadcast_object_list(states)
    for module, state in zip(modules, states):
        module.load_state_dict(state)


def batches_of_one_pass(dataloader: DataLoader) -> int:
    """So many batches of this process show the training set once."""
    if isinstance(dataloader.batch_sampler.sampler, InfiniteSampler):
        # which calls the whole set's size its own in every process
        return -(-len(dataloader) // get_world_size())
    return len(dataloader)


def _start_again(dataloader: DataLoader) -> None:
    """An endless sampler's only iterator ends when a pass leaves it."""
    sampler = dataloader.batch_sampler.sampler
    if isinstance(sampler, InfiniteSampler):
        sampler.indices = sampler._indices_of_rank()


@torch.no_grad()
def look_at_training_set(
    model: RoutingTopdownPoseEstimator,
    dataloader: DataLoader,
    show: Callable[..., Iterable] = track,
) -> TrainingSetView:
    """One pass of the finished stages over all processes' training data."""
    batches = []
    count = batches_of_one_pass(dataloader)
    found = islice(dataloader, count)
    if is_main_process():
        found = show(found, 'looking at the training set', total=count)
    for batch in found:
        batch = model.data_preprocessor(batch, training=True)
        targets = gather_targets(batch['data_samples'])
        previous = label = None
        if model.finished_stages:
            output = model.forward_finished(model.look(**batch))[-1]
            previous, label = output.landmarks.cpu(), output.pseudo_label.cpu()
        truth = targets.landmarks.cpu(), targets.weights.cpu()
        batches.append((previous, label, *truth))
    _start_again(dataloader)
    batches = [batch for part in all_gather_object(batches) for batch in part]
    if not batches:
        raise TrainingSetError(
            'the training set gives no batch: with drop_last it needs at '
            'least train_dataloader.batch_size samples'
        )
    return TrainingSetView(
        *(None if f[0] is None else torch.cat(f) for f in zip(*batches))
    )


def _log(
    runner: Runner, model: RoutingTopdownPoseEstimator, view: TrainingSetView
) -> None:
    label = model.trained_stage.pseudo_label
    if label is not None:
        truth = view.previous, view.landmarks, view.weights
        softness = label.statistics(*truth)
        runner.logger.info(
            f'pseudo-labels in the {label.space} space: '
            f'T = {float(label.temperature):.4g}, mean entropy '
            f'{softness.entropy:.3f} of {np.log(len(label.centers)):.3f} nats,'
            f' mean largest entry {softness.largest:.3f}, cluster sizes '
            f'{sorted(label.counts.tolist(), reverse=True)}'
        )
    if model.router is not None:
        runner.logger.info(
            f'routing threshold {float(model.router.threshold):.4g}'
        )
