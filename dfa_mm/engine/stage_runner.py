"""MMEngine's runner, for a training that may be interrupted at any moment."""

import logging
from contextlib import redirect_stdout
from io import StringIO
from typing import Dict, Optional, Union

from mmengine.config import Config
from mmengine.hooks import CheckpointHook, Hook
from mmengine.logging import MMLogger
from mmengine.runner import BaseLoop, Runner
from mmpose.registry import HOOKS

from dfa_mm.models import RoutingTopdownPoseEstimator

from .bare_model import bare_model
from .building import settings
from .hooks import WholeCheckpointHook
from .loops import exact
from .terminal import hush

ConfigType = Union[Config, dict]


class StageRunner(Runner):
    """Runner whose loop, checkpoints and log are the project's.

    The config, which the checkpoints hold and which others may read, stays
    as it was written.
    """

    @classmethod
    def from_cfg(cls, cfg: ConfigType) -> 'StageRunner':
        with settings('model, hooks, visualizer or environment'):
            return super().from_cfg(cfg)

    def build_train_loop(self, loop: Union[BaseLoop, Dict]) -> BaseLoop:
        if isinstance(loop, dict):
            loop = exact(loop)
        with settings('train_cfg or train_dataloader'):
            return super().build_train_loop(loop)

    def build_val_loop(self, loop: Union[BaseLoop, Dict]) -> BaseLoop:
        with settings('val_cfg, val_dataloader or val_evaluator'):
            return super().build_val_loop(loop)

    def build_test_loop(self, loop: Union[BaseLoop, Dict]) -> BaseLoop:
        with settings('test_cfg, test_dataloader or test_evaluator'):
            return super().build_test_loop(loop)

    def build_optim_wrapper(self, *args, **kwargs):
        with settings('optim_wrapper'):
            return super().build_optim_wrapper(*args, **kwargs)

    def build_param_scheduler(self, *args, **kwargs):
        with settings('param_scheduler'):
            return super().build_param_scheduler(*args, **kwargs)

    def register_default_hooks(
        self, hooks: Optional[Dict[str, Union[Hook, Dict]]] = None
    ) -> None:
        hooks = dict(hooks or {})
        checkpoint = hooks.get('checkpoint', dict(type='CheckpointHook'))
        if isinstance(checkpoint, dict):
            kind = checkpoint.get('type')
            kind = HOOKS.get(kind) if isinstance(kind, str) else kind
            if kind is CheckpointHook:
                checkpoint = dict(checkpoint, type=WholeCheckpointHook)
        hooks['checkpoint'] = checkpoint
        super().register_default_hooks(hooks)

    def build_logger(self, *args, **kwargs) -> MMLogger:
        logger = super().build_logger(*args, **kwargs)
        for handler in logger.handlers:
            if isinstance(handler, logging.FileHandler):
                handler.handleError = _raise
        return logger


class QuietRunner(StageRunner):
    """StageRunner that leaves the terminal to warnings and progress."""

    def build_logger(self, *args, **kwargs) -> MMLogger:
        logger = super().build_logger(*args, **kwargs)
        hush(logger)
        return logger

    def load_checkpoint(self, *args, **kwargs) -> dict:
        """Logs what MMEngine prints.

        How a cascade differs from what it starts from is known and checked
        tensor by tensor; of another model it may be a surprise.
        """
        with redirect_stdout(StringIO()) as printed:
            result = super().load_checkpoint(*args, **kwargs)
        text = printed.getvalue().strip()
        known = isinstance(bare_model(self), RoutingTopdownPoseEstimator)
        level = logging.WARNING if 'match' in text else logging.INFO
        self.logger.log(logging.INFO if known else level, text)
        return result


def _raise(record: logging.LogRecord) -> None:
    """A full disk ends the training, and not in a traceback a line."""
    raise
