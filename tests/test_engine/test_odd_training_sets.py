"""Training sets that cannot be trained on, or not as one may think."""

from pathlib import Path

import pytest
import torch
from tiny_training import TinyDataset, training_config, write_annotations

from dfa_mm.engine.training import train_stage
from dfa_mm.models import routers
from dfa_mm.models.clustering import TrainingSetError

TRUNCATED, ABSENT = 2, -1


@pytest.fixture
def make_cfg(tmp_path):
    def make(size=12, stages=1, **options):
        write_annotations(tmp_path / 'data', size=size)
        return training_config(
            tmp_path / 'run', tmp_path / 'data', stages, **options
        )

    return make


@pytest.fixture
def of_state(monkeypatch):
    """A function: give every landmark of the training set this state."""

    def change(state):
        build = TinyDataset.__init__

        def changed(self, *args, **kwargs):
            build(self, *args, **kwargs)
            for pair in self.pairs:
                label = pair['data_samples'].gt_instance_labels
                label.keypoint_weights.zero_()
                label.landmark_visibility_labels.fill_(state)

        monkeypatch.setattr(TinyDataset, '__init__', changed)

    return change


def train(cfg, stage=1):
    """The error that ends it; of one line."""
    with pytest.raises(TrainingSetError) as info:
        train_stage(cfg, stage)
    message = str(info.value)
    assert '\n' not in message
    assert not Path(cfg.work_dir, 'finished.json').exists()
    return message


def test_fewer_samples_than_clusters(make_cfg):
    message = train(make_cfg(size=4))
    assert message.startswith('4 training samples with a position')
    assert '5 clusters: lower num_clusters or train on more' in message


@pytest.mark.parametrize('state', [TRUNCATED, ABSENT])
def test_no_landmark_with_a_position(make_cfg, of_state, state):
    of_state(state)
    message = train(make_cfg())
    assert 'no landmark of the training set has a position' in message


@pytest.mark.parametrize('stages', [1, 3])
def test_batches_larger_than_the_set(make_cfg, tmp_path, stages):
    options = {'train_dataloader.batch_size': 64}
    cfg = make_cfg(stages=stages, **options)
    for stage in range(1, stages + 1):
        train_stage(cfg, stage)
    # one iteration in each of two epochs
    assert load(tmp_path, 'epoch_2.pth')['meta']['iter'] == 2
    assert (tmp_path / 'run' / 'finished.json').exists()


def load(folder, name):
    return torch.load(folder / 'run' / name, weights_only=True)


def test_branch_that_nobody_takes(make_cfg, monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(routers, 'print_log', lambda x, **_: said.append(x))
    cfg = make_cfg(stages=3, **{'model.router': dict(threshold=1e9)})
    for stage in (1, 2, 3):
        train_stage(cfg, stage)
    idle = 'none of 12 training samples takes the hard branch'
    assert [line.startswith(idle) for line in said] == [True]
    # which stays as it is, while the easy one is trained
    one, two = (load(tmp_path, f'epoch_{n}.pth')['state_dict'] for n in (1, 2))
    weight = 'stages.2.branches.{}.head.fc_landmarks.weight'.format
    assert not torch.equal(one[weight(0)], two[weight(0)])
    assert torch.equal(one[weight(1)], two[weight(1)])
