from mmengine.hooks import Hook
from mmengine.runner import Runner


class IdentityHook(Hook):
    """Writes into every checkpoint's meta what its run is.

    Registered by :func:`dfa_mm.engine.training.train_stage`, not by configs,
    of whose identity it would be a part.

    Args:
        identity (dict): Of :func:`dfa_mm.engine.identity.identity`.
    """

    def __init__(self, identity: dict) -> None:
        self.identity = identity

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        checkpoint['meta']['identity'] = self.identity
