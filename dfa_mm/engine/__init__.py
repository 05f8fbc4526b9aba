from .hooks import AuxiliaryWeightHook, PseudoLabelHook

__all__ = ['AuxiliaryWeightHook', 'PseudoLabelHook']
