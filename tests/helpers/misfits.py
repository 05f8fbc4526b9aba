"""Files that are given as a checkpoint and are none, or another's.

:data:`FILES` are none at all, :data:`WEIGHTS` are of another model than the
tiny cascade of three stages, four landmarks and five clusters.
"""

import json
import os
import pickle
import random

import torch
from mmpose.registry import MODELS
from tiny_cascade import _model, cascade_config
from torch import nn


class _Call:
    def __reduce__(self):
        return os.system, ('touch victim',)


def _raw(content):
    def write(path):
        path.write_bytes(content)

    return write


def _saved(content, **options):
    def write(path):
        torch.save(
            content() if callable(content) else content, path, **options
        )

    return write


def _part(share, **options):
    def write(path):
        torch.save(dict(state_dict=_state()), path, **options)
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])

    return write


def _program(path):
    torch.jit.trace(nn.Linear(2, 2), torch.zeros(1, 2)).save(str(path))


def _safetensors():
    tensor = dict(dtype='F32', shape=[1], data_offsets=[0, 4])
    header = json.dumps(dict(a=tensor)).encode()
    return len(header).to_bytes(8, 'little') + header + bytes(4)


def _state(**settings):
    return _model(prepared=settings == {}, **settings).state_dict()


def _head(**changes):
    settings = cascade_config()
    settings['head'].update(changes)
    return _state(head=settings['head'])


def _resnet():
    settings = cascade_config()
    settings['head']['in_channels'] = 512
    resnet = dict(type='ResNet', depth=18)
    return _state(backbone=resnet, head=settings['head'])


def _detector():
    parts = dict(
        backbone=nn.Conv2d(3, 4, 4),
        neck=nn.Linear(4, 4),
        bbox_head=nn.Conv2d(4, 4, 1),
    )
    return nn.ModuleDict(parts).state_dict()


def _pose_estimator():
    settings = dict(
        type='TopdownPoseEstimator',
        backbone=dict(type='TinyBackbone'),
        head=dict(
            type='RegressionHead',
            in_channels=4,
            num_joints=4,
            decoder=dict(type='RegressionLabel', input_size=(16, 16)),
        ),
    )
    return MODELS.build(settings).state_dict()


def _edited(edit):
    def state():
        found = _state()
        name = next(k for k in found if k.endswith('fc_visibility.weight'))
        edit(found, name)
        return found

    return state


def _put(change):
    return _edited(
        lambda state, name: state.update({name: change(state[name])})
    )


FILES = {
    'empty': _raw(b''),
    'words': _raw(b'no checkpoint'),
    'random bytes': _raw(random.Random(0).randbytes(4096)),
    'zeros': _raw(bytes(4096)),
    'PNG': _raw(b'\x89PNG\r\n\x1a\n' + bytes(99)),
    'JPEG': _raw(b'\xff\xd8\xff\xe0' + bytes(99)),
    'page of the web': _raw(b'<!doctype html><html></html>'),
    'pointer of git-lfs': _raw(b'version https://git-lfs.github.com/spec/v1'),
    'safetensors': _raw(_safetensors()),
    'plain pickle': _raw(pickle.dumps(dict(state_dict=dict(a=1)))),
    'folder': lambda path: path.mkdir(),
    'half': _part(0.5),
    'all but the last bytes': _part(0.999),
    'half, old format': _part(0.5, _use_new_zipfile_serialization=False),
    'program': _program,
    'code': _saved(dict(state_dict={}, meta=_Call())),
    'code, old format': _saved(_Call(), _use_new_zipfile_serialization=False),
    'whole model': _saved(lambda: nn.Linear(2, 2)),
    'tensor': _saved(torch.zeros(2)),
    'list': _saved([torch.zeros(2)]),
    'number': _saved(3),
    'nothing': _saved(None),
    'numbers': _saved(dict(state_dict=dict(a=1, b=2))),
    'no state': _saved(dict(state_dict=None)),
    'numbered tensors': _saved(dict(state_dict={1: torch.zeros(2)})),
    'optimizer alone': _saved(dict(optimizer=dict(state={}), epoch=3)),
}
WEIGHTS = {
    'no tensors': dict,
    'one tensor of another': lambda: dict(weight=torch.zeros(2)),
    'other landmarks': lambda: _head(num_landmarks=6),
    'other clusters': lambda: _state(clusters=4),
    'other layers': lambda: _head(fc_channels=(32, 16)),
    'other backbone': _resnet,
    'one stage': lambda: _state(num_stages=1),
    'without router': lambda: _state(routing='average'),
    'detector': _detector,
    'pose estimator': _pose_estimator,
    'a tensor missing': _edited(lambda state, name: state.pop(name)),
    'all names prefixed': lambda: {f'net.{k}': v for k, v in _state().items()},
    'turned': _put(lambda value: value.T),
    'flat': _put(torch.flatten),
    'a number in place of a tensor': _put(lambda value: 1.0),
    'a list in place of a tensor': _put(torch.Tensor.tolist),
    'integers': _put(lambda value: value.int()),
    'truth values': _put(lambda value: value > 0),
    'complex': _put(lambda value: value + 0j),
    'sparse': _put(lambda value: value.to_sparse()),
    'NaN': _put(lambda value: value * float('nan')),
    'infinite': _put(lambda value: value / 0),
}
