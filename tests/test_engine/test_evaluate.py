from types import SimpleNamespace

import pytest
import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS
from tiny_training import training_config

from dfa_mm.engine import evaluate
from dfa_mm.engine.checkpoints import CheckpointMismatchError
from dfa_mm.engine.identity import RunMismatchError, identity

RESNET = {
    'model.backbone': dict(type='ResNet', depth=18),
    'model.head.in_channels': 512,
}


@pytest.fixture
def save(tmp_path):
    """A checkpoint of a config's model, with or without its identity."""

    def save(cfg, said=True, **meta):
        state = MODELS.build(cfg.model).state_dict()
        meta.update(dict(identity=identity(cfg)) if said else {})
        torch.save(dict(meta=meta, state_dict=state), tmp_path / 'x.pth')
        return str(tmp_path / 'x.pth')

    return save


@pytest.fixture
def test(tmp_path):
    """Tests a checkpoint, up to MMEngine's part."""

    def test(cfg, checkpoint, **metainfo):
        dataset = SimpleNamespace(metainfo=metainfo)
        runner = SimpleNamespace(
            test_dataloader=SimpleNamespace(dataset=dataset),
            model=MODELS.build(cfg.model),
            cfg=cfg,
            _load_from=checkpoint,
            test=lambda: dict(tested=True),
        )
        return evaluate.test_and_report(runner, tmp_path / 'out.json', None)

    return test


def make_cfg(tmp_path, stages=1, **options):
    return training_config(tmp_path, tmp_path, stages, **options)


@pytest.fixture(autouse=True)
def no_report(monkeypatch):
    init_default_scope('mmpose')
    monkeypatch.setattr(evaluate, '_write', lambda *_: None)


@pytest.mark.parametrize('said', [True, False])
def test_checkpoint_of_a_longer_cascade_is_tested(save, test, tmp_path, said):
    checkpoint = save(make_cfg(tmp_path, 2), said)
    assert test(make_cfg(tmp_path, 1), checkpoint) == dict(tested=True)


def test_another_model_is_told_with_both_sides(save, test, tmp_path):
    checkpoint = save(make_cfg(tmp_path, **RESNET))
    with pytest.raises(RunMismatchError) as info:
        test(make_cfg(tmp_path), checkpoint)
    message = str(info.value)
    assert message.startswith(f'{checkpoint} is of another model')
    assert "model.backbone.type is 'ResNet' there, 'TinyBack" in message
    assert '\n' not in message


def test_another_model_that_does_not_say_so_is_told_by_tensors(
    save, test, tmp_path
):
    checkpoint = save(make_cfg(tmp_path, **RESNET), said=False)
    with pytest.raises(CheckpointMismatchError, match='backbone.conv.weight'):
        test(make_cfg(tmp_path), checkpoint)


def test_earlier_stage_is_not_tested_as_a_later_one(save, test, tmp_path):
    checkpoint = save(make_cfg(tmp_path, 1))
    with pytest.raises(RunMismatchError, match='stages.1.*nothing there'):
        test(make_cfg(tmp_path, 2), checkpoint)


@pytest.mark.parametrize('names', [['a', 'b', 'c'], ['a', 'c', 'b']])
def test_landmarks_of_other_names_are_not_tested(save, test, tmp_path, names):
    # as many, so that every tensor fits
    cfg, there, here = (
        make_cfg(tmp_path),
        dict(keypoint_id2name=dict(enumerate('abc'))),
        dict(keypoint_id2name=dict(enumerate(names))),
    )
    checkpoint = save(cfg, dataset_meta=there)
    if names == ['a', 'b', 'c']:
        assert test(cfg, checkpoint, **here) == dict(tested=True)
        return
    with pytest.raises(
        CheckpointMismatchError, match="number 2 is 'b' there, 'c' here"
    ):
        test(cfg, checkpoint, **here)


def test_spelling_of_landmarks_does_not_matter(save, test, tmp_path):
    there = dict(keypoint_id2name={0: 'left collar', 1: 'right collar'})
    here = dict(keypoint_id2name={0: 'collar_left', 1: 'RightCollar'})
    cfg = make_cfg(tmp_path)
    checkpoint = save(cfg, dataset_meta=there)
    assert test(cfg, checkpoint, **here) == dict(tested=True)
