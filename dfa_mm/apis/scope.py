"""MMEngine's default scope, which whoever builds a model changes for all."""

from contextlib import contextmanager
from typing import Iterator

from mmengine.registry import DefaultScope, init_default_scope

OWN_SCOPE = 'mmpose'


@contextmanager
def kept_scope() -> Iterator[None]:
    """Whatever scope a model sets in the block, the one before is back.

    A detector of MMDetection would leave a process in which MMPose's parts
    are not found by their bare names. Where there was none, it is MMPose's.
    """
    before = DefaultScope.get_current_instance()
    name = OWN_SCOPE if before is None else before.scope_name
    try:
        # scopes that are made in the block go with it: MMEngine warns of
        # whoever comes back to one
        with DefaultScope.overwrite_default_scope(name):
            yield
    finally:
        if before is None:
            init_default_scope(name)
