"""The trained models that come with the package."""

import hashlib
from pathlib import Path
from typing import Optional, Tuple

from torch import nn

from .errors import InputError
from .model import choose_device, load_model

_PACKAGE = Path(__file__).resolve().parents[1]
# where setup.py packs them, and where they lie in the repository
ROOTS = (_PACKAGE / '.mim', _PACKAGE.parent)
_HASH_LENGTH = 8  # hexadecimal digits, as MMEngine's published checkpoints


def default_model_files() -> Tuple[str, str]:
    """Config and checkpoint of the model that comes with the package.

    The checkpoint is as :func:`checkpoint_beside` finds it.

    Raises:
        InputError: If they are not there, or are not whole; says what
            to do.
    """
    made = '`make train` makes them'
    return _shipped('default model', 'default_model/dfa_mm_default.py', made)


def garment_detector_files() -> Tuple[str, str]:
    """The same of the garment detector, as MMPose's det_model and weights."""
    made = 'projects/garment_detector makes them'
    path = 'garment_detector/garment_detector.py'
    return _shipped('garment detector', path, made)


def _shipped(what: str, path: str, made: str) -> Tuple[str, str]:
    configs = [root / 'projects' / path for root in ROOTS]
    for config in configs:
        checkpoint = checkpoint_beside(config)
        if config.is_file() and checkpoint is not None:
            return str(config), checkpoint
    raise InputError(
        f'this copy of dfa_mm comes without its {what} ({configs[0].name} '
        f'and {configs[0].stem}-*.pth in '
        f'{" or ".join(str(config.parent) for config in configs)}): name a '
        f'config and a checkpoint of your own, as {made}, or get the two '
        'files from the repository'
    )


def checkpoint_beside(config: Path) -> Optional[str]:
    """The ``CONFIG-HASH_DATE.pth`` beside a config, ``None`` if there is none.

    As ``publish_model.py`` names it; HASH starts its SHA-256.

    Raises:
        InputError: If there are several, or it is not whole.
    """
    found = sorted(config.parent.glob(f'{config.stem}-*.pth'))
    return str(_check_only(found)) if found else None


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
        raise InputError(f'several checkpoints: {names}; keep one')
    (path,) = checkpoints
    expected = path.stem.rpartition('-')[2].partition('_')[0]
    found = hashlib.sha256(path.read_bytes()).hexdigest()[:_HASH_LENGTH]
    if found != expected:
        raise InputError(
            f'{path} is not whole: its SHA-256 starts with {found}, not with '
            f'{expected}; get it again (with git-lfs: git lfs pull)'
        )
    return path
