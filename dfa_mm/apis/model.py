"""A model that is ready to be asked, and is what its checkpoint says."""

import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Optional

import torch
from mmengine.config import Config
from mmengine.logging import MMLogger
from mmpose.apis import init_model
from torch import nn

from dfa_mm.config_files import in_words
from dfa_mm.datasets.transforms import averaging
from dfa_mm.engine.checkpoints import meta_of, read_checkpoint
from dfa_mm.engine.identity import check_model, trained_on
from dfa_mm.models.pose_estimators.pairing import check_pairings
from dfa_mm.models.weights import naming
from dfa_mm.structures import FLD_SETS

from .errors import InputError


def choose_device(name: Optional[str] = None) -> str:
    """The device of that name; by default the first GPU, else the CPU.

    Raises:
        InputError: If there is no such device, or nothing comes back from it.
    """
    available = torch.cuda.is_available()
    if name is None:
        return 'cuda:0' if available else 'cpu'
    try:
        kind = torch.device(name).type
    except (RuntimeError, TypeError) as error:
        raise InputError(f'--device {name}: {in_words(error)}') from error
    if kind == 'cuda' and not available:
        raise InputError(f'no GPU for --device {name}; try --device cpu')
    try:
        torch.zeros(1, device=name).cpu()
    except (RuntimeError, AssertionError, ImportError) as error:
        raise InputError(
            f'--device {name} cannot be used: {in_words(error)}; '
            'try --device cpu'
        ) from error
    return name


def load_model(
    config: str,
    checkpoint: str,
    device: str = 'cpu',
    flip_test: Optional[bool] = None,
) -> nn.Module:
    """MMPose's ``init_model``, all of whose weights come from the checkpoint.

    MMPose only logs what does not fit and then predicts at random. Huge
    pictures are averaged (:class:`AveragingTopdownAffine`). The model's
    ``trained_on`` is ``drawn``, ``photographs`` or, where the checkpoint does
    not say, ``None``.

    Args:
        config (str): Config file.
        checkpoint (str): Checkpoint file.
        device (str): Where the model runs.
        flip_test (bool, optional): Whether every picture is also looked at
            mirrored; by default as the config says.

    Raises:
        InputError: If a file is missing.
        CheckpointMismatchError: If the checkpoint is none, or of another
            model.
        PairingError: If backbone, neck and head do not fit each other.
    """
    for kind, path in dict(config=config, checkpoint=checkpoint).items():
        if not Path(path).exists():
            raise InputError(f'there is no {kind} {path}')
    content = read_checkpoint(checkpoint)
    options = {}
    if flip_test is not None:
        options['model.test_cfg.flip_test'] = flip_test
    # a logger made below would write into the StringIO for ever
    MMLogger.get_current_instance()
    # what does not fit is told in one sentence, not tensor by tensor
    with redirect_stdout(io.StringIO()), naming(checkpoint):
        model = init_model(config, checkpoint, device, options)
    check_model(model, content, model.cfg, checkpoint)
    complete_setup(model, model.cfg, content)
    model.trained_on = trained_on(meta_of(content))
    return model


def complete_setup(model: nn.Module, cfg: Config, content: dict) -> None:
    """Name the landmarks, and let pictures be averaged.

    Raises:
        PairingError: If backbone, neck and head do not fit each other.
    """
    check_pairings(model)
    dataset = cfg.test_dataloader.dataset
    named = 'dataset_meta' in content.get('meta', {})
    if not named and dataset.type == 'FLDDataset':
        # MMPose's fallback is the class's meta, whatever the subset
        subset = FLD_SETS[dataset.get('subset', 'all')]
        model.dataset_meta = subset.metainfo()
    dataset.pipeline = averaging(dataset.pipeline)
