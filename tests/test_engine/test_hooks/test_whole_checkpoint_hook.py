import errno
from pathlib import Path

import pytest
import torch
from mmengine.runner import ValLoop
from tiny_training import training_config, write_annotations

from dfa_mm.engine import runs
from dfa_mm.engine.training import DiskFullError, train_stage


@pytest.fixture
def cfg(tmp_path):
    write_annotations(tmp_path / 'data')
    cfg = training_config(tmp_path / 'work', tmp_path / 'data', 1)
    # MMEngine's own, in a MMPose config that knows nothing of this project
    cfg.default_hooks.checkpoint = dict(
        type='CheckpointHook', interval=1, max_keep_ckpts=1
    )
    return cfg


def checkpoints(cfg):
    return sorted(path.name for path in Path(cfg.work_dir).glob('*.pth'))


def test_only_the_latest_is_kept(cfg):
    train_stage(cfg, 1)
    assert checkpoints(cfg) == ['epoch_2.pth']
    note = Path(cfg.work_dir, 'last_checkpoint').read_text()
    assert note == str(Path(cfg.work_dir, 'epoch_2.pth'))


@pytest.mark.parametrize('name', ['epoch_2.pth', 'last_checkpoint'])
def test_a_full_disk_is_told_and_leaves_the_one_before(cfg, name, monkeypatch):
    write = Path.write_bytes

    def full(path, data):
        written = write(path, data[: len(data) // 2])
        if path.name.endswith(name) and b'epoch_1' not in data:
            raise OSError(errno.ENOSPC, 'No space left on device', str(path))
        return write(path, data) if written else None

    with monkeypatch.context() as patch:
        patch.setattr(Path, 'write_bytes', full)
        with pytest.raises(DiskFullError) as caught:
            train_stage(cfg, 1)
    text = str(caught.value)
    assert text.startswith('No space left on device: ')
    assert 'make room, and the same command goes on' in text
    # a checkpoint is written before the one before is removed
    assert 'epoch_1.pth' in checkpoints(cfg)
    assert (
        Path(cfg.work_dir, 'last_checkpoint')
        .read_text()
        .endswith('epoch_1.pth')
    )
    assert not [*Path(cfg.work_dir).glob('.*')]
    train_stage(cfg, 1)
    assert checkpoints(cfg) == ['epoch_2.pth']


def test_what_a_kill_left_behind_is_removed(cfg):
    train_stage(cfg, 1)
    folder = Path(cfg.work_dir)
    (folder / 'finished.json').unlink()
    content = (folder / 'epoch_2.pth').read_bytes()
    # killed before the one before was removed, and while a third was written
    earlier = torch.load(folder / 'epoch_2.pth', weights_only=True)
    earlier['meta'].update(epoch=1, iter=3)
    torch.save(earlier, folder / 'epoch_1.pth')
    (folder / '.123-finished.json').write_text('{')
    (folder / '.123-epoch_3.pth').write_bytes(content[:10])
    (folder / '.mine').write_text('stays')
    train_stage(cfg, 1)
    assert checkpoints(cfg) == ['epoch_2.pth']
    assert [path.name for path in folder.glob('.*')] == ['.mine']


def test_a_copied_folder_leaves_the_original_alone(cfg, tmp_path, monkeypatch):
    def run(loop):
        metrics = dict(score=float(loop.runner.iter))
        loop.runner.call_hook('after_val_epoch', metrics=metrics)

    monkeypatch.setattr(ValLoop, 'run', run)
    cfg.val_dataloader = dict(cfg.train_dataloader)
    cfg.val_cfg = dict()
    cfg.val_evaluator = dict(type='NormalizedError')
    cfg.default_hooks.checkpoint.update(
        save_best='score', rule='greater', max_keep_ckpts=9
    )
    train_stage(cfg, 1)
    original, copy = Path(cfg.work_dir), tmp_path / 'copy'
    names = ['best_score_epoch_2.pth', 'epoch_1.pth', 'epoch_2.pth']
    assert checkpoints(cfg) == names
    copy.mkdir()
    content = torch.load(original / 'epoch_1.pth', weights_only=True)
    # which would be removed when there is a better one
    content['message_hub']['runtime_info'].update(
        best_ckpt=str(original / 'best_score_epoch_2.pth')
    )
    torch.save(content, copy / 'epoch_1.pth')
    (copy / 'last_checkpoint').write_text(str(original / 'epoch_2.pth'))
    cfg.work_dir = str(copy)
    train_stage(cfg, 1)
    assert sorted(path.name for path in original.glob('*.pth')) == names
    assert runs.finished_checkpoint(str(copy)) == str(copy / 'epoch_2.pth')
