"""The same samples and augmentations, however a training set is read.

What a transform draws depends on the run's seed and on where the sample
stands in the run, and on nothing else: not on how many workers read, on which
of them has the sample, nor on whether the training was interrupted before.
"""

import os
import random
import signal
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Callable, Iterator, List, Optional, Sequence

import numpy as np
import torch
from mmengine.dataset import InfiniteSampler
from mmengine.dist import get_rank
from torch.utils.data import DataLoader

# the pass before training, in which nothing is trained
LOOKING = -1


class SeededIndex(int):
    """A sample's index that knows by what its transforms are seeded."""

    key: Sequence[int]

    def __new__(cls, index: int, key: Sequence[int]) -> 'SeededIndex':
        result = super().__new__(cls, index)
        result.key = key
        return result

    def __reduce__(self) -> tuple:
        return SeededIndex, (int(self), self.key)


class SeededBatches:
    """A batch sampler of seeded indices that can begin anywhere in the run.

    Only indices are passed over, no sample is read for it. Until
    :meth:`start_at` is called it gives the pass before training.

    Args:
        batches: The batch sampler of a loader.
        seed (int): The run's.
    """

    def __init__(self, batches, seed: int) -> None:
        self.batches, self.seed = batches, seed
        self.epoch, self.passed, self.endless = LOOKING, 0, False

    def __getattr__(self, name: str):
        if name.startswith('__') or name == 'batches':
            raise AttributeError(name)
        return getattr(self.batches, name)

    def __len__(self) -> int:
        return len(self.batches)

    def start_at(self, epoch: int, passed: int, endless: bool = False) -> None:
        """Let the next iteration begin after some batches of an epoch.

        ``endless``: epochs follow each other, and ``passed`` may reach into
        later ones.
        """
        self.epoch, self.passed, self.endless = epoch, passed, endless

    def __iter__(self) -> Iterator[List[SeededIndex]]:
        left = self.passed
        for epoch in count(self.epoch):
            self._begin(epoch)
            number = -1
            for number, batch in enumerate(self.batches):
                if left:
                    left -= 1
                    continue
                yield self._seeded(batch, epoch, number)
            if not self.endless or number < 0:
                return

    def _begin(self, epoch: int) -> None:
        sampler = self.batches.sampler
        if isinstance(sampler, InfiniteSampler):
            # its only iterator goes on where another pass has left it
            sampler.indices = sampler._indices_of_rank()
        elif hasattr(sampler, 'set_epoch'):
            sampler.set_epoch(max(epoch, 0))

    def _seeded(
        self, batch: Sequence[int], epoch: int, number: int
    ) -> List[SeededIndex]:
        place = self.seed, get_rank(), epoch - LOOKING, number
        return [
            SeededIndex(index, (*place, i)) for i, index in enumerate(batch)
        ]


class SeededDataset:
    """A data set whose samples are drawn by their index's own seed.

    Attributes are those of the data set, which is ``dataset``.
    """

    def __init__(self, dataset) -> None:
        self.__dict__['dataset'] = dataset

    def __getattr__(self, name: str):
        if name.startswith('__') or name == 'dataset':
            raise AttributeError(name)
        return getattr(self.dataset, name)

    def __setattr__(self, name: str, value) -> None:
        setattr(self.dataset, name, value)

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, index: int):
        if not isinstance(index, SeededIndex):
            return self.dataset[index]
        with seeded(index.key):
            return self.dataset[int(index)]


@contextmanager
def seeded(key: Sequence[int]) -> Iterator[None]:
    """Python, NumPy and PyTorch on the CPU draw by ``key`` in the block."""
    states = random.getstate(), np.random.get_state(), torch.get_rng_state()
    words = np.random.SeedSequence(key).generate_state(4)
    random.seed(words.tobytes())
    np.random.seed(words)
    # torch.manual_seed would reseed CUDA, too
    torch.default_generator.manual_seed(int(words.view(np.uint64)[0]))
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        torch.set_rng_state(states[2])


class SeededLoader(DataLoader):
    """Starts its workers when the first batch is asked for, not before."""

    def __iter__(self) -> Iterator:
        yield from super().__iter__()


def seeded_loader(loader: DataLoader, seed: int) -> SeededLoader:
    """The same loader of seeded samples, with :class:`SeededBatches`.

    It draws nothing from the process's own random states.
    """
    return SeededLoader(
        SeededDataset(loader.dataset),
        batch_sampler=SeededBatches(loader.batch_sampler, seed),
        num_workers=loader.num_workers,
        collate_fn=loader.collate_fn,
        pin_memory=loader.pin_memory,
        timeout=loader.timeout,
        worker_init_fn=partial(_start_worker, loader.worker_init_fn),
        multiprocessing_context=loader.multiprocessing_context,
        generator=torch.Generator().manual_seed(seed),
        prefetch_factor=loader.prefetch_factor,
        persistent_workers=loader.persistent_workers,
    )


def _start_worker(begin: Optional[Callable[[int], None]], number: int) -> None:
    """In a group of its own: Ctrl-C is for the process that trains.

    Which ends the workers when it has saved a checkpoint.
    """
    if hasattr(os, 'setpgid'):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if begin is not None:
        begin(number)
