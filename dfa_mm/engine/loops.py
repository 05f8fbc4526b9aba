"""Training loops that go on exactly where a checkpoint was written.

MMEngine's repeat the epoch of a checkpoint that was written in the middle of
one, read every earlier batch of a run by iterations once more, and leave out
a validation that the interruption prevented.
"""

from typing import Optional, Union

from mmengine.dataset import InfiniteSampler
from mmengine.registry import LOOPS
from mmengine.runner import EpochBasedTrainLoop, IterBasedTrainLoop
from torch import nn
from torch.utils.data import DataLoader

from dfa_mm.datasets.sample_seeds import seeded_loader
from dfa_mm.errors import SettingsError
from dfa_mm.models.clustering import TrainingSetError


class _ExactLoop:
    """What both have in common.

    Attributes:
        validated (int, optional): Iterations trained when validation began
            last.
    """

    validated: Optional[int] = None

    def __init__(
        self, runner, dataloader: Union[DataLoader, dict], *args, **kwargs
    ) -> None:
        if isinstance(dataloader, dict):
            varies = runner._randomness_cfg.get('diff_rank_seed', False)
            dataloader = runner.build_dataloader(
                dataloader, seed=runner.seed, diff_rank_seed=varies
            )
        loader = seeded_loader(dataloader, runner.seed)
        super().__init__(runner, loader, *args, **kwargs)
        check_number('max_epochs', self._max_epochs)
        check_number('val_interval', self.val_interval)

    def _validate_if_due(self, done: int, last: int) -> None:
        self._decide_current_val_interval()
        due = done >= self.val_begin and (
            done % self.val_interval == 0 or done == last
        )
        if due and self.runner.val_loop is not None:
            self.validated = self._iter
            self.runner.val_loop.run()


@LOOPS.register_module()
class ExactEpochLoop(_ExactLoop, EpochBasedTrainLoop):
    """EpochBasedTrainLoop that finds its place within an epoch."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.dataloader.batch_sampler.sampler, InfiniteSampler):
            raise SettingsError(
                'train_dataloader.sampler is an InfiniteSampler, with which '
                'no epoch ends: take DefaultSampler, or train by iterations '
                '(train_cfg.by_epoch=False and max_iters)'
            )
        check_batches(self.dataloader)

    def run(self) -> nn.Module:
        self.runner.call_hook('before_train')
        if self._iter and not self.passed and self.validated != self._iter:
            self._validate()
        while self._epoch < self._max_epochs and not self.stop_training:
            self.run_epoch()
            self._validate()
        self.runner.call_hook('after_train')
        return self.runner.model

    @property
    def passed(self) -> int:
        """Batches of the epoch that are trained."""
        length = len(self.dataloader)
        return min(max(self._iter - self._epoch * length, 0), length)

    def run_epoch(self) -> None:
        passed = self.passed
        self.dataloader.batch_sampler.start_at(self._epoch, passed)
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for number, batch in enumerate(self.dataloader, passed):
            self.run_iter(number, batch)
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1

    def _validate(self) -> None:
        self._validate_if_due(self._epoch, self._max_epochs)


@LOOPS.register_module()
class ExactIterLoop(_ExactLoop, IterBasedTrainLoop):
    """IterBasedTrainLoop that passes over indices, not over pictures."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        check_number('max_iters', self._max_iters)

    def run(self) -> nn.Module:
        self.runner.call_hook('before_train')
        self.runner.call_hook('before_train_epoch')
        if self._iter and self.validated != self._iter:
            self._validate()
        self.dataloader.batch_sampler.start_at(0, self._iter, endless=True)
        batches = iter(self.dataloader)
        while self._iter < self._max_iters and not self.stop_training:
            self.runner.model.train()
            self.run_iter(next(batches))
            self._validate()
        self.runner.call_hook('after_train_epoch')
        self.runner.call_hook('after_train')
        return self.runner.model

    def _validate(self) -> None:
        self._validate_if_due(self._iter, self._max_iters)


def check_number(name: str, value: int) -> None:
    """A training of no iterations is none.

    Raises:
        SettingsError: If it is not 1 or more.
    """
    if value < 1:
        raise SettingsError(f'train_cfg.{name} is {value}, expected 1 or more')


def check_batches(loader: DataLoader) -> None:
    """Check that one pass through the training set has a batch.

    Raises:
        TrainingSetError: If not.
    """
    if not len(loader):
        raise TrainingSetError(
            f'the training set gives no batch: it has {len(loader.dataset)} '
            'samples, and with drop_last it needs at least '
            f'train_dataloader.batch_size={loader.batch_sampler.batch_size}'
        )


def exact(loop: dict) -> dict:
    """The config of a training loop, MMEngine's two replaced by these.

    A loop of another kind stays as it is, and resumes as it can.
    """
    loop = dict(loop)
    kind = loop.get('type')
    if kind is None:
        kind = EpochBasedTrainLoop
        if not loop.pop('by_epoch', True):
            kind = IterBasedTrainLoop
    kind = LOOPS.get(kind) if isinstance(kind, str) else kind
    if kind is EpochBasedTrainLoop:
        kind = ExactEpochLoop
    elif kind is IterBasedTrainLoop:
        kind = ExactIterLoop
    return dict(loop, type=kind)
