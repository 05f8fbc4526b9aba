"""Positions are made and read in float32, whatever the features are in.

bfloat16 has eight bits: of positions in a crop of 224 pixels it tells about
every second pixel apart.
"""

from functools import wraps
from typing import Callable

import torch
from torch import Tensor

NARROW = (torch.bfloat16, torch.float16)


def in_float32(function: Callable) -> Callable:
    """Decorator: 16-bit tensors come in as float32, ``autocast`` is off."""

    @wraps(function, updated=())
    def wrapper(*args, **kwargs):
        args = [_widened(value) for value in args]
        kwargs = {name: _widened(value) for name, value in kwargs.items()}
        tensors = [*args, *kwargs.values()]
        device = next(x.device.type for x in tensors if isinstance(x, Tensor))
        with torch.autocast(device, enabled=False):
            return function(*args, **kwargs)

    return wrapper


def _widened(value):
    narrow = isinstance(value, Tensor) and value.dtype in NARROW
    return value.float() if narrow else value
