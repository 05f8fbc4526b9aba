from typing import Optional, Sequence

from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS

from dfa_mm.engine.bare_model import bare_model


def falling_weight(t: int, t1: int, t2: int, end: float) -> float:
    """What the paper's text says of Eq. 4: 1, falling to ``end``, ``end``.

    1 until t1, then linearly to ``end`` at t2.
    """
    if t < t1:
        return 1.0
    if t >= t2:
        return end
    return 1.0 + (end - 1.0) * (t - t1) / (t2 - t1)


def printed_weight(t: int, t1: int, t2: int) -> float:
    """Eq. 4 as printed: 1 before t1, (t - t1) / (t2 - t1), 0 from t2 on.

    Its middle piece jumps to 0 at t1 and grows to 1, from where it jumps to
    0 again.
    """
    if t < t1:
        return 1.0
    if t >= t2:
        return 0.0
    return (t - t1) / (t2 - t1)


@HOOKS.register_module()
class AuxiliaryWeightHook(Hook):
    """Sets alpha(t) and beta(t) of Eq. 3 before every iteration.

    Both are shares of the losses' own weights, and functions of the iteration
    alone, so a resumed run goes on where it was.

    Args:
        t1 (int), t2 (int): Iterations between which both fall; 2000 and 4000
            in the paper.
        end (float): Share that remains after t2. 0 in the paper; 1/20 matches
            what its first author wrote of the released models (landmark
            weight 20 against 1).
        as_printed (bool): Whether the middle piece is that of Eq. 4 as
            printed (:func:`printed_weight`), which its text contradicts.
    """

    def __init__(
        self,
        t1: int = 2000,
        t2: int = 4000,
        end: float = 0.0,
        as_printed: bool = False,
    ) -> None:
        if not 0 <= t1 <= t2:
            raise ValueError(f'need 0 <= t1 <= t2, but t1={t1} and t2={t2}')
        if as_printed and end:
            raise ValueError(f'Eq. 4 as printed ends at 0, not at end={end}')
        self.t1, self.t2, self.end = t1, t2, end
        self.as_printed = as_printed

    def before_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[Sequence[dict]] = None,
    ) -> None:
        weight = self.weight(runner.iter)
        bare_model(runner).set_auxiliary_weights(weight, weight)

    def weight(self, t: int) -> float:
        """alpha(t), which is beta(t) too."""
        if self.as_printed:
            return printed_weight(t, self.t1, self.t2)
        return falling_weight(t, self.t1, self.t2, self.end)
