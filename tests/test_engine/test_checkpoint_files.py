"""What is read from a file, and that none of it is run."""

import json
import os
import pickle
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import torch
from mmengine.runner import CheckpointLoader
from torch import nn

from dfa_mm.engine import checkpoint_files
from dfa_mm.engine.checkpoint_files import load_safely
from dfa_mm.engine.checkpoints import CheckpointMismatchError, read_checkpoint

STATE = nn.Linear(99, 99).state_dict()
HEADER = json.dumps({'a': dict(dtype='F32', shape=[1], data_offsets=[0, 4])})
SAFETENSORS = len(HEADER).to_bytes(8, 'little') + HEADER.encode() + bytes(4)
OTHER_FILES = {
    'empty': (b'', 'it is empty'),
    'text': (b'hello', 'it is damaged, or half written'),
    'zeros': (bytes(999), 'it is damaged'),
    'PNG': (b'\x89PNG\r\n\x1a\n' + bytes(99), 'it is a picture'),
    'JPEG': (b'\xff\xd8\xff\xe0' + bytes(99), 'it is a picture'),
    'git-lfs': (b'version https://git-lfs.github.com/spec/v1\n', 'git lfs'),
    'page': (b'<!doctype html>', 'it is a page of the web'),
    'safetensors': (SAFETENSORS, 'it is of safetensors'),
    'plain pickle': (pickle.dumps(dict(a=1)), 'it is damaged'),
}
OTHER_CONTENTS = {
    'tensor': (torch.zeros(2), 'it is a Tensor, where a dict'),
    'list': ([torch.zeros(2)], 'it is a list, where a dict'),
    'number': (3, 'it is a int, where a dict'),
    'nothing': (None, 'it is a NoneType'),
    'no state': (dict(state_dict=None), 'a state_dict that is a NoneType'),
    'numbers': (dict(state_dict=dict(a=1)), 'no weights by name, but a, wh'),
    'unnamed': (dict(state_dict={1: torch.zeros(2)}), 'by name, but 1, wh'),
    'optimizer': (dict(optimizer=STATE, epoch=3), 'but optimizer, epoch, wh'),
}


def refusal(path):
    """The one line with which a file is refused."""
    with pytest.raises(CheckpointMismatchError) as info:
        read_checkpoint(str(path))
    message = str(info.value)
    assert message.startswith(f'{path} ')
    assert '\n' not in message
    assert 'weights_only' not in message
    assert info.value.__cause__ is None  # nor in a traceback
    assert info.value.__suppress_context__ or info.value.__context__ is None
    return message


@pytest.mark.parametrize('kind', OTHER_FILES)
def test_other_files_are_named_for_what_they_are(tmp_path, kind):
    content, told = OTHER_FILES[kind]
    path = tmp_path / 'a.pth'
    path.write_bytes(content)
    assert told in refusal(path)


@pytest.mark.parametrize('kind', OTHER_CONTENTS)
def test_what_holds_no_weights_is_told(tmp_path, kind):
    content, told = OTHER_CONTENTS[kind]
    path = tmp_path / 'a.pth'
    torch.save(content, path)
    assert told in refusal(path)


@pytest.mark.parametrize('modern', [True, False])
@pytest.mark.parametrize('share', [0.02, 0.5, 0.999])
def test_half_a_checkpoint_is_none(tmp_path, modern, share):
    path = tmp_path / 'a.pth'
    torch.save(
        dict(state_dict=STATE), path, _use_new_zipfile_serialization=modern
    )
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert 'is damaged, or half written' in refusal(path)


def test_a_program_is_no_checkpoint(tmp_path):
    path = tmp_path / 'a.pth'
    torch.jit.trace(nn.Linear(2, 2), torch.zeros(1, 2)).save(str(path))
    assert 'it is a TorchScript program' in refusal(path)


def test_folders_and_pipes_are_none(tmp_path):
    assert 'it is a folder' in refusal(tmp_path)
    os.mkfifo(tmp_path / 'pipe.pth')  # would wait for ever
    assert 'or a device' in refusal(tmp_path / 'pipe.pth')
    with pytest.raises(FileNotFoundError, match='there is no checkpoint'):
        read_checkpoint(str(tmp_path / 'no.pth'))


class _Call:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.fixture
def crafted(tmp_path):
    """A checkpoint that makes a file when it is unpickled, and that file."""
    victim = tmp_path / 'victim'
    content = dict(state_dict=STATE, meta=_Call(os.system, f'touch {victim}'))
    torch.save(content, tmp_path / 'crafted.pth')
    return tmp_path / 'crafted.pth', victim


def test_a_crafted_checkpoint_runs_nothing(crafted):
    path, victim = crafted
    assert f'asks for {os.system.__module__}.system' in refusal(path)
    assert not victim.exists()


def test_a_whole_model_is_not_unpickled(tmp_path):
    torch.save(nn.Linear(2, 2), tmp_path / 'a.pth')
    assert 'asks for torch.nn.modules' in refusal(tmp_path / 'a.pth')


def test_mmengine_reads_by_the_same_function(crafted, tmp_path):
    path, victim = crafted
    with pytest.raises(CheckpointMismatchError, match='crafted.pth is no'):
        CheckpointLoader.load_checkpoint(str(path), 'cpu')
    assert not victim.exists()
    torch.save(dict(state_dict=STATE), tmp_path / 'a.pth')
    found = CheckpointLoader.load_checkpoint(str(tmp_path / 'a.pth'), 'cpu')
    assert torch.equal(found['state_dict']['weight'], STATE['weight'])


@pytest.fixture
def server(tmp_path, monkeypatch):
    """Serves the folder; what is fetched goes into another one."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    monkeypatch.setattr(torch.hub, '_hub_dir', str(tmp_path / 'hub'))
    handler = partial(Quiet, directory=str(tmp_path))
    with ThreadingHTTPServer(('127.0.0.1', 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f'http://127.0.0.1:{server.server_port}'
        server.shutdown()


def test_nor_does_what_an_address_sends(crafted, server):
    # MMEngine's own loader unpickles it
    _, victim = crafted
    assert 'asks for' in refusal(f'{server}/crafted.pth')
    assert not victim.exists()
    assert 'cannot be read' in refusal(f'{server}/no.pth')


def test_an_address_is_read(server, tmp_path):
    torch.save(dict(state_dict=STATE), tmp_path / 'a.pth')
    found = read_checkpoint(f'{server}/a.pth')
    assert torch.equal(found['state_dict']['bias'], STATE['bias'])


def test_a_torch_that_can_be_got_round_is_refused(tmp_path, monkeypatch):
    torch.save(dict(state_dict=STATE), tmp_path / 'a.pth')
    monkeypatch.setattr(checkpoint_files, 'SAFE_TORCH', (99, 0))
    with pytest.raises(CheckpointMismatchError, match='install torch>=2.6'):
        load_safely(str(tmp_path / 'a.pth'))
