"""Which stages of a cascade are trained, resumed or reused, and where.

A stage's folder says what lies in it: every checkpoint and, once the stage is
finished, ``finished.json`` hold the run's identity. What is another run's, or
does not say whose it is, is never gone on with.
"""

import json
from pathlib import Path
from typing import List, Optional, Tuple

from mmengine.config import Config
from mmengine.logging import MMLogger

from dfa_mm.files import write_json

from .checkpoints import (
    CheckpointMismatchError,
    identity_of,
    meta_of,
    read_checkpoint,
)
from .identity import RunMismatchError, check_same, identity
from .stages import num_stages, stage_work_dir

FINISHED_FILE = 'finished.json'
DIVERGED_FILE = 'diverged.json'
LAST_FILE = 'last_checkpoint'  # MMEngine's
# of a training that was told to stop, until the next checkpoint is written
STOPPED_PATTERN = 'stopped_iter_*.pth'
CHECKPOINT_PATTERNS = ('epoch_*.pth', 'iter_*.pth', STOPPED_PATTERN)


def stages_to_train(cfg: Config) -> List[int]:
    """Unfinished stages in order; a given ``load_from`` replaces the early.

    A finished stage ends the search: what came before it is in it.

    Raises:
        RunMismatchError: If a folder that is gone on with or reused holds
            another run.
    """
    todo: List[int] = []
    for stage in range(num_stages(cfg), 0, -1):
        folder = _folder(cfg, stage)
        if finished_checkpoint(folder) is not None:
            theirs = _read_record(folder).get('identity')
            check_same(theirs, identity(cfg, stage), folder)
            break
        latest = interrupted_checkpoint(folder)
        if latest is not None:
            _check_resumable(latest, cfg, stage)
        todo.insert(0, stage)
        if cfg.get('load_from'):
            break
    return todo


def starting_point(
    cfg: Config, stage: int, resume: Optional[str] = None
) -> Tuple[Optional[str], bool]:
    """What a stage's training loads first, and whether it goes on from there.

    That is ``resume`` or the latest checkpoint of its folder to go on from,
    else ``load_from`` for the last stage, else the stage before, if any.

    Raises:
        RunMismatchError: If the checkpoint to go on from is another run's.
    """
    latest = resume
    if latest is None:
        latest = interrupted_checkpoint(_folder(cfg, stage))
    if latest is not None:
        _check_resumable(latest, cfg, stage)
        return latest, True
    if cfg.get('load_from') and stage == num_stages(cfg):
        return cfg.load_from, False
    if stage == 1:
        return None, False
    return finished_checkpoint(_folder(cfg, stage - 1)), False


def interrupted_checkpoint(work_dir: str) -> Optional[str]:
    """The latest whole checkpoint of a folder, ``None`` if it has none.

    By how long it was trained, not by ``last_checkpoint``, which a kill may
    leave empty. One that is broken is named in the log and passed over.

    Raises:
        CheckpointMismatchError: If there are only broken ones.
        FileNotFoundError: If ``last_checkpoint`` names one, but all are gone.
    """
    folder = Path(work_dir)
    whole, broken = {}, []
    for path in checkpoint_paths(folder):
        try:
            whole[path] = _progress(path)
        except CheckpointMismatchError as error:
            broken.append(error)
    if whole:
        for error in broken:
            MMLogger.get_current_instance().warning(
                f'{error}. The latest whole one is used'
            )
        return str(max(whole, key=whole.get))
    if broken:
        raise CheckpointMismatchError(
            f'{broken[0]}. No whole one lies beside it: put one back, or '
            f'delete {folder} to train it anew'
        )
    if (folder / LAST_FILE).exists():
        said = (folder / LAST_FILE).read_text(errors='replace').strip()
        missing = str(folder / Path(said).name) if said else 'its checkpoint'
        raise FileNotFoundError(
            f'{folder / LAST_FILE} is there, but {missing} is missing: put '
            f'it back, or delete {folder} to train it anew'
        )
    return None


def checkpoint_paths(folder: Path) -> List[Path]:
    """Every file of a folder that is called like a checkpoint."""
    return [p for name in CHECKPOINT_PATTERNS for p in folder.glob(name)]


