import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from mmpose.registry import HOOKS


@HOOKS.register_module()
class ChannelsLastHook(Hook):
    """Keeps the weights of convolutions with their channels last.

    Feature maps then follow in the same order, the faster one for depthwise
    convolutions on CPU and for the tensor cores of GPUs. Results stay the same
    but for rounding. For MMPose's own estimators: the cascade puts its input
    in this order by itself.
    """

    def before_run(self, runner: Runner) -> None:
        runner.model.to(memory_format=torch.channels_last)
