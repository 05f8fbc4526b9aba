"""Numbers as JSON knows them."""

import math

import numpy as np


def to_plain(value):
    """Nested numpy as plain Python; NaN and infinities become None.

    JSON has no NaN: written as one, the file breaks strict readers.
    """
    if isinstance(value, dict):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [to_plain(each) for each in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
