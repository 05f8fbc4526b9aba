"""What the user writes wins over what a checkpoint holds."""

from typing import Sequence

from mmengine.logging import print_log
from torch import nn


class GivenBuffers(nn.Module):
    """A module some of whose scalar buffers no checkpoint changes.

    The checkpoint must have them all the same; the log names both values
    where they differ.
    """

    given: Sequence[str] = ()

    def _load_from_state_dict(self, state_dict, prefix, *args) -> None:
        for name in self.given:
            key, own = prefix + name, getattr(self, name)
            if key not in state_dict:
                continue
            ours, theirs = f'{float(own):.4g}', f'{float(state_dict[key]):.4g}'
            if ours != theirs:
                print_log(
                    f'{key} is {ours}, as given; the checkpoint has {theirs}',
                    logger='current',
                )
            state_dict[key] = own
        super()._load_from_state_dict(state_dict, prefix, *args)
