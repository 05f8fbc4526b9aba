"""What current PyTorch needs from an OpenMMLab release that predates it.

One function per gap. Each may be called any number of times, changes nothing
where the gap does not exist, and names the upstream change that would make
it unnecessary. ``dfa_mm`` calls :func:`apply` before it imports MMPose.
"""

import importlib
import importlib.util
import pickle
import sys
from types import ModuleType
from typing import Optional, Sequence

import numpy as np
import torch
from mmengine.logging.history_buffer import HistoryBuffer

NUMERIC_DTYPES = '?bhilqBHILQefd'
STATISTICS = ('min', 'max', 'current', 'mean')


class MissingOpsError(NotImplementedError):
    """A compiled operator was called, but only mmcv-lite is installed."""


class _MissingOps(ModuleType):
    """Answers every operator's name with a function that raises."""

    def __getattr__(self, name: str):
        if name.startswith('__'):
            raise AttributeError(name)

        def missing(*args, **kwargs):
            raise MissingOpsError(
                f'mmcv.ops needs the compiled operator {name!r}, which '
                'mmcv-lite does not have: install the full mmcv instead'
            )

        return missing


def stand_in_for_mmcv_ops() -> None:
    """Let ``mmpose.models`` import with mmcv-lite.

    MMPose imports ``mmcv.ops`` for heads this project does not use. With
    mmcv-lite the compiled module ``mmcv._ext`` behind it is missing; a module
    whose functions raise when called takes its place.

    Unnecessary once MMPose imports ``mmcv.ops`` only in the heads in use.
    """
    name = 'mmcv._ext'
    if name in sys.modules or importlib.util.find_spec(name) is not None:
        return
    module = _MissingOps(name)
    module.__spec__ = importlib.util.spec_from_loader(name, loader=None)
    sys.modules[name] = module


def stand_in_for_xtcocotools() -> None:
    """Let ``mmpose`` import without xtcocotools, which lacks wheels.

    It has none for Python 3.12 and later, and the one for 3.11 works with
    numpy 1 only. ``pycocotools``, of which it is a copy with additions, takes
    its place: reading and masks are the same, and so is the evaluation of
    keypoints (30 random sets, equal to the last digit). What it alone has
    raises.

    Unnecessary once MMPose asks for pycocotools or xtcocotools has wheels.
    """
    try:
        importlib.import_module('xtcocotools.mask')
    except (ImportError, ValueError):  # ValueError: built for another numpy
        import pycocotools.coco
        import pycocotools.mask
    else:
        return
    names = dict(
        coco=pycocotools.coco, mask=pycocotools.mask, cocoeval=_cocoeval()
    )
    package = ModuleType('xtcocotools')
    for name, module in names.items():
        setattr(package, name, module)
        sys.modules[f'xtcocotools.{name}'] = module
    sys.modules['xtcocotools'] = package


def _cocoeval() -> ModuleType:
    """``xtcocotools.cocoeval`` as far as pycocotools can do it."""
    from pycocotools import cocoeval

    class COCOeval(cocoeval.COCOeval):
        """Takes the sigmas of any set of landmarks, as xtcocotools' does."""

        def __init__(
            self,
            cocoGt=None,
            cocoDt=None,
            iouType: str = 'keypoints',
            sigmas: Optional[Sequence[float]] = None,
            use_area: bool = True,
        ):
            if iouType not in ('keypoints', 'bbox', 'segm') or not use_area:
                raise NotImplementedError(
                    f'COCOeval of {iouType!r}, use_area={use_area}, needs '
                    'xtcocotools itself: pip install xtcocotools'
                )
            super().__init__(cocoGt, cocoDt, iouType)
            if sigmas is not None:
                self.params.kpt_oks_sigmas = np.asarray(sigmas)

    module = ModuleType('xtcocotools.cocoeval')
    module.COCOeval = COCOeval
    return module


def history_statistic(owner: type, name: str):
    """What ``getattr`` may do in a checkpoint: name a buffer's statistic.

    Raises:
        UnpicklingError: For any other attribute of anything.
    """
    if owner is not HistoryBuffer or name not in STATISTICS:
        raise pickle.UnpicklingError(
            f'the checkpoint asks for attribute {name!r} of {owner!r}, which '
            'MMEngine does not write: it may be unsafe to load'
        )
    return getattr(owner, name)


def allow_mmengine_checkpoints() -> None:
    """Let ``torch.load(weights_only=True)`` read MMEngine's checkpoints.

    They hold the message hub's ``HistoryBuffer`` (with its statistics by
    ``getattr``) and numpy values, which PyTorch 2.6 and later refuse by
    default. Exactly these are allowed; ``weights_only`` stays on.

    Unnecessary once MMEngine registers its classes itself (it does not in
    0.10.7).
    """
    modern = np.lib.NumpyVersion(np.__version__) >= '2.0.0'
    multiarray = (np._core if modern else np.core).multiarray
    functions = {
        # under both names, for checkpoints of the other numpy
        f'numpy.{core}.multiarray.{name}': getattr(multiarray, name)
        for core in ('core', '_core')
        for name in ('_reconstruct', 'scalar')
    }
    torch.serialization.add_safe_globals(
        [
            HistoryBuffer,
            (history_statistic, 'builtins.getattr'),
            np.ndarray,
            np.dtype,
            *(type(np.dtype(code)) for code in NUMERIC_DTYPES),
            *((function, name) for name, function in functions.items()),
        ]
    )


def apply() -> None:
    """Close every gap."""
    stand_in_for_mmcv_ops()
    stand_in_for_xtcocotools()
    allow_mmengine_checkpoints()
