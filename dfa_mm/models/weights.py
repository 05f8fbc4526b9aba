"""Do weights fit a model? If not, one line that names both sides.

MMEngine loads with ``strict=False`` and only logs what is missing; a stage
that was never loaded would then predict at random.
"""

import re
from contextlib import contextmanager
from textwrap import shorten
from typing import Any, Dict, Iterator, Mapping, Optional, Sequence, Tuple

from torch import Tensor, nn

State = Dict[str, Tensor]
MESSAGE_WIDTH = 200
UNNAMED = 'the checkpoint'
"""In a message, where nobody has said yet which file it is."""
HINT = 'Is it from the same config, stage and subset?'
_SHOWN_PARTS = 5
# PyTorch's words, and as short
_SIZES = re.compile(
    r'size mismatch for (\S+): .*?Size\((.*?)\).*Size\((.*)\)\.'
)
_IN_SHORT = r'\1 is \2 there, \3 here'


class CheckpointMismatchError(ValueError):
    """A file is no checkpoint, or not one of this model."""


@contextmanager
def naming(checkpoint: str) -> Iterator[None]:
    """Say which file it is that does not fit."""
    try:
        yield
    except CheckpointMismatchError as error:
        message = str(error).replace(UNNAMED, str(checkpoint), 1)
        raise type(error)(message) from None


def check_fits(model: nn.Module, state: State, checkpoint: str) -> None:
    """Load every tensor of a model from the state of a named checkpoint.

    More than that may be there: a stage-3 checkpoint fits a stage-1 config.

    Raises:
        CheckpointMismatchError: Names what does not fit.
    """
    state = {k.removeprefix('module.'): v for k, v in state.items()}
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
    new = (trained, 'router.')
    early = {k: v for k, v in state.items() if not k.startswith(new)}
    _load(model, early, checkpoint, new)


def check_shared(
    model: nn.Module, state: State, checkpoint: str, least: float = 0
) -> None:
    """Check that a model starts from a share of a checkpoint's tensors.

    More than the share ``least`` of its own, by name and shape: a model that
    is no cascade may get another head, and then one tensor is enough.

    Raises:
        CheckpointMismatchError: With both sides.
    """
    own = model.state_dict()
    same = sum(
        name in state and value.shape == getattr(state[name], 'shape', None)
        for name, value in own.items()
    )
    if same <= least * len(own):
        raise CheckpointMismatchError(
            f'{checkpoint} does not fit the config: of its {len(state)} '
            f'tensors ({outline(state)}) {same or "none"} of the {len(own)} '
            f'of the {type(model).__name__} ({outline(own)}) can be loaded. '
            'Is it of another model?'
        )
    with naming(checkpoint):
        check_numbers(own, state)


def check_part(module: nn.Module, state: State, prefix: str) -> None:
    """Check that a checkpoint holds a part of a model.

    Raises:
        CheckpointMismatchError: With both sides.
    """
    own = {f'{prefix}{k}': v for k, v in module.state_dict().items()}
    check_numbers(own, state)
    missing = [k for k in own if k not in state]
    if missing:
        raise CheckpointMismatchError(
            does_not_fit(own, outline(state), missing)
        )


def first_not_finite(state: Mapping[str, Any]) -> Optional[str]:
    """The first of a state's float tensors with an infinity or a NaN.

    A routing threshold that nobody has calibrated yet is no sign of it.
    """
    for name, value in state.items():
        if name.endswith('router.threshold') or not isinstance(value, Tensor):
            continue
        if value.is_floating_point() and not value.isfinite().all():
            return name
    return None


def check_numbers(own: State, theirs: Mapping[str, Any]) -> None:
    """Check kinds and values of the tensors that a model is to take.

    Raises:
        CheckpointMismatchError: Names the tensor.
    """
    shared = {k: theirs[k] for k in own if isinstance(theirs.get(k), Tensor)}
    for name, value in shared.items():
        if value.is_sparse or _kind(value) != _kind(own[name]):
            raise CheckpointMismatchError(
                f'{UNNAMED} does not fit the config: {name} holds '
                f'{value.dtype} there, {own[name].dtype} here'
            )
    bad = first_not_finite(shared)
    if bad is not None:
        raise CheckpointMismatchError(
            f'{UNNAMED} is of a training that has diverged: {bad} has '
            'numbers that are not finite. Use an earlier one'
        )


def _kind(value: Tensor) -> tuple:
    """Floats of any precision are of one kind, as are integers."""
    return (
        value.is_floating_point(),
        value.is_complex(),
        value.is_quantized,
        str(value.dtype) == 'torch.bool',
    )


def outline(state: Mapping[str, Any]) -> str:
    """What a state is of: ``3 stages, 8 landmarks, 20 clusters``."""
    stages = {k.split('.')[1] for k in state if k.startswith('stages.')}
    if not stages:
        parts = sorted({k.split('.')[0] for k in state})
        rest = ['...'] if len(parts) > _SHOWN_PARTS else []
        return ', '.join(parts[:_SHOWN_PARTS] + rest) or 'no tensors'
    facts = ['1 stage' if len(stages) == 1 else f'{len(stages)} stages']
    for what, ending, numbers in (
        ('landmarks', '.head.fc_landmarks.bias', 2),
        ('landmarks', '.head.maps.logits.bias', 1),
        ('clusters', '.pseudo_label.errors', 1),
    ):
        found = {_length(v) for k, v in state.items() if k.endswith(ending)}
        if found:
            counts = ' and '.join(f'{n // numbers}' for n in sorted(found))
            facts.append(f'{counts} {what}')
    return ', '.join(facts)


def _length(value: Any) -> int:
    return (*getattr(value, 'shape', ()), 0)[0]


def does_not_fit(
    own: State, theirs: str, missing: Sequence[str], errors: Sequence[str] = ()
) -> str:
    """The sentence; ``theirs`` is the :func:`outline` of what is offered.

    Args:
        missing (sequence[str]): Names of what is not offered.
        errors (sequence[str]): Of ``load_state_dict``, in its words.
    """
    problems = [missing_tensors(missing, own)] if missing else []
    problems += [_SIZES.sub(_IN_SHORT, error.strip()) for error in errors[:1]]
    shown = shorten('; '.join(problems), MESSAGE_WIDTH, placeholder=' ...')
    return (
        f'{UNNAMED} does not fit the config: {theirs} there, {outline(own)} '
        f'here; {shown}. {HINT}'
    )


def missing_tensors(missing: Sequence[str], own: State) -> str:
    verb = 'is' if len(missing) == 1 else 'are'
    return (
        f'{len(missing)} of the {len(own)} tensors that the model needs '
        f'{verb} missing, {missing[0]} the first'
    )


def _load(
    model: nn.Module, state: State, checkpoint: str, new: Tuple[str, ...] = ()
) -> None:
    """``new`` begins the names of what a cascade has yet to train."""
    own, errors = model.state_dict(), []
    with naming(checkpoint):
        check_numbers(own, state)
        try:
            found = model.load_state_dict(state, strict=False)
            missing, surplus = found.missing_keys, found.unexpected_keys
        except RuntimeError as error:
            errors = str(error).splitlines()[1:]
            missing, surplus = [k for k in own if k not in state], []
        missing = [k for k in missing if not new or not k.startswith(new)]
        surplus = [k for k in surplus if new and k.startswith('stages.')]
        if surplus and not missing:
            errors = [f'{surplus[0]} is not of the model']
        if missing or errors:
            raise CheckpointMismatchError(
                does_not_fit(own, outline(state), missing, errors)
            )
