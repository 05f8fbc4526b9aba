"""Mixed precision where MMEngine's own, made for GPUs, refuses to work."""

from contextlib import contextmanager

import torch
from mmengine.optim import OptimWrapper
from mmengine.registry import OPTIM_WRAPPERS
from mmengine.runner.amp import autocast
from torch import nn


@OPTIM_WRAPPERS.register_module()
class BFloat16OptimWrapper(OptimWrapper):
    """Runs forward passes under ``autocast`` to bfloat16, on CPU or GPU.

    bfloat16 has float32's range, so that no loss is scaled. Worth it on
    processors that multiply in it (AVX-512 BF16, AMX).
    """

    @contextmanager
    def optim_context(self, model: nn.Module):
        with super().optim_context(model), autocast(dtype=torch.bfloat16):
            yield
