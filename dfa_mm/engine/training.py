"""One stage, from its config to its finished checkpoint."""

import errno
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator, Optional

from mmengine.config import Config
from mmengine.dist import barrier, is_main_process
from mmengine.hooks import Hook
from mmengine.logging import MMLogger
from mmengine.runner import Runner

from dfa_mm.models import RoutingTopdownPoseEstimator
from dfa_mm.models.pose_estimators.pairing import check_pairings

from . import runs
from .bare_model import bare_model
from .checkpoints import (
    check_shared,
    check_start,
    identity_of,
    read_checkpoint,
    state_of,
)
from .hooks import DivergedError, ExactResumeHook, FiniteLossHook
from .hooks.stop_hook import StopHook
from .identity import check_network, identity
from .locks import locked
from .progress import ProgressHook, TrainingProgress
from .runs import (
    checkpoint_paths,
    mark_diverged,
    mark_finished,
    remove_leftovers,
    starting_point,
)
from .stage_runner import QuietRunner, StageRunner
from .stages import num_stages, stage_config
from .stopping import StoppedError, StopRequest, stop_requests
from .workers import end_workers

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# by a random number, as MMEngine's, two runs of one config would differ
DEFAULT_SEED = 0


class DiskFullError(OSError):
    """A training could not write its checkpoint or its log."""


class IdentityHook(Hook):
    """Writes into every checkpoint's meta what its run is.

    Not in configs, of whose identity it would be a part.
    """

    def __init__(self, identity: dict) -> None:
        self.identity = identity

    def before_save_checkpoint(self, runner: Runner, checkpoint: dict) -> None:
        checkpoint['meta']['identity'] = self.identity


def train_stage(
    cfg: Config,
    stage: int,
    resume: Optional[str] = None,
    progress: Optional[TrainingProgress] = None,
) -> None:
    """Train one stage to its end and record that it is finished.

    The stages before it are finished. It goes on from ``resume``, a checkpoint
    of this very run, or from the latest in its folder, if there is one, and
    ends, on one process, with the very numbers it would have had without the
    interruption. With ``progress`` that is shown in place of MMEngine's log,
    which goes to its file alone.

    Raises:
        RunMismatchError: If it would go on from another run, or start from
            another model.
        CheckpointMismatchError: If it would start from a checkpoint that
            lacks a part of the finished stages.
        PairingError: If backbone, neck and head do not fit each other.
        DivergedError: At the first loss that is not finite. The folder then
            takes other settings.
        FolderInUseError: If another training runs in its folder.
        DiskFullError: If it could not write; what it wrote before is whole.
        StoppedError: After SIGINT or SIGTERM and a saved checkpoint.
    """
    set_aside_diverged(cfg, stage)
    run = stage_config(cfg, stage)
    run.load_from, run.resume = starting_point(cfg, stage, resume)
    # one each, or all stages would log into the first one's folder
    if run.get('visualizer'):
        run.visualizer.name = f'visualizer_{run.work_dir}'
    with stop_requests() as request, _told(cfg, stage, request):
        kind = StageRunner if progress is None else QuietRunner
        runner = kind.from_cfg(run)
        _check_model(runner)
        runner.register_hook(IdentityHook(identity(cfg, stage)))
        own = stage if num_stages(cfg) > 1 else None
        runner.register_hook(FiniteLossHook(own))
        runner.register_hook(ExactResumeHook())
        runner.register_hook(StopHook(request))
        if progress is not None and is_main_process():
            runner.register_hook(ProgressHook(progress, stage))
        with alone_in(runner.work_dir):
            runner.train()
            end_workers(runner)
            if is_main_process():
                mark_finished(cfg, stage)
        barrier()
        if request.signal is not None:
            raise StoppedError(f'after stage {stage}', request.signal)


@contextmanager
def alone_in(folder: str) -> Iterator[None]:
    """Writes into a folder in the block, and nobody else does.

    Asked of the main process of several, once they are known.

    Raises:
        FolderInUseError: If another training runs in it.
    """
    if not is_main_process():
        yield
        return
    with locked(folder):
        remove_leftovers(folder)
        yield


def set_aside_diverged(cfg: Config, stage: int) -> None:
    """Let a stage start anew that diverged with other settings.

    Before there is a runner nothing tells several processes apart: there it
    is left to who started them.
    """
    if cfg.get('launcher', 'none') != 'none':
        return
    aside = runs.set_aside_diverged(cfg, stage)
    if aside is not None:
        MMLogger.get_current_instance().warning(
            f'with other settings stage {stage} diverged: its checkpoints '
            f'are now in {aside}, and it starts anew'
        )


@contextmanager
def _told(cfg: Config, stage: int, request: StopRequest) -> Iterator[None]:
    """What ends a training too early is recorded, or said in one line."""
    folder = stage_config(cfg, stage).work_dir
    try:
        yield
    except DivergedError as error:
        if is_main_process():
            mark_diverged(cfg, stage, str(error))
        raise
    except OSError as error:
        if error.errno not in FULL:
            raise
        latest = [path.name for path in checkpoint_paths(Path(folder))]
        raise DiskFullError(
            f'{error.strerror}: {error.filename or folder} could not be '
            f'written. What was saved is whole ({", ".join(latest) or "none"} '
            f'in {folder}): make room, and the same command goes on from it'
        ) from error
    except RuntimeError as error:
        # a signal for a whole group of processes ends its workers, too
        if request.signal is None or 'DataLoader worker' not in str(error):
            raise
        raise StoppedError(
            f'in {folder} with its workers; it goes on from the latest '
            'checkpoint',
            request.signal,
        ) from error


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
