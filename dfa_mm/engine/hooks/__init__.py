from .auxiliary_weight_hook import AuxiliaryWeightHook
from .channels_last_hook import ChannelsLastHook
from .identity_hook import IdentityHook
from .pseudo_label_hook import PseudoLabelHook

__all__ = [
    'AuxiliaryWeightHook',
    'ChannelsLastHook',
    'IdentityHook',
    'PseudoLabelHook',
]
