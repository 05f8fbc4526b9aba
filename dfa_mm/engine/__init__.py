from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .hooks import (
    AuxiliaryWeightHook,
    ChannelsLastHook,
    FiniteLossHook,
    PseudoLabelHook,
)
from .whole_files import WholeFilesBackend

__all__ = [
    'AuxiliaryWeightHook',
    'BFloat16OptimWrapper',
    'ChannelsLastHook',
    'FiniteLossHook',
    'PseudoLabelHook',
    'WholeFilesBackend',
]
