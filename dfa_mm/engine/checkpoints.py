"""What a checkpoint holds: weights, and what its run was."""

import hashlib
from typing import Any, Mapping, Optional

import torch
from mmengine.runner import CheckpointLoader
from torch import Tensor

from dfa_mm.models.weights import (
    CheckpointMismatchError,
    State,
    check_fits,
    check_shared,
    check_start,
    first_not_finite,
)
from dfa_mm.structures.mirror_pairs import spelling

from .checkpoint_files import load_safely, state_in

__all__ = [
    'CheckpointMismatchError',
    'check_fits',
    'check_landmarks',
    'check_shared',
    'check_start',
    'first_not_finite',
    'identity_of',
    'meta_of',
    'read_checkpoint',
    'state_digest',
    'state_of',
]
DIGITS = 16


def read_checkpoint(path: str) -> dict:
    """A checkpoint whose tensors stay on the disk until they are used.

    Raises:
        FileNotFoundError: If there is none.
        CheckpointMismatchError: If the file is none, or half of one.
    """
    path = str(path)
    if '://' in path:
        return CheckpointLoader.load_checkpoint(path, 'cpu')
    return load_safely(path, mmap=True)


def state_of(content: Mapping) -> State:
    """The tensors, of a distributed model under their own names, too."""
    state = state_in(content)
    return {name.removeprefix('module.'): v for name, v in state.items()}


def identity_of(content: dict) -> Optional[dict]:
    """What the checkpoint's run was, ``None`` if it does not say."""
    found = meta_of(content).get('identity')
    return found if isinstance(found, dict) else None


def meta_of(content: Mapping) -> dict:
    """What is told about the weights."""
    meta = content.get('meta')
    return meta if isinstance(meta, dict) else {}


def check_landmarks(
    content: Mapping, metainfo: Mapping, checkpoint: str
) -> None:
    """Check that a checkpoint's landmarks are those of a data set, in order.

    Raises:
        CheckpointMismatchError: At the first that is another.
    """
    there, here = map(
        _landmarks, (meta_of(content).get('dataset_meta'), metainfo)
    )
    for k, (theirs, ours) in enumerate(zip(there, here)):
        if spelling(theirs) != spelling(ours):
            raise CheckpointMismatchError(
                f'{checkpoint} is of other landmarks than the data: number '
                f'{k + 1} is {theirs!r} there, {ours!r} here. Name them in '
                'landmark_set as the checkpoint does if they mean the same, '
                'or take a model of these landmarks'
            )


def _landmarks(metainfo: Any) -> list:
    names = metainfo.get('keypoint_id2name') if metainfo else None
    return [*names.values()] if isinstance(names, dict) else []


def state_digest(state: State) -> str:
    """Of names, shapes and values."""
    found = hashlib.sha256()
    for name in sorted(state):
        value = state[name]
        if not isinstance(value, Tensor):  # no weight, but it was there
            value = torch.tensor([*repr(value).encode()])
        value = value.to_dense().contiguous()
        found.update(f'{name} {tuple(value.shape)}'.encode())
        found.update(value.flatten().view(torch.uint8).numpy())
    return found.hexdigest()[:DIGITS]
