"""Does a checkpoint hold what a model needs?

MMEngine loads with ``strict=False`` and only logs what is missing; a stage
that was never loaded would then predict at random.
"""

import hashlib
import zipfile
from textwrap import shorten
from typing import Dict, Optional

import torch
from mmengine.runner import CheckpointLoader
from torch import Tensor, nn

State = Dict[str, Tensor]
DIGITS = 16
MESSAGE_WIDTH = 200


class CheckpointMismatchError(ValueError):
    """A checkpoint lacks tensors of the model, or has others."""


def read_checkpoint(path: str) -> dict:
    """A checkpoint whose tensors stay on the disk until they are used.

    Raises:
        FileNotFoundError: If there is none.
        CheckpointMismatchError: If the file is none, or half of one.
    """
    try:
        content = _content(path)
        state_of(content)
        return content
    except FileNotFoundError:
        raise
    except Exception as error:  # any: the bytes decide what goes wrong
        raise CheckpointMismatchError(
            f'{path} is no whole checkpoint ({type(error).__name__}): give '
            'another, or delete it if it was left behind half written'
        ) from error


def _content(path: str) -> dict:
    if zipfile.is_zipfile(path):
        return torch.load(
            path, map_location='cpu', weights_only=True, mmap=True
        )
    # of an address, or of an old format
    return CheckpointLoader.load_checkpoint(path, 'cpu')


def state_of(content: dict) -> State:
    """The tensors, of a distributed model under their own names, too."""
    state = content.get('state_dict', content)
    return {name.removeprefix('module.'): v for name, v in state.items()}


def identity_of(content: dict) -> Optional[dict]:
    """What the checkpoint's run was, ``None`` if it does not say."""
    return content.get('meta', {}).get('identity')


def state_digest(state: State) -> str:
    """Of names, shapes and values."""
    found = hashlib.sha256()
    for name in sorted(state):
        found.update(f'{name} {tuple(state[name].shape)}'.encode())
        flat = state[name].contiguous().flatten()
        found.update(flat.view(torch.uint8).numpy())
    return found.hexdigest()[:DIGITS]


def check_fits(model: nn.Module, state: State, checkpoint: str) -> None:
    """Load every tensor of a model from the state of a named checkpoint.

    More than that may be there: a stage-3 checkpoint fits a stage-1 config.

    Raises:
        CheckpointMismatchError: Names what does not fit.
    """
    known = model.state_dict()
    state = {k: v for k, v in state_of(state).items() if k in known}
    _load(model, state, checkpoint)


def check_start(model: nn.Module, state: State, checkpoint: str) -> None:
    """Load what the stage that a cascade is to train starts from.

    That is all but the stage in training and its router, and all of the model
    where the checkpoint is of the same stage, or there is no stage before.

    Raises:
        CheckpointMismatchError: Names what does not fit.
    """
    finished = len(model.finished_stages)
    trained = f'stages.{finished}.'
    if not finished or any(name.startswith(trained) for name in state):
        check_fits(model, state, checkpoint)
        return
    own = model.state_dict()
    new = {k: v for k, v in own.items() if k.startswith((trained, 'router.'))}
    known = {k: v for k, v in state.items() if k in own and k not in new}
    surplus = {
        k: v
        for k, v in state.items()
        if k.startswith('stages.') and k not in own
    }
    _load(model, {**surplus, **known, **new}, checkpoint)


def check_shared(model: nn.Module, state: State, checkpoint: str) -> None:
    """Check that a model that is no cascade starts from its checkpoint.

    One tensor is enough: such a model may get another head.

    Raises:
        CheckpointMismatchError: If none of its tensors is the model's.
    """
    own = model.state_dict()
    if not any(k in own and own[k].shape == v.shape for k, v in state.items()):
        raise CheckpointMismatchError(
            f'{checkpoint} does not fit the config: of its {len(state)} '
            f'tensors none is one of the {type(model).__name__}. Is it of '
            'another model?'
        )


def _load(module: nn.Module, state: State, checkpoint: str) -> None:
    try:
        module.load_state_dict(state)
    except RuntimeError as error:
        _, *problems = str(error).splitlines()
        shown = shorten(problems[0], MESSAGE_WIDTH, placeholder=' ...')
        raise CheckpointMismatchError(
            f'{checkpoint} does not fit the config: {shown} Is it from the '
            'same config, stage and subset?'
        ) from error
