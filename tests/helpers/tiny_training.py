"""A cascade that trains in a second: the tiny model on random crops."""

import json
from pathlib import Path

import pytest
import torch
from mmengine.config import Config
from mmpose.registry import DATASETS
from tiny_cascade import LOWER, TinyBackbone, _batch, cascade_config
from torch.utils.data import Dataset


@DATASETS.register_module(force=True)
class TinyDataset(Dataset):
    """Random crops; the annotation file says how many and which."""

    def __init__(self, ann_file, data_root='', split='train'):
        content = json.loads(Path(data_root, ann_file).read_text())
        inputs, samples = _batch(content['size'], content['seed'])
        self.pairs = [
            dict(inputs=x, data_samples=s) for x, s in zip(inputs, samples)
        ]
        self.metainfo = LOWER.metainfo()

    def __len__(self):
        return len(self.pairs)

    def __getitem__(self, index):
        return self.pairs[index]


def write_annotations(root, seed=0, size=12, **about):
    """``about`` is what a converter notes of itself."""
    root.mkdir(parents=True, exist_ok=True)
    content = dict(info=about, seed=seed, size=size)
    (root / 'train.json').write_text(json.dumps(content))


def training_config(work_dir, root, stages=3, **overrides):
    """Two epochs of three iterations for every stage."""
    cfg = dict(
        default_scope='mmpose',
        model=cascade_config(
            stages,
            data_preprocessor=dict(type='PoseDataPreprocessor'),
        ),
        train_dataloader=dict(
            batch_size=4,
            num_workers=0,
            sampler=dict(type='DefaultSampler', shuffle=True),
            dataset=dict(
                type='TinyDataset', ann_file='train.json', data_root=str(root)
            ),
        ),
        optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.01)),
        train_cfg=dict(by_epoch=True, max_epochs=2, val_interval=1),
        custom_hooks=[
            dict(type='PseudoLabelHook'),
            dict(type='AuxiliaryWeightHook', t1=2, t2=4),
        ],
        default_hooks=dict(checkpoint=dict(type='CheckpointHook', interval=1)),
        randomness=dict(seed=0),
        work_dir=str(work_dir),
        load_from=None,
        resume=False,
        log_level='ERROR',
    )
    result = Config(cfg)
    result.merge_from_dict(overrides)
    return result


def interrupt(train, *arguments, iterations):
    """Call ``train``, and end it after so many iterations by Ctrl-C."""
    forward, left = TinyBackbone.forward, [iterations]

    def stopping(self, x):
        left[0] -= self.training and torch.is_grad_enabled()
        if left[0] < 0:
            raise KeyboardInterrupt
        return forward(self, x)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TinyBackbone, 'forward', stopping)
        with pytest.raises(KeyboardInterrupt):
            train(*arguments)
