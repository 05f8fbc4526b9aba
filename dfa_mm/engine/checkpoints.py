"""Does a checkpoint hold what a model needs?

MMEngine loads with ``strict=False`` and only logs what is missing; a stage
that was never loaded would then predict at random.
"""

from torch import Tensor, nn


class CheckpointMismatchError(ValueError):
    """A checkpoint lacks tensors of the model, or has others."""


def check_fits(model: nn.Module, state: dict, checkpoint: str) -> None:
    """Check that every tensor of the model is in a checkpoint.

    More than that may be there: a stage-3 checkpoint fits a stage-1 config.

    Args:
        model (nn.Module): Built from the config.
        state (dict[str, Tensor]): The checkpoint's state dict.
        checkpoint (str): Its name, for the message.

    Raises:
        CheckpointMismatchError: Names the first tensor that does not fit.
    """
    shapes = {
        name[len('module.') :] if name.startswith('module.') else name: shape
        for name, shape in _shapes(state).items()
    }
    wanted = _shapes(model.state_dict())
    wrong = [k for k, shape in wanted.items() if shapes.get(k) != shape]
    if wrong:
        found = shapes.get(wrong[0], 'none')
        raise CheckpointMismatchError(
            f'{checkpoint} does not fit the config: {len(wrong)} of '
            f'{len(wanted)} tensors are missing or have another shape, first '
            f'{wrong[0]} {wanted[wrong[0]]} (found {found}). Is it from the '
            'same config, stage and subset?'
        )


def _shapes(state: dict) -> dict:
    return {
        name: tuple(value.shape)
        for name, value in state.items()
        if isinstance(value, Tensor)
    }
