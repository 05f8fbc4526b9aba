"""The random states of this process, as a checkpoint can hold them."""

import random

import numpy as np
import torch


def random_states() -> dict:
    """Of Python, NumPy, PyTorch and, where it is used, this GPU."""
    version, words, gauss = random.getstate()
    kind, keys, *rest = np.random.get_state()
    states = dict(
        python=(version, list(words), gauss),
        numpy=(kind, keys.tolist(), *rest),
        torch=torch.get_rng_state(),
    )
    if torch.cuda.is_initialized():
        states['cuda'] = torch.cuda.get_rng_state()
    return states


def restore_random_states(states: dict) -> None:
    """Go on as where ``states`` were taken."""
    version, words, gauss = states['python']
    random.setstate((version, tuple(words), gauss))
    kind, keys, *rest = states['numpy']
    np.random.set_state((kind, np.array(keys, dtype=np.uint32), *rest))
    # a checkpoint's tensors may have been loaded onto the GPU
    torch.set_rng_state(states['torch'].cpu())
    if 'cuda' in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states['cuda'].cpu())
