from .auxiliary_weight_hook import AuxiliaryWeightHook
from .channels_last_hook import ChannelsLastHook
from .exact_resume_hook import ExactResumeHook
from .finite_loss_hook import DivergedError, FiniteLossHook
from .pseudo_label_hook import PseudoLabelHook
from .whole_checkpoint_hook import WholeCheckpointHook

__all__ = [
    'AuxiliaryWeightHook',
    'ChannelsLastHook',
    'DivergedError',
    'ExactResumeHook',
    'FiniteLossHook',
    'PseudoLabelHook',
    'WholeCheckpointHook',
]
