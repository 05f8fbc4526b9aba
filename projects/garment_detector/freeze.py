"""Training without the first layers."""

from mmengine.hooks import Hook
from mmengine.model import is_model_wrapper
from mmengine.registry import HOOKS


@HOOKS.register_module()
class FreezeFirstBlocks(Hook):
    """Keeps the stem and first blocks of EfficientNetLite as ImageNet left
    them.

    They see edges and colours, and half of the time of a backward pass goes
    into their large maps.

    Args:
        blocks (int): How many; three end at stride 4.
    """

    def __init__(self, blocks: int) -> None:
        self.blocks = blocks

    def before_train(self, runner) -> None:
        model = runner.model
        model = model.module if is_model_wrapper(model) else model
        net = model.backbone
        for part in (net._conv_stem, net._bn0, *net._blocks[: self.blocks]):
            part.requires_grad_(False)
