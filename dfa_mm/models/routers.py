"""Auto-routing: which branch of stage 3 a sample takes (paper, Eq. 2)."""

import logging
from typing import Optional

import torch
from mmengine.logging import print_log
from torch import Tensor

from dfa_mm.models.given_buffers import GivenBuffers

EASY_BRANCH, HARD_BRANCH = 0, 1
BRANCH_NAMES = ('easy', 'hard')


def expected_error(
    pseudo_label: Tensor, cluster_errors: Tensor, normalize: bool = False
) -> Tensor:
    """``G(f) = sum_k e(C_k) f(k)``, (B, C) x (C,) -> (B,).

    With ``normalize`` divided by ``sum_k f(k)``: a weighted mean of the
    clusters' errors, in their unit. Predicted memberships may be slightly
    negative; they count as none.
    """
    memberships = pseudo_label.clamp(min=0)
    score = (memberships * cluster_errors).sum(1)
    if normalize:
        score = score / memberships.sum(1).clamp(min=1e-12)
    return score


class ErrorRouter(GivenBuffers):
    """Sends samples with a small expected error to the easy branch.

    The scale of ``G`` depends on T and on the data, so the paper's threshold
    of 0.3 is not universal: without a given one, it is calibrated on the
    training set and kept in the checkpoint, which does not change a given one.

    Args:
        threshold (float, optional): Of Eq. 2, 0.3 in the paper. ``None``
            calibrates it.
        easy_share (float): Share of the training set that the threshold is
            to send to the easy branch when it is calibrated.
        normalize (bool): See :func:`expected_error`; the paper does not.
    """

    def __init__(
        self,
        threshold: Optional[float] = None,
        easy_share: float = 0.5,
        normalize: bool = False,
    ) -> None:
        super().__init__()
        if not 0 < easy_share < 1:
            raise ValueError(
                f'easy_share must lie between 0 and 1, but is {easy_share}'
            )
        self.given = () if threshold is None else ('threshold',)
        self.easy_share = easy_share
        self.normalize = normalize
        threshold = float('nan') if threshold is None else threshold
        self.register_buffer('threshold', torch.tensor(threshold))

    def score(self, pseudo_label: Tensor, cluster_errors: Tensor) -> Tensor:
        return expected_error(pseudo_label, cluster_errors, self.normalize)

    def calibrate(self, pseudo_label: Tensor, cluster_errors: Tensor) -> None:
        """Set the threshold from the training set's predicted labels.

        The log tells of a branch that none of them takes.
        """
        if not self.given:
            scores = self.score(pseudo_label, cluster_errors)
            self.threshold.copy_(scores.quantile(self.easy_share))
        taken = set(self(pseudo_label, cluster_errors).tolist())
        for branch, name in enumerate(BRANCH_NAMES):
            if branch not in taken:
                print_log(
                    f'none of {len(pseudo_label)} training samples takes the '
                    f'{name} branch, which stays as it is: the routing '
                    f'threshold is {float(self.threshold):.4g}',
                    logger='current',
                    level=logging.WARNING,
                )

    def forward(self, pseudo_label: Tensor, cluster_errors: Tensor) -> Tensor:
        """Branch of each sample, (B,) of 0 (easy) and 1 (hard)."""
        if self.threshold.isnan():
            raise RuntimeError(
                'the routing threshold has not been calibrated: train with '
                'the PseudoLabelHook, give a threshold, or load a checkpoint '
                'of stage 3'
            )
        score = self.score(pseudo_label, cluster_errors)
        return (score >= self.threshold).long()
