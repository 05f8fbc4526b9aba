"""One stage, from its config to its finished checkpoint."""

from typing import Optional

from mmengine.config import Config
from mmengine.dist import barrier, is_main_process
from mmengine.hooks import Hook
from mmengine.runner import Runner

from dfa_mm.models import RoutingTopdownPoseEstimator
from dfa_mm.models.pose_estimators.pairing import check_pairings

from .bare_model import bare_model
from .checkpoints import (
    check_shared,
    check_start,
    identity_of,
    read_checkpoint,
    state_of,
)
from .hooks import FiniteLossHook
from .identity import check_network, identity
from .runs import mark_finished, starting_point
from .stages import stage_config


class IdentityHook(Hook):
    """Writes into every checkpoint's meta what its run is.

    Not in configs, of whose identity it would be a part.
    """

    def __init__(self, identity: dict) -> None:
        self.identity = identity

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        checkpoint['meta']['identity'] = self.identity


def train_stage(cfg: Config, stage: int, resume: Optional[str] = None) -> None:
    """Train one stage to its end and record that it is finished.

    The stages before it are finished. It goes on from ``resume``, a checkpoint
    of this very run, or from the latest in its folder, if there is one.

    Raises:
        RunMismatchError: If it would go on from another run, or start from
            another model.
        CheckpointMismatchError: If it would start from a checkpoint that
            lacks a part of the finished stages.
        PairingError: If backbone, neck and head do not fit each other.
        DivergedError: At the first loss that is not finite.
    """
    run = stage_config(cfg, stage)
    run.load_from, run.resume = starting_point(cfg, stage, resume)
    # one each, or all stages would log into the first one's folder
    if run.get('visualizer'):
        run.visualizer.name = f'visualizer_{run.work_dir}'
    runner = Runner.from_cfg(run)
    _check_model(runner)
    runner.register_hook(IdentityHook(identity(cfg, stage)))
    runner.register_hook(FiniteLossHook())
    runner.train()
    if is_main_process():
        mark_finished(cfg, stage)
    barrier()


def _check_model(runner: Runner) -> None:
    """Before the data are read; other models than cascades are MMPose's."""
    model, checkpoint = bare_model(runner), runner._load_from
    cascade = isinstance(model, RoutingTopdownPoseEstimator)
    if cascade:
        check_pairings(model)
    if checkpoint is None or runner._resume:
        return
    content = read_checkpoint(checkpoint)
    if not cascade:
        check_shared(model, state_of(content), checkpoint)
        return
    finished = len(model.finished_stages)
    if finished:
        check_network(identity_of(content), runner.cfg, finished, checkpoint)
    check_start(model, state_of(content), checkpoint)
