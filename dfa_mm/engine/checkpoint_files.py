"""A checkpoint's content, read without running code.

:func:`load_safely` is the only way from a file to a checkpoint. MMEngine's
``CheckpointLoader``, with which MMPose, a Runner and ``init_cfg`` of
``Pretrained`` read, goes the same way once this module is imported; its own
loader for addresses would have unpickled whatever was sent.
"""

import os
import re
import warnings
import zipfile
from functools import partial
from pathlib import Path
from typing import Any, Callable, Mapping, Optional
from urllib.error import URLError

import torch
from mmengine.runner import CheckpointLoader
from mmengine.runner import checkpoint as mmengine_checkpoint
from torch import Tensor
from torch.hub import load_state_dict_from_url as load_url

from dfa_mm.models.weights import CheckpointMismatchError

SAFE_TORCH = (2, 6)
"""Before it, ``weights_only`` could be got round (CVE-2025-32434)."""
_SHOWN_KEYS = 4
# what other files than checkpoints begin with
_BEGINNINGS = (
    (b'version https://git-lfs', 'a pointer of git-lfs: run git lfs pull'),
    (b'\x89PNG', 'a picture'),
    (b'\xff\xd8\xff', 'a picture'),
    (b'GIF8', 'a picture'),
    (b'RIFF', 'a picture or a video'),
    (b'<', 'a page of the web'),
    (b'\x1f\x8b', 'compressed: unpack it first'),
    (b'%PDF', 'a PDF'),
)
# in the words of PyTorch and of dfa_mm.compat
_ASKED_FOR = re.compile(
    r'GLOBAL (\S+)|unsafe class (\S+)|(attribute \S+)'
    r'|unrecognized (?:function|class) <?(?:class |built-in function )?(\S+)'
)


def load_safely(
    path: str, map_location: Any = 'cpu', mmap: bool = False
) -> dict:
    """What a file says; with ``mmap`` tensors stay on the disk until used.

    Raises:
        FileNotFoundError: If there is none.
        CheckpointMismatchError: If it is no checkpoint, or asks for more
            than numbers and text.
    """
    if not os.path.exists(path):
        raise FileNotFoundError(f'there is no checkpoint {path}')
    if not os.path.isfile(path):
        raise _no_checkpoint(path, 'it is a folder or a device')
    archive = zipfile.is_zipfile(path)
    return _read(
        path,
        partial(
            torch.load,
            path,
            map_location=map_location,
            weights_only=True,
            mmap=mmap and archive,
        ),
        Path(path),
    )


def _read(name: str, read: Callable, file: Optional[Path] = None) -> dict:
    """Call ``read``; what goes wrong becomes one line."""
    if torch.__version__ < SAFE_TORCH:
        raise CheckpointMismatchError(
            f'{name} is not read: in PyTorch {torch.__version__} a checkpoint '
            'can run code; install torch>=2.6'
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')  # of files that are refused
            content = read()
    except (PermissionError, URLError) as error:
        raise CheckpointMismatchError(
            f'{name} cannot be read: {error}'
        ) from None
    except Exception as error:  # any: the bytes decide what goes wrong
        # not chained: PyTorch advises to switch weights_only off
        why = _why(file, str(error), type(error).__name__)
        raise _no_checkpoint(name, why) from None
    if not isinstance(content, dict):
        kind = type(content).__name__
        raise _no_checkpoint(name, f'it is a {kind}, where a dict is wanted')
    if not _is_state(state_in(content)):
        raise _no_checkpoint(
            name,
            f'it has no weights by name, but {_told(content)}, where a '
            'state_dict is wanted',
        )
    return content


def state_in(content: Mapping) -> Any:
    return content.get('state_dict', content)


def _is_state(state: Any) -> bool:
    """Whether it is nothing, or tensors are in it, all under names."""
    return (
        isinstance(state, dict)
        and all(isinstance(name, str) for name in state)
        and (not state or any(isinstance(v, Tensor) for v in state.values()))
    )


def _told(content: Mapping) -> str:
    state = state_in(content)
    if state is not content and not isinstance(state, dict):
        return f'a state_dict that is a {type(state).__name__}'
    names = [str(key) for key in state]
    rest = ['...'] if len(names) > _SHOWN_KEYS else []
    return ', '.join(names[:_SHOWN_KEYS] + rest)


def _no_checkpoint(name: str, why: str) -> CheckpointMismatchError:
    return CheckpointMismatchError(f'{name} is no checkpoint: {why}')


def _why(file: Optional[Path], message: str, kind: str) -> str:
    asked = _ASKED_FOR.search(message)
    if asked:
        name = next(filter(None, asked.groups()))
        return (
            f'it asks for {name}, where a checkpoint has numbers and text '
            'alone, and may be made to run code'
        )
    what = _other_file(file)
    if what:
        return f'it is {what}'
    return (
        f'it is damaged, or half written ({kind}): get it again, or delete it'
    )


def _other_file(file: Optional[Path]) -> Optional[str]:
    """What a file is by its first bytes, ``None`` if they say nothing."""
    if file is None:
        return None
    with file.open('rb') as opened:
        head = opened.read(64)
    if not head:
        return 'empty'
    for beginning, words in _BEGINNINGS:
        if head.startswith(beginning):
            return words
    # a header's length in eight bytes, then the header in JSON
    if head[8:9] == b'{':
        return 'of safetensors: convert it with torch.save(load_file(FILE))'
    if zipfile.is_zipfile(file):
        names = zipfile.ZipFile(file).namelist()
        if any(name.endswith('constants.pkl') for name in names):
            return 'a TorchScript program: a state_dict is wanted'
        if not any(name.endswith('data.pkl') for name in names):
            return 'a zip archive, but none of torch.save'
    return None


@CheckpointLoader.register_scheme(prefixes='', force=True)
def load_from_local(filename: str, map_location: Any = None) -> dict:
    """MMEngine's of the same name, by :func:`load_safely`."""
    return load_safely(os.path.expanduser(filename), map_location)


_mmengine_from_http = mmengine_checkpoint.load_from_http


@CheckpointLoader.register_scheme(('http://', 'https://'), force=True)
def load_from_http(
    filename: str, map_location: Any = None, **options: Any
) -> dict:
    """MMEngine's of the same name, with ``weights_only``."""
    return _read(
        filename,
        partial(_mmengine_from_http, filename, map_location, **options),
    )


# the loaders of torchvision://, open-mmlab:// and mmcls:// call these
mmengine_checkpoint.load_url = partial(load_url, weights_only=True)
mmengine_checkpoint.load_from_http = load_from_http
