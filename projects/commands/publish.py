"""``dfa publish``: a checkpoint fit to be given away."""

import argparse
import ast
import hashlib
import io
import sys
from datetime import date
from pathlib import Path
from typing import List

import numpy as np
import torch
from torch import Tensor

import dfa_mm
from dfa_mm.apis import InputError
from dfa_mm.engine.checkpoints import meta_of, read_checkpoint, state_of
from dfa_mm.files import replacing

from .whole_checkpoint import check_trained, check_whole

HASH_DIGITS = 8
# Of the training, not of the model; they may name somebody's folders.
RUN_SETTINGS = ('work_dir', 'load_from', 'resume', 'launcher')
# Squared pixels, and a threshold that decides: they stay in float32.
EXACT = ('pseudo_label.', 'router.')


class PublishError(InputError):
    """The checkpoint cannot be published; says why."""


def read_trained(path: Path) -> dict:
    """A training's checkpoint, whole.

    Raises:
        CheckpointMismatchError: If it is none, or its cascade is not trained.
        FileNotFoundError: If there is none.
    """
    content = read_checkpoint(str(path))
    if 'state_dict' not in content:
        raise PublishError(
            f"{path} has no 'state_dict' beside what it is of: expected a "
            'checkpoint of dfa train'
        )
    tensors = all(isinstance(v, Tensor) for v in state_of(content).values())
    if not tensors:
        raise PublishError(f'{path} holds more than tensors in its state_dict')
    check_trained(state_of(content), str(path))
    if not check_whole(content, str(path)):
        print(
            f'note: {path} does not say of which model it is, or that has '
            'parts that are not known here; whether it is whole was not '
            'checked',
            file=sys.stderr,
        )
    return content


def publishable(content: dict, half: bool) -> dict:
    """The part of a checkpoint that is given away."""
    state = state_of(content)
    # no tensor may keep a larger one's memory alive in the file
    state = {name: value.detach().clone() for name, value in state.items()}
    if half:
        state = {name: halved(name, value) for name, value in state.items()}
    return dict(meta=plain_meta(meta_of(content)), state_dict=state)


def halved(name: str, value: Tensor) -> Tensor:
    """Weights of layers as float16; all else, which is small, as it is.

    Raises:
        PublishError: If a weight is beyond float16's range.
    """
    exact = value.ndim < 2 or any(part in name for part in EXACT)
    if exact or value.dtype != torch.float32:
        return value
    result = value.half()
    if not result.isfinite().all():
        raise PublishError(
            f'{name} has weights beyond float16, up to '
            f'{value.abs().max():.3g}: publish without --half'
        )
    return result


def plain_meta(meta: dict) -> dict:
    """Text, numbers, lists and dicts of what a user needs to know."""
    landmarks = dict(meta.get('dataset_meta') or {})
    # as FLD's files list them
    categories = landmarks.pop('CLASSES', None) or []
    names = landmarks.get('classes') or [
        c['name'] if isinstance(c, dict) else c for c in categories
    ]
    return plain(
        dict(
            cfg=shareable_config(meta.get('cfg', '')),
            dfa_mm_version=dfa_mm.__version__,
            mmengine_version=meta.get('mmengine_version', ''),
            dataset_meta=landmarks,
            classes=names,
            epoch=meta.get('epoch', 0),
            iter=meta.get('iter', 0),
            seed=meta.get('seed'),
            identity=meta.get('identity'),
        )
    )


def shareable_config(text: str) -> str:
    """The config without the settings of the one run.

    Raises:
        PublishError: If it is none.
    """
    try:
        nodes = ast.parse(text).body
    except (SyntaxError, TypeError, ValueError) as error:
        raise PublishError(
            f"the config in the checkpoint's meta is none: {error}"
        ) from error
    lines = text.splitlines(keepends=True)
    for node in reversed(nodes):
        name = isinstance(node, ast.Assign) and ast.unparse(node.targets[0])
        if name in RUN_SETTINGS:
            del lines[node.lineno - 1 : node.end_lineno]
    return ''.join(lines)


def absolute_paths(text: str) -> List[str]:
    """Paths of one machine that a config names."""
    values = [getattr(n, 'value', None) for n in ast.walk(ast.parse(text))]
    return sorted({v for v in values if isinstance(v, str) and v[:1] == '/'})


def plain(value):
    """Arrays as lists; torch.load(weights_only=True) refuses numpy's."""
    if isinstance(value, dict):
        return {plain(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(each) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def write(content: dict, out: Path, overwrite: bool = False) -> Path:
    """Write beside ``out``, under a name with the hash of the file.

    Raises:
        PublishError: If ``out`` is a folder, or a file is in the way.
    """
    if out.is_dir():
        raise PublishError(
            f'{out} is a folder: name a file in it, {out}/x.pth'
        )
    # in memory, for the format names its entries after the file
    buffer = io.BytesIO()
    torch.save(content, buffer)
    data = buffer.getvalue()
    digits = hashlib.sha256(data).hexdigest()[:HASH_DIGITS]
    stem = out.stem if out.suffix == '.pth' else out.name
    path = out.with_name(f'{stem}-{digits}_{date.today():%Y%m%d}.pth')
    if path.exists() and not overwrite:
        raise PublishError(f'{path} exists; --overwrite replaces it')
    with replacing(path) as temporary:
        temporary.write_bytes(data)
    return path


def run(args: argparse.Namespace) -> None:
    trained = read_trained(args.checkpoint)
    if args.out.exists() and args.out.samefile(args.checkpoint):
        raise PublishError(f'{args.out} is the input: give another name')
    content = publishable(trained, args.half)
    path = write(content, args.out, args.overwrite)
    before = args.checkpoint.stat().st_size
    print(f'{path}  {path.stat().st_size / 1e6:.1f} MB of {before / 1e6:.1f}')
    paths = absolute_paths(content['meta']['cfg'])
    if paths:
        print(f'Its config tells of this machine: {", ".join(paths)}')
