"""Which checkpoint a training of the detector goes on from."""

import json
from pathlib import Path

import pytest
import torch
from mmengine.runner import Runner

from dfa_mm.engine.checkpoints import CheckpointMismatchError
from projects.garment_detector import find
from projects.garment_detector.train import main

CONFIG = str(
    Path(find.HERE, 'configs/centernet_efficientnet-lite0_garments.py')
)


class _Runner:
    """Saves what IdentityHook adds, in place of training."""

    def __init__(self, cfg):
        self.cfg = cfg

    def register_hook(self, hook):
        self.hook = hook

    def train(self):
        content = dict(meta=dict(iter=1), state_dict={})
        self.hook.before_save_checkpoint(self, content)
        folder = Path(self.cfg.work_dir)
        folder.mkdir(exist_ok=True)
        torch.save(content, folder / 'epoch_1.pth')


@pytest.fixture
def train(tmp_path, monkeypatch):
    runs = []

    def from_cfg(cfg):
        runs.append(_Runner(cfg))
        return runs[-1]

    monkeypatch.setattr(Runner, 'from_cfg', from_cfg)
    monkeypatch.setenv('GARMENTS_ROOT', str(tmp_path))
    folder = str(tmp_path / 'work')

    def train(*options):
        status = main([CONFIG, '--work-dir', folder, *options])
        return status, (runs.pop().cfg if runs else None)

    return train


def test_it_goes_on_from_its_own(train, tmp_path):
    status, cfg = train()
    assert (status, cfg.get('resume', False)) == (0, False)
    status, cfg = train()
    assert (status, cfg.resume) == (0, True)
    assert cfg.load_from == str(tmp_path / 'work/epoch_1.pth')


def test_it_does_not_go_on_from_other_data(train, tmp_path, capsys):
    train()
    name = 'street_train.json'
    (tmp_path / name).write_text(json.dumps(dict(images=[])))
    assert train() == (2, None)
    (line,) = capsys.readouterr().err.splitlines()
    assert 'holds another run than this config' in line
    assert 'annotations_sha256' in line


def test_it_refuses_what_does_not_say_whose_it_is(train, tmp_path, capsys):
    (tmp_path / 'work').mkdir()
    content = dict(meta=dict(iter=1), state_dict={})
    torch.save(content, tmp_path / 'work/epoch_1.pth')
    assert train() == (2, None)
    assert 'does not say what it is of' in capsys.readouterr().err


def test_a_checkpoint_of_another_model_is_no_detector(tmp_path):
    path = str(tmp_path / 'x.pth')
    state = {'stages.0.branches.0.head.fc7.weight': torch.zeros(2, 2)}
    torch.save(dict(state_dict=state), path)
    with pytest.raises(
        CheckpointMismatchError,
        match='x.pth .* no tensors there, bbox_head here',
    ):
        find.load_detector(checkpoint=path)
