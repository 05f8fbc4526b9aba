from .bfloat16_optim_wrapper import BFloat16OptimWrapper
from .hooks import AuxiliaryWeightHook, ChannelsLastHook, PseudoLabelHook

__all__ = [
    'AuxiliaryWeightHook',
    'BFloat16OptimWrapper',
    'ChannelsLastHook',
    'PseudoLabelHook',
]
