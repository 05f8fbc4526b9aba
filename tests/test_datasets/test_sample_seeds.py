import random
from itertools import islice

import numpy as np
import pytest
import torch
from mmengine.dataset import DefaultSampler, InfiniteSampler
from torch.utils.data import BatchSampler, DataLoader, Dataset

from dfa_mm.datasets.sample_seeds import seeded_loader

SIZE, BATCH = 7, 3
PER_EPOCH = 3  # 3 + 3 + 1


class Drawn(Dataset):
    """Samples that are what three generators draw, and say who read them."""

    def __init__(self):
        self.read = []

    def __len__(self):
        return SIZE

    def __getitem__(self, index):
        self.read.append(index)
        return index, random.random(), np.random.rand(), torch.rand(1).item()


def loader(kind=DefaultSampler, workers=0, seed=0, **more):
    sampler = kind(Drawn(), shuffle=True, seed=5)
    return seeded_loader(
        DataLoader(
            sampler.dataset,
            batch_sampler=BatchSampler(sampler, BATCH, drop_last=False),
            num_workers=workers,
            collate_fn=list,
            **more,
        ),
        seed,
    )


def epochs(data, count=2, passed=0):
    found = []
    for epoch in range(count):
        data.batch_sampler.start_at(epoch, passed if epoch == 0 else 0)
        found += list(data)
    return found


@pytest.fixture(scope='module')
def expected():
    return epochs(loader())


def test_every_sample_is_drawn_anew(expected):
    assert [len(batch) for batch in expected] == [3, 3, 1] * 2
    for epoch in (expected[:PER_EPOCH], expected[PER_EPOCH:]):
        assert sorted(s[0] for batch in epoch for s in batch) == [*range(SIZE)]
    drawn = [value for batch in expected for s in batch for value in s[1:]]
    assert len({*drawn}) == 2 * SIZE * 3
    assert epochs(loader(seed=1)) != expected


@pytest.mark.parametrize('kept', [True, False])
def test_workers_make_no_difference(expected, kept):
    assert epochs(loader(workers=2, persistent_workers=kept)) == expected


def test_a_pass_before_training_makes_no_difference(expected):
    data = loader()
    before = list(islice(data, 2))
    assert epochs(data) == expected
    # nor does training see the same augmentations
    indices = [[s[0] for s in batch] for batch in before]
    assert indices == [[s[0] for s in batch] for batch in expected[:2]]
    assert before[0][0] != expected[0][0]


def test_it_begins_within_an_epoch_and_reads_nothing_before(expected):
    data = loader()
    assert epochs(data, passed=2) == expected[2:]
    read = [s[0] for batch in expected[2:] for s in batch]
    assert data.dataset.read == read


def test_the_process_draws_as_if_nothing_was_read():
    def draw():
        return random.random(), np.random.rand(), torch.rand(1).item()

    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(3)
    expected = draw()
    for seed in (random.seed, np.random.seed, torch.manual_seed):
        seed(3)
    epochs(loader())
    epochs(loader(workers=1), count=1)
    assert draw() == expected


@pytest.mark.parametrize('kind', [DefaultSampler, InfiniteSampler])
def test_an_endless_run_begins_anywhere(kind):
    whole = loader(kind)
    list(islice(whole, 2))
    whole.batch_sampler.start_at(0, 0, endless=True)
    expected = list(islice(whole, 8))
    rest = loader(kind)
    rest.batch_sampler.start_at(0, 5, endless=True)
    assert list(islice(rest, 3)) == expected[5:]
    # InfiniteSampler's batches reach over the end of a pass: 7 = 3 + 3 + 1
    sizes = [3] * 8 if kind is InfiniteSampler else [3, 3, 1, 3, 3, 1, 3, 3]
    assert [len(batch) for batch in expected] == sizes


def test_settings_of_the_data_set_are_reached():
    data = loader().dataset
    data.read = ['changed']
    assert data.dataset.read == ['changed']
    assert len(data) == SIZE
