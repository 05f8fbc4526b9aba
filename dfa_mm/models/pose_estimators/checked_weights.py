"""A cascade refuses what is not its own, whoever loads it."""

from functools import lru_cache
from typing import Dict, Iterator, List, Tuple

from mmengine.runner import CheckpointLoader
from torch import nn

from dfa_mm.models.weights import (
    UNNAMED,
    CheckpointMismatchError,
    check_numbers,
    check_shared,
    does_not_fit,
    missing_tensors,
    outline,
)

LEAST_PRETRAINED = 0.5
"""Of a backbone's tensors: a file of another one shares some, too."""


class CheckedWeights(nn.Module):
    """Ends the loading of a checkpoint that does not hold the whole model.

    MMPose's ``init_model`` and inferencer and MMEngine's Runner load without
    asking. Weights of the stages before the last alone are taken, for they
    are what the last stage's training starts from; but nothing is predicted
    with the rest as it was.
    """

    stages: nn.ModuleList
    _not_loaded: List[str] = []

    def init_weights(self) -> None:
        """At random, or from ``init_cfg`` of ``Pretrained``.

        Raises:
            CheckpointMismatchError: If such a file is of another network.
        """
        read = lru_cache(CheckpointLoader.load_checkpoint)
        for module, settings in _pretrained(self):
            path = settings['checkpoint']
            content = read(path, 'cpu')
            prefix = settings.get('prefix') or ''
            state = content.get('state_dict', content)
            state = {
                k.removeprefix(f'{prefix.rstrip(".")}.' if prefix else ''): v
                for k, v in state.items()
                if k.startswith(prefix)
            }
            check_shared(module, state, path, LEAST_PRETRAINED)
        super().init_weights()

    def _load_from_state_dict(self, state_dict, prefix, *args) -> None:
        if not prefix:  # not as a part of something else
            check_numbers(self.state_dict(), state_dict)
            last = f'stages.{len(self.stages) - 1}.'
            early = last != 'stages.0.' and not any(
                name.startswith(last) for name in state_dict
            )
            self._loading = early, outline(state_dict), args[-1]
            if not self._load_state_dict_post_hooks:
                self.register_load_state_dict_post_hook(_check_loaded)
        super()._load_from_state_dict(state_dict, prefix, *args)

    def check_loaded(self) -> None:
        """Before a prediction.

        Raises:
            CheckpointMismatchError: If the last stage was not loaded.
        """
        if self._not_loaded:
            raise CheckpointMismatchError(
                f'{UNNAMED} is of an earlier stage than the config, of stage '
                f'{len(self.stages)}: '
                f'{missing_tensors(self._not_loaded, self.state_dict())}. '
                'Train that stage, or use the checkpoint with '
                f'model.num_stages={len(self.stages) - 1}'
            )

    def mark_trained(self) -> None:
        """There is no random part any more."""
        self._not_loaded = []


def _pretrained(model: nn.Module) -> Iterator[Tuple[nn.Module, Dict]]:
    """Each part that is to start from a file, and its ``init_cfg``."""
    for module in model.modules():
        settings = getattr(module, 'init_cfg', None) or []
        if isinstance(settings, dict):
            settings = [settings]
        for each in settings:
            if each.get('type') == 'Pretrained':
                yield module, each


def _check_loaded(model: CheckedWeights, keys) -> None:
    """Once all tensors are offered; ``errors`` are those of sizes.

    Raises:
        CheckpointMismatchError: If one is missing or of another size.
    """
    early, theirs, errors = model.__dict__.pop('_loading')
    own, missing = model.state_dict(), list(keys.missing_keys)
    new = (f'stages.{len(model.stages) - 1}.', 'router.')
    if early:  # what is to be trained may be missing
        wrong = [k for k in missing if not k.startswith(new)]
    else:
        wrong = missing
    if errors or wrong:
        raise CheckpointMismatchError(does_not_fit(own, theirs, wrong, errors))
    model._not_loaded = missing
