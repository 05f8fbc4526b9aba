"""What MMEngine's checkpoints leave out of a training's state."""

from typing import Iterator, Optional

from mmengine.hooks import EMAHook, Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS
from torch import nn

from dfa_mm.engine.bare_model import bare_model
from dfa_mm.engine.random_states import random_states, restore_random_states

KEY = 'exact_resume'


@HOOKS.register_module()
class ExactResumeHook(Hook):
    """Saves and restores it, for bit-identical results on one process.

    That is the random states; gradients that wait for the next batch where
    the optimizer steps once in several; whether the model was validated.
    Validation leaves the random states as they were: whether its workers
    have to be started does not matter to training.
    """

    priority = 'LOWEST'

    def __init__(self) -> None:
        self.found: Optional[dict] = None

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        checkpoint[KEY] = dict(
            random_states=random_states(),
            gradients=gradients(bare_model(runner)),
            validated=getattr(runner.train_loop, 'validated', None),
        )

    def after_load_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        if not runner._resume:
            return
        self.found = checkpoint.get(KEY)
        missing = [*_missing(runner, checkpoint)]
        if missing:
            runner.logger.warning(
                f'the checkpoint holds no {", no ".join(missing)}: it was '
                'written by an older version or another program, or was told '
                'to leave that out. This training ends differently from one '
                'without interruption'
            )

    def before_train(self, runner: Runner) -> None:
        if self.found is None:
            return
        runner.train_loop.validated = self.found['validated']
        for name, parameter in bare_model(runner).named_parameters():
            if name in self.found['gradients']:
                parameter.grad = self.found['gradients'][name].to(parameter)
        restore_random_states(self.found['random_states'])
        self.found = None

    def before_val(self, runner: Runner) -> None:
        self.before_validation = random_states()

    def after_val(self, runner: Runner) -> None:
        restore_random_states(self.before_validation)


def _missing(runner: Runner, checkpoint: dict) -> Iterator[str]:
    if KEY not in checkpoint:
        yield 'random states'
    if 'optimizer' not in checkpoint:
        yield 'optimizer'
    if runner.param_schedulers and 'param_schedulers' not in checkpoint:
        yield 'state of the learning rate'
    averaged = any(isinstance(hook, EMAHook) for hook in runner.hooks)
    if averaged and 'ema_state_dict' not in checkpoint:
        yield 'averaged weights'


def gradients(model: nn.Module) -> dict:
    """Those that no step has used yet, by parameter."""
    return {
        name: parameter.grad.cpu()
        for name, parameter in model.named_parameters()
        if parameter.grad is not None
    }
