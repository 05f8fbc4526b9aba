from .auxiliary_weight_hook import AuxiliaryWeightHook
from .channels_last_hook import ChannelsLastHook
from .finite_loss_hook import DivergedError, FiniteLossHook
from .pseudo_label_hook import PseudoLabelHook

__all__ = [
    'AuxiliaryWeightHook',
    'ChannelsLastHook',
    'DivergedError',
    'FiniteLossHook',
    'PseudoLabelHook',
]
