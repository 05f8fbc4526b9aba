"""A training that has diverged ends at once."""

import math
from typing import Iterator, List, Optional, Sequence

import numpy as np
import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import Tensor

from dfa_mm.models.weights import first_not_finite

# of a batch's pictures, in the error
_SHOWN = 8
# of a checkpoint: in the second are the averaged weights, or what they average
_WEIGHTS = ('state_dict', 'ema_state_dict')
_REMEDY = (
    'Nothing is marked as finished. Call it again with a smaller rate '
    '({stage}optim_wrapper.optimizer.lr) or limit on gradients '
    '({stage}optim_wrapper.clip_grad): the folder may stay as it is'
)


class DivergedError(RuntimeError):
    """A loss, a gradient, a weight or a prediction is no number any more."""


@HOOKS.register_module()
class FiniteLossHook(Hook):
    """Ends training at the first loss or gradient that is not finite.

    Before anything of it is saved: the latest checkpoint is a sound one. That
    an optimizer has made a weight infinite shows in the next loss, in the
    weights before they are saved, or in predictions and metrics.
    (A gradient is seen where ``clip_grad`` measures its norm.)

    Args:
        stage (int, optional): Of a cascade, for what the error advises.

    Raises:
        DivergedError: Names iteration, losses and pictures.
    """

    # after the averaged weights are in a checkpoint, before it is written
    priority = 'LOW'

    def __init__(self, stage: Optional[int] = None) -> None:
        own = f'stage_settings.{stage}.' if stage else ''
        self.remedy = _REMEDY.format(stage=own)
        self.pictures: List[str] = []

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[dict] = None,
        outputs: Optional[dict] = None,
    ) -> None:
        self.pictures = _pictures((data_batch or {}).get('data_samples', ()))
        numbers = {
            name: float(torch.as_tensor(value).detach())
            for name, value in (outputs or {}).items()
            if 'loss' in name
        }
        norm = runner.message_hub.log_scalars.get('train/grad_norm')
        # to a loss scaler an infinity says that the scale is too large
        if norm is not None and not hasattr(
            runner.optim_wrapper, 'loss_scaler'
        ):
            numbers['the norm of the gradient'] = norm.current()
        bad = [f'{k} is {v}' for k, v in numbers.items() if not _finite(v)]
        if bad:
            self._end(runner, runner.iter + 1, ', '.join(bad))

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        for part in _WEIGHTS:
            bad = first_not_finite(checkpoint.get(part, {}))
            if bad is not None:
                self._end(
                    runner,
                    checkpoint['meta']['iter'],
                    f'numbers in {part} {bad} are not finite',
                )

    def after_val_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[dict] = None,
        outputs: Optional[Sequence] = None,
    ) -> None:
        self.pictures = _pictures(outputs or ())
        for sample in outputs or ():
            for name in _not_finite(sample):
                self._end(
                    runner,
                    runner.iter,
                    f'{name} predicted in validation are not finite',
                )

    def after_val_epoch(
        self, runner: Runner, metrics: Optional[dict] = None
    ) -> None:
        """With sound predictions it is the set that gives no number."""
        for name, value in (metrics or {}).items():
            if not _finite(value):
                runner.logger.warning(
                    f'{name} is {value}: nothing in the validation set is '
                    'labelled that it measures'
                )

    def _end(self, runner: Runner, iteration: int, what: str) -> None:
        names, more = self.pictures[:_SHOWN], len(self.pictures) - _SHOWN
        shown = ', '.join(names) + (f' and {more} more' if more > 0 else '')
        raise DivergedError(
            f'iteration {iteration} in {runner.work_dir}: {what}, of the '
            f'pictures {shown}. {self.remedy}'
        )


def _finite(value) -> bool:
    try:
        return math.isfinite(value)
    except TypeError:  # a metric that is no number
        return True


def _not_finite(sample) -> Iterator[str]:
    """What of a prediction is not."""
    for name, value in getattr(sample, 'pred_instances', {}).items():
        if isinstance(value, Tensor):
            value = value.detach().cpu().float().numpy()
        if (
            isinstance(value, np.ndarray)
            and value.dtype.kind == 'f'
            and not np.isfinite(value).all()
        ):
            yield name


def _pictures(samples: Sequence) -> List[str]:
    return [
        str(getattr(sample, 'metainfo', {}).get('img_path', '?'))
        for sample in samples
    ]