def _progress(checkpoint: Path) -> Tuple[int, int]:
    """Iterations trained; of the same, the one written last comes last."""
    trained = meta_of(read_checkpoint(str(checkpoint))).get('iter', 0)
    if not isinstance(trained, int):
        raise CheckpointMismatchError(
            f'{checkpoint} says that {trained!r} iterations were trained, '
            'expected a number'
        )
    return trained, checkpoint.stat().st_mtime_ns


def finished_checkpoint(work_dir: str) -> Optional[str]:
    """Checkpoint of a finished stage, ``None`` while it is not finished.

    Raises:
        FileNotFoundError: If the stage was finished but its checkpoint is
            gone.
        RunMismatchError: If the folder does not say which that is.
    """
    record = _read_record(work_dir)
    if record is None:
        return None
    checkpoint = Path(work_dir) / record['checkpoint']
    if not checkpoint.exists():
        raise FileNotFoundError(
            f'{Path(work_dir) / FINISHED_FILE} says that the stage was '
            f'finished, but its checkpoint {checkpoint} is missing: put it '
            f'back, or delete {FINISHED_FILE} to train the stage again'
        )
    return str(checkpoint)


def mark_finished(cfg: Config, stage: int) -> str:
    """Record that a stage is completely trained; its final checkpoint.

    Raises:
        FileNotFoundError: If there is none.
    """
    folder = _folder(cfg, stage)
    checkpoint = interrupted_checkpoint(folder)
    if checkpoint is None:
        raise FileNotFoundError(
            f'the training wrote no checkpoint into {folder}: the one that '
            'it was to resume from is the end of its run already (see '
            'tools/test.py), or the config has no CheckpointHook'
        )
    write_json(
        Path(folder) / FINISHED_FILE,
        dict(checkpoint=Path(checkpoint).name, identity=identity(cfg, stage)),
    )
    (Path(folder) / DIVERGED_FILE).unlink(missing_ok=True)
    return checkpoint


def mark_diverged(cfg: Config, stage: int, reason: str) -> None:
    """Record that with these settings a stage cannot be trained."""
    write_json(
        Path(_folder(cfg, stage)) / DIVERGED_FILE,
        dict(reason=reason, identity=identity(cfg, stage)),
    )


def set_aside_diverged(cfg: Config, stage: int) -> Optional[str]:
    """Make room for other settings than those that diverged in a folder.

    Its checkpoints are moved into a folder in it, which is returned; ``None``
    if there is nothing to move, or the settings are the same.
    """
    folder = Path(_folder(cfg, stage))
    record = folder / DIVERGED_FILE
    if not record.exists():
        return None
    try:
        theirs = json.loads(record.read_bytes())['identity']
    except (ValueError, LookupError, TypeError) as error:
        raise RunMismatchError(
            f'{record} does not say what diverged: delete it to go on from '
            'the latest checkpoint'
        ) from error
    if theirs == identity(cfg, stage):
        return None
    number = 1 + len([*folder.glob('diverged_*')])
    aside = folder / f'diverged_{number}'
    aside.mkdir()
    # the record last: after a kill in between it is gone on with
    for path in (*checkpoint_paths(folder), folder / LAST_FILE, record):
        if path.exists():
            path.rename(aside / path.name)
    return str(aside)


def remove_leftovers(work_dir: str) -> None:
    """The halves of files that a killed training was writing.

    No other process may be training in the folder.
    """
    names = (*CHECKPOINT_PATTERNS, '*.json', LAST_FILE)
    for name in names:
        for path in Path(work_dir).glob(f'.[0-9]*-{name}'):
            path.unlink()


def _folder(cfg: Config, stage: int) -> str:
    return stage_work_dir(cfg.work_dir, stage, num_stages(cfg))


def _check_resumable(checkpoint: str, cfg: Config, stage: int) -> None:
    theirs = identity_of(read_checkpoint(checkpoint))
    check_same(theirs, identity(cfg, stage), checkpoint)


def _read_record(work_dir: str) -> Optional[dict]:
    path = Path(work_dir) / FINISHED_FILE
    if not path.exists():
        return None
    try:
        record = json.loads(path.read_bytes())
    except ValueError:
        record = None
    if isinstance(record, dict) and isinstance(record.get('checkpoint'), str):
        return record
    raise RunMismatchError(
        f'{path} does not name the checkpoint of a finished training: put it '
        'back as it was, or delete it to go on from the latest checkpoint'
    )
