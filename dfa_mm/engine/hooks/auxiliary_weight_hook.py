from typing import Optional, Sequence

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from mmpose.registry import HOOKS


def scheduled_weight(
    t: int, start: float, end: float, t1: int, t2: int
) -> float:
    """alpha(t) of Eq. 4: ``start`` until t1, then linearly to ``end`` at t2.

    As printed, the paper's middle piece jumps at t1 and grows; this is the
    continuous fall that its text describes.
    """
    if t < t1:
        return start
    if t >= t2:
        return end
    return start + (end - start) * (t - t1) / (t2 - t1)


@HOOKS.register_module()
class AuxiliaryWeightHook(Hook):
    """Sets alpha(t) and beta(t) of Eq. 3 before every iteration.

    A function of the iteration alone, so a resumed run goes on where it was.

    Args:
        alpha (float): Weight of the visibility loss at the start.
        beta (float): Weight of the pseudo-label loss at the start.
        t1 (int), t2 (int): Iterations between which both fall; 2000 and 4000
            in the paper.
        end (float): Share of the weights that remains after t2. 0 in the
            paper; 1/20 matches what its first author wrote of the released
            models (landmark weight 20 against 1).
    """

    def __init__(
        self,
        alpha: float = 1.0,
        beta: float = 1.0,
        t1: int = 2000,
        t2: int = 4000,
        end: float = 0.0,
    ) -> None:
        if not 0 <= t1 <= t2:
            raise ValueError(f'need 0 <= t1 <= t2, but t1={t1} and t2={t2}')
        self.alpha, self.beta = alpha, beta
        self.t1, self.t2, self.end = t1, t2, end

    def before_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Optional[Sequence[dict]] = None,
    ) -> None:
        model = runner.model
        model = model.module if is_model_wrapper(model) else model
        fall = scheduled_weight(runner.iter, 1.0, self.end, self.t1, self.t2)
        model.set_auxiliary_weights(self.alpha * fall, self.beta * fall)
