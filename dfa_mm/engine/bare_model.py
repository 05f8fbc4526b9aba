from mmengine.model import is_model_wrapper
from mmengine.runner import Runner
from torch import nn


def bare_model(runner: Runner) -> nn.Module:
    """The runner's model without what distributes it over processes."""
    model = runner.model
    return model.module if is_model_wrapper(model) else model
