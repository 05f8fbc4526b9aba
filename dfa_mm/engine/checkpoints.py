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

from .checkpoint_files import load_safely

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
_SHOWN_KEYS = 4


def read_checkpoint(path: str) -> dict:
    """A checkpoint whose tensors stay on the disk until they are used.

    Raises:
        FileNotFoundError: If there is none.
        CheckpointMismatchError: If the file is none, or half of one.
    """
    path = str(path)
    if '://' in path:
        content = CheckpointLoader.load_checkpoint(path, 'cpu')
    else:
        content = load_safely(path, mmap=True)
    if not _is_state(_state_in(content)):
        raise CheckpointMismatchError(
            f'{path} is no checkpoint: it has no weights by name, but '
            f'{_told(content)}, where a state_dict is wanted'
        )
    return content


def _state_in(content: Mapping) -> Any:
    return content.get('state_dict', content)


def _is_state(state: Any) -> bool:
    """Whether it is nothing, or tensors are in it, all under names."""
    return (
        isinstance(state, dict)
        and all(isinstance(name, str) for name in state)
        and (not state or any(isinstance(v, Tensor) for v in state.values()))
    )


def _told(content: Mapping) -> str:
    state = _state_in(content)
    if state is not content and not isinstance(state, dict):
        return f'a state_dict that is a {type(state).__name__}'
    names = [str(key) for key in state]
    rest = ['...'] if len(names) > _SHOWN_KEYS else []
    return ', '.join(names[:_SHOWN_KEYS] + rest)


def state_of(content: Mapping) -> State:
    """The tensors, of a distributed model under their own names, too."""
    state = _state_in(content)
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
        if theirs != ours:
            raise CheckpointMismatchError(
                f'{checkpoint} is of other landmarks than the data: number '
                f'{k + 1} is {theirs!r} there, {ours!r} here'
            )


def _landmarks(metainfo: Any) -> list:
    names = metainfo.get('keypoint_id2name') if metainfo else None
    return [*names.values()] if isinstance(names, dict) else []


def state_digest(state: State) -> str:
    """Of names, shapes and values."""
    found = hashlib.sha256()
    for name in sorted(state):
        found.update(f'{name} {tuple(state[name].shape)}'.encode())
        flat = state[name].contiguous().flatten()
        found.update(flat.view(torch.uint8).numpy())
    return found.hexdigest()[:DIGITS]
