"""What ``tools/test.py --dump`` wrote."""

import io
import os
import pickle
from typing import Union

# What numpy's arrays need, under its names of both 1.x and 2.x.
_ALLOWED = {
    ('_codecs', 'encode'),
    ('numpy', 'dtype'),
    ('numpy', 'ndarray'),
    *(
        (f'numpy.{core}.{module}', name)
        for core in ('core', '_core')
        for module, name in (
            ('multiarray', '_reconstruct'),
            ('multiarray', 'scalar'),
            ('numeric', '_frombuffer'),
        )
    ),
}


class _PlainUnpickler(pickle.Unpickler):
    """Makes numbers, text, lists, dicts and arrays, and calls nothing else."""

    def find_class(self, module: str, name: str):
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f'it asks for {module}.{name}')
        return super().find_class(module, name)


def read_dump(path: Union[str, os.PathLike]) -> list[dict]:
    """The data samples, as dicts of arrays; a crafted file runs no code.

    Raises:
        FileNotFoundError: If there is none.
        ValueError: If the file is none of predictions; says why.
    """
    with open(path, 'rb') as file:
        content = io.BytesIO(file.read())
    try:
        samples = _PlainUnpickler(content).load()
    except Exception as error:  # any: the bytes decide what goes wrong
        raise ValueError(
            f'{path} is no dump of tools/test.py --dump: {error}'
        ) from error
    if not isinstance(samples, list) or not all(
        isinstance(s, dict) and 'pred_instances' in s for s in samples
    ):
        raise ValueError(
            f'{path} is no dump of tools/test.py --dump: expected a list of '
            'dicts with pred_instances'
        )
    return samples
