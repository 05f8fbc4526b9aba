import os
import signal
import sys

import pytest
import torch
from kill_training import same
from tiny_cascade import TinyBackbone
from tiny_training import (
    TinyDataset,
    training_config,
    write_annotations,
)

from dfa_mm.engine.runs import finished_checkpoint, interrupted_checkpoint
from dfa_mm.engine.stopping import StoppedError, stop_requests
from dfa_mm.engine.training import train_stage


@pytest.fixture
def make_cfg(tmp_path):
    write_annotations(tmp_path / 'data')
    return lambda name: training_config(tmp_path / name, tmp_path / 'data', 1)


def sent_after(iterations, number, monkeypatch, training=True):
    """Send this process a signal in one of a network's forward passes."""
    forward, left = TinyBackbone.forward, [iterations]

    def sending(self, x):
        if torch.is_grad_enabled() == training:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), number)
        return forward(self, x)

    monkeypatch.setattr(TinyBackbone, 'forward', sending)


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_after_a_saved_checkpoint(
    make_cfg, monkeypatch, number
):
    train_stage(make_cfg('whole'), 1)
    cfg = make_cfg('cut')
    before = signal.getsignal(number)
    with monkeypatch.context() as patch:
        sent_after(5, number, patch)
        with pytest.raises(StoppedError, match='after iteration 5 of 6') as e:
            train_stage(cfg, 1)
    assert e.value.signal == number
    assert signal.getsignal(number) == before
    assert finished_checkpoint(cfg.work_dir) is None
    saved = interrupted_checkpoint(cfg.work_dir)
    assert saved.endswith('stopped_iter_5.pth')
    # it goes on, and what was saved for it is gone
    train_stage(cfg, 1)
    found = sorted(p.name for p in (os.scandir(cfg.work_dir)))
    assert [n for n in found if n.endswith('.pth')] == [
        'epoch_1.pth',
        'epoch_2.pth',
    ]
    one, other = (
        torch.load(finished_checkpoint(make_cfg(name).work_dir))
        for name in ('whole', 'cut')
    )
    assert same(one['state_dict'], other['state_dict'])


def test_what_is_saved_is_not_saved_again(make_cfg, monkeypatch):
    cfg = make_cfg('cut')
    cfg.default_hooks.checkpoint.update(by_epoch=False)
    sent_after(4, signal.SIGINT, monkeypatch)
    with pytest.raises(StoppedError):
        train_stage(cfg, 1)
    assert interrupted_checkpoint(cfg.work_dir).endswith('/iter_4.pth')


def test_it_ends_while_the_set_is_looked_at(make_cfg, monkeypatch):
    look = TinyDataset.__getitem__

    def sending(self, index):
        os.kill(os.getpid(), signal.SIGINT)
        return look(self, index)

    monkeypatch.setattr(TinyDataset, '__getitem__', sending)
    # or the second signal, of the second sample, would end this process
    monkeypatch.setattr(signal, 'SIG_DFL', signal.SIG_IGN)
    with pytest.raises(StoppedError, match='before the first iteration'):
        train_stage(make_cfg('cut'), 1)


def test_before_training_it_ends_at_once():
    with pytest.raises(StoppedError, match='nothing'), stop_requests():
        os.kill(os.getpid(), signal.SIGTERM)


def test_the_second_has_its_usual_effect():
    with stop_requests() as request:
        request.deferred = True
        os.kill(os.getpid(), signal.SIGINT)
        assert request.signal == signal.SIGINT
        assert signal.getsignal(signal.SIGINT) == signal.SIG_DFL
        assert request.came()


class Finalized:
    """Sends this process a signal while it is collected, then fails."""

    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        raise RuntimeError('DataLoader worker is killed')


def test_while_objects_are_collected_it_is_not_lost(monkeypatch):
    printed = []
    monkeypatch.setattr(sys, 'unraisablehook', printed.append)
    with stop_requests() as request:
        # as the workers of a stage that is finished
        Finalized()
        with stop_requests() as later:
            assert later.came()
    assert request.signal == signal.SIGINT
    assert not printed
    assert sys.unraisablehook == printed.append


def test_after_a_stage_a_signal_ends_it_at_once_again():
    with stop_requests() as request:
        with stop_requests() as inner:
            inner.deferred = True
        assert not request.deferred
        with pytest.raises(StoppedError):
            os.kill(os.getpid(), signal.SIGINT)
