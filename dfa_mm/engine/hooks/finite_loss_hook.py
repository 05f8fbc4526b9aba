"""A training that has diverged ends at once."""

import math
from typing import Optional

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import Tensor

# of a batch's pictures, in the error
_SHOWN = 8


class DivergedError(RuntimeError):
    """A loss, or a weight, is not a number any more."""


@HOOKS.register_module()
class FiniteLossHook(Hook):
    """Ends training at the first loss that is not finite.

    Before anything of it is saved: the latest checkpoint is a sound one. That
    an optimizer has made a weight infinite shows in the next loss, or, after
    the last one, in the weights.

    Raises:
        DivergedError: Names iteration, losses and pictures.
    """

    priority = 'VERY_HIGH'

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[dict] = None,
        outputs: Optional[dict] = None,
    ) -> None:
        bad = {
            name: value
            for name, value in _numbers(outputs or {}).items()
            if 'loss' in name and not math.isfinite(value)
        }
        if bad:
            raise DivergedError(
                f'iteration {runner.iter + 1} in {runner.work_dir}: '
                f'{", ".join(f"{k} is {v}" for k, v in bad.items())}, of the '
                f'pictures {_pictures(data_batch)}. {_remedy(runner)}'
            )

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        bad = first_not_finite(checkpoint['state_dict'])
        if bad is not None:
            raise DivergedError(
                f'iteration {runner.iter} in {runner.work_dir} left numbers '
                f'in {bad} that are not finite. {_remedy(runner)}'
            )


def first_not_finite(state: dict) -> Optional[str]:
    """The first of a state's float tensors with an infinity or a NaN.

    A routing threshold that nobody has calibrated yet is no sign of it.
    """
    for name, value in state.items():
        if name.endswith('router.threshold') or not isinstance(value, Tensor):
            continue
        if value.is_floating_point() and not value.isfinite().all():
            return name
    return None


def _numbers(outputs: dict) -> dict:
    return {
        name: float(torch.as_tensor(value).detach())
        for name, value in outputs.items()
    }


def _pictures(batch: Optional[dict]) -> str:
    samples = (batch or {}).get('data_samples', ())
    names = [str(sample.metainfo.get('img_path', '?')) for sample in samples]
    more = f' and {len(names) - _SHOWN} more' if len(names) > _SHOWN else ''
    return ', '.join(names[:_SHOWN]) + more


def _remedy(runner: Runner) -> str:
    return (
        'Nothing is marked as finished. Train with a smaller rate '
        '(optim_wrapper.optimizer.lr) or limit on gradients '
        '(optim_wrapper.clip_grad), in another folder or after deleting this '
        'one'
    )
