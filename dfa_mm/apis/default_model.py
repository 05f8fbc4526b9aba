"""The trained model that comes with the package."""

import hashlib
from pathlib import Path
from typing import Optional, Tuple

from torch import nn

from .errors import InputError
from .model import choose_device, load_model

NAME = 'dfa_mm_default'
FOLDER = Path('projects', 'default_model')
_PACKAGE = Path(__file__).resolve().parents[1]
# where setup.py packs it, and where it lies in the repository
ROOTS = (_PACKAGE / '.mim', _PACKAGE.parent)
_HASH_LENGTH = 8  # hexadecimal digits, as MMEngine's published checkpoints


def default_model_files() -> Tuple[str, str]:
    """Config and checkpoint of the model that comes with the package.

    The checkpoint is ``dfa_mm_default-HASH_DATE.pth``, as
    ``publish_model.py`` names it; HASH starts its SHA-256.

    Raises:
        InputError: If they are not there, or are not whole; says what
            to do.
    """
    folders = [root / FOLDER for root in ROOTS]
    for folder in folders:
        config = folder / f'{NAME}.py'
        checkpoints = sorted(folder.glob(f'{NAME}-*.pth'))
        if config.is_file() and checkpoints:
            return str(config), str(_check_only(checkpoints))
    raise InputError(
        f'this copy of dfa_mm comes without its default model ({NAME}.py and '
        f'{NAME}-*.pth in {" or ".join(map(str, folders))}): name a config '
        'and a checkpoint of your own, as `make train` makes them, or get '
        'the two files from the repository'
    )


def load_default(
    device: Optional[str] = 'cpu', flip_test: Optional[bool] = None
) -> nn.Module:
    """The default model, ready for MMPose's ``inference_topdown``.

    ``device=None`` takes a GPU if there is one; ``flip_test`` as in
    :func:`load_model`.

    Raises:
        InputError: If this copy of the package has none.
    """
    return load_model(*default_model_files(), choose_device(device), flip_test)


def _check_only(checkpoints: list) -> Path:
    if len(checkpoints) > 1:
        names = ', '.join(map(str, checkpoints))
        raise InputError(f'several default models: {names}; keep one')
    (path,) = checkpoints
    expected = path.stem.rpartition('-')[2].partition('_')[0]
    found = hashlib.sha256(path.read_bytes()).hexdigest()[:_HASH_LENGTH]
    if found != expected:
        raise InputError(
            f'{path} is not whole: its SHA-256 starts with {found}, not with '
            f'{expected}; get it again (with git-lfs: git lfs pull)'
        )
    return path
