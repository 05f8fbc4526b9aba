"""Ends a training that was told to stop, after a saved checkpoint."""

from pathlib import Path
from signal import SIGTERM

from mmengine.dist import get_world_size
from mmengine.hooks import Hook
from mmengine.runner import Runner

from dfa_mm.engine.runs import STOPPED_PATTERN
from dfa_mm.engine.stopping import StoppedError, StopRequest

WHOLE = dict(backend='whole_files')


class StopHook(Hook):
    """Looks at a :class:`StopRequest` after every batch and validation.

    Not in configs: what it looks at is no setting.
    """

    priority = 'LOWEST'

    def __init__(self, request: StopRequest) -> None:
        self.request = request
        self.saved = -1  # iterations trained, in the latest checkpoint

    def before_run(self, runner: Runner) -> None:
        self.request.deferred = True

    def after_look_iter(self, runner: Runner) -> None:
        """Of the pass in which the training set is only looked at.

        Only the main process shows it, and could not ask the others.
        """
        if get_world_size() == 1 and self.request.came():
            raise StoppedError(
                f'before the first iteration in {runner.work_dir}',
                self.request.signal or SIGTERM,
            )

    def before_train(self, runner: Runner) -> None:
        if runner._resume:
            self.saved = runner.iter

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        self.saved = checkpoint['meta']['iter']

    def after_train_iter(
        self, runner: Runner, batch_idx: int, data_batch=None, outputs=None
    ) -> None:
        if self.request.came():
            self._stop(runner, runner.iter + 1)

    def after_val_iter(
        self, runner: Runner, batch_idx: int, data_batch=None, outputs=None
    ) -> None:
        # no need to wait for its end; only the main process knows, though
        if (
            get_world_size() == 1
            and self.saved == runner.iter
            and self.request.came()
        ):
            self._stop(runner, runner.iter)

    def after_val(self, runner: Runner) -> None:
        if self.request.came():
            self._stop(runner, runner.iter)

    def _stop(self, runner: Runner, trained: int) -> None:
        if self.saved != trained:
            runner.save_checkpoint(
                runner.work_dir,
                STOPPED_PATTERN.replace('*', str(trained)),
                meta=dict(epoch=runner.epoch, iter=trained),
                backend_args=WHOLE,
            )
        raise StoppedError(
            f'after iteration {trained} of {runner.max_iters} in '
            f'{Path(runner.work_dir)}, which is saved',
            self.request.signal or SIGTERM,
        )
