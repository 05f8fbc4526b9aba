"""States, and probabilities of them, that can be relied on.

A network is surer than it is right: a temperature (Guo et al., *On
Calibration of Modern Neural Networks*, ICML 2017) mends its probabilities.
Most landmarks are visible, so that the likeliest state is seldom another:
biases move the decision, not the probabilities. Both are fitted on
validation predictions by ``tools/analysis/calibrate_visibility.py``.
"""

from typing import Tuple

import numpy as np
import torch
from torch import nn

from dfa_mm.structures import NUM_VISIBILITY_STATES


def calibrate(scores: np.ndarray, temperature: float) -> np.ndarray:
    """``softmax(log p / temperature)`` of probabilities (..., 3)."""
    logits = log_scores(scores) / temperature
    powers = np.exp(logits - logits.max(-1, keepdims=True))
    shares = powers / powers.sum(-1, keepdims=True)
    return shares.astype(np.asarray(scores).dtype)


def decide(scores: np.ndarray, biases: np.ndarray) -> np.ndarray:
    """The states (...), ``argmax(log p + biases)``.

    Of probabilities (..., 3) and biases, in nats, that fit them: (3,), or
    (..., 3).
    """
    return (log_scores(scores) + biases).argmax(-1)


def log_scores(scores: np.ndarray) -> np.ndarray:
    """Finite in float64, also where a probability is 0."""
    scores = np.asarray(scores)
    least = np.finfo(scores.dtype).tiny
    return np.log(np.maximum(scores, least), dtype=np.float64)


class VisibilityCalibration(nn.Module):
    """Temperature and biases of one stage, kept in its checkpoint.

    Whether a garment has a landmark at all is left as it is. A checkpoint
    without them gives what its network says: one and zero.
    """

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer('biases', torch.zeros(NUM_VISIBILITY_STATES))
        self.register_buffer('temperature', torch.ones(()))

    def forward(self, scores: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
        """Of what is there, probabilities (..., 3), and the states (...)."""
        scores = calibrate(scores, float(self.temperature))
        return scores, decide(scores, self.biases.cpu().numpy())

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
