"""Is a checkpoint of a trained model, and is all of the model in it?"""

from typing import Dict, Iterator, Optional

import torch
from mmengine.registry import init_default_scope
from mmpose.registry import MODELS
from torch import Tensor, nn

from dfa_mm.engine.checkpoints import (
    CheckpointMismatchError,
    identity_of,
    state_of,
)
from dfa_mm.models.weights import (
    check_numbers,
    does_not_fit,
    first_not_finite,
    naming,
    outline,
)

# a module that was never given these has what it needs
OPTIONAL = ('visibility_calibrations.', 'num_batches_tracked')
# packages whose parts a model may be made of
SCOPES = ('mmpose', 'mmdet', 'mmpretrain')


def check_trained(state: Dict[str, Tensor], path: str) -> None:
    """Check that every number is one, and every stage was prepared.

    Raises:
        CheckpointMismatchError: Names what is not.
    """
    bad = first_not_finite(state)
    if bad is not None:
        raise CheckpointMismatchError(
            f'{path} is of a training that has diverged: {bad} has numbers '
            'that are not finite'
        )
    for name, value in state.items():
        clusters = name.endswith('pseudo_label.fitted') and not value
        threshold = name == 'router.threshold' and not value.isfinite()
        if clusters or threshold:
            raise CheckpointMismatchError(
                f'{path} is not of a trained cascade: {name} is '
                f'{value.item()}. Publish the last checkpoint of a stage'
            )


def check_whole(content: dict, path: str) -> bool:
    """Check that a checkpoint holds all of the model it says it is of.

    Returns:
        bool: Whether it could be checked: it may not say, or its model may
        have parts that are not known here.

    Raises:
        CheckpointMismatchError: Names what is missing or of another size.
    """
    state = state_of(content)
    model = _model_of(content)
    if model is None:
        return False
    own = model.state_dict()
    missing = [
        name
        for name in own
        if name not in state and not any(part in name for part in OPTIONAL)
    ]
    sizes = [
        f'{name} is {[*state[name].shape]} there, {[*own[name].shape]} here'
        for name in own
        if name in state and state[name].shape != own[name].shape
    ]
    with naming(path):
        check_numbers(own, state)
        if missing or sizes:
            raise CheckpointMismatchError(
                does_not_fit(own, outline(state), missing, sizes)
            )
    return True


def _model_of(content: dict) -> Optional[nn.Module]:
    """The model without its numbers, by what the checkpoint says it is."""
    settings = (identity_of(content) or {}).get('model')
    if not isinstance(settings, dict):
        return None
    if not all(map(_is_part, _types(settings))):
        return None
    init_default_scope('mmpose')
    try:
        with torch.device('meta'):  # takes no memory
            return MODELS.build(settings)
    except Exception:  # any: a part of somebody's own, or a path left out
        return None


def _types(node) -> Iterator[object]:
    if isinstance(node, dict):
        if 'type' in node:
            yield node['type']
        node = list(node.values())
    if isinstance(node, list):
        for value in node:
            yield from _types(value)


def _is_part(name: object) -> bool:
    """Whether it is a registered name; a path would be imported and called."""
    scope, _, part = str(name).rpartition('.')
    return part.isidentifier() and (not scope or scope in SCOPES)
