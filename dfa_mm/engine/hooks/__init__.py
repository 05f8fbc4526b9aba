from .auxiliary_weight_hook import AuxiliaryWeightHook
from .pseudo_label_hook import PseudoLabelHook

__all__ = ['AuxiliaryWeightHook', 'PseudoLabelHook']
