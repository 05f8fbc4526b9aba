from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .hooks import (
    AuxiliaryWeightHook,
    ChannelsLastHook,
    ExactResumeHook,
    FiniteLossHook,
    PseudoLabelHook,
    WholeCheckpointHook,
)
from .loops import ExactEpochLoop, ExactIterLoop
from .whole_files import WholeFilesBackend

__all__ = [
    'AuxiliaryWeightHook',
    'BFloat16OptimWrapper',
    'ChannelsLastHook',
    'ExactEpochLoop',
    'ExactIterLoop',
    'ExactResumeHook',
    'FiniteLossHook',
    'PseudoLabelHook',
    'WholeCheckpointHook',
    'WholeFilesBackend',
]
