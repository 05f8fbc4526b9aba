"""Probabilities of the states that can be relied on.

Most landmarks are visible, so that a network tells few of the others, and it
is surer than it is right. Biases move the decision, a temperature (Guo et
al., ICML 2017) the confidence; both are fitted on validation predictions by
``tools/analysis/calibrate_visibility.py``.
"""

import numpy as np
import torch
from torch import nn

from dfa_mm.structures import NUM_VISIBILITY_STATES


def calibrate(
    scores: np.ndarray, biases: np.ndarray, temperature: float
) -> np.ndarray:
    """``softmax((log p + biases) / temperature)``.

    Of probabilities (..., 3) of the states, and their biases (3,), in nats.
    """
    scores = np.asarray(scores)
    least = np.finfo(scores.dtype).tiny
    logits = np.log(np.maximum(scores, least), dtype=np.float64)
    logits = (logits + biases) / temperature
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    return (powers / powers.sum(-1, keepdims=True)).astype(scores.dtype)


class VisibilityCalibration(nn.Module):
    """Biases and temperature of one stage, kept in its checkpoint.

    Whether a garment has a landmark at all is left as it is. A checkpoint
    without them gives what its network says: zero and one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer('biases', torch.zeros(NUM_VISIBILITY_STATES))
        self.register_buffer('temperature', torch.ones(()))

    def forward(self, scores: np.ndarray) -> np.ndarray:
        """Probabilities (..., 3) of what is there."""
        return calibrate(
            scores, self.biases.cpu().numpy(), float(self.temperature)
        )

    @torch.no_grad()
    def reset(self) -> None:
        """Of a network whose weights change."""
        self.biases.zero_()
        self.temperature.fill_(1)

    def _load_from_state_dict(self, state_dict, prefix, *args) -> None:
        # of a checkpoint that is not calibrated
        for name, value in VisibilityCalibration().state_dict().items():
            state_dict.setdefault(prefix + name, value)
        super()._load_from_state_dict(state_dict, prefix, *args)
