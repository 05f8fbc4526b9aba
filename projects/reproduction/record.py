"""row.json: what a run is, and, once it is finished, what it took."""

import json
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

from dfa_mm.engine.identity import RunMismatchError, check_same
from dfa_mm.engine.runs import finished_checkpoint
from dfa_mm.files import write_json
from dfa_mm.version import __version__

from .run import Run
from .training_log import read_scalars, trained_iterations, training_seconds

FILE = 'row.json'
RESULTS = 'results.json'
_TRACES = ('last_checkpoint', 'finished.json', RESULTS)


class StaleRunError(RuntimeError):
    """A folder holds another run than the one that would be made now."""


def read_record(folder: Path) -> Optional[dict]:
    path = folder / FILE
    return json.loads(path.read_text()) if path.exists() else None


def drop_older_checkpoints(run: Run) -> None:
    """Of a finished run the last is enough; two were kept for resuming."""
    final = run.checkpoint()
    kind = final.name.rsplit('_', 1)[0]  # 'epoch' or 'iter'
    for path in run.folder.glob(f'{kind}_*.pth'):
        if path != final:
            path.unlink()


def is_done(run: Run) -> bool:
    """Trained to the end and tested; its checkpoint may be gone by now."""
    if not (run.folder / RESULTS).exists():
        return False
    if 'training' in (read_record(run.folder) or {}):
        return True
    return finished_checkpoint(str(run.folder)) is not None


def traces(folder: Path) -> list[str]:
    """Files that only a training with a checkpoint leaves."""
    return [name for name in _TRACES if (folder / name).exists()]


def check_not_stale(runs: Iterable[Run]) -> None:
    """Before hours of work.

    Raises:
        StaleRunError: If a folder holds another run than ``runs`` say.
    """
    for run in runs:
        found = difference(run)
        if found:
            raise StaleRunError(
                f'{run.folder} holds another run than this call would make:\n'
                f'{found}\nChoose another place with --work-dir, or delete '
                'that folder to train it anew.'
            )


def difference(run: Run) -> Optional[str]:
    """What the folder's run and this one disagree in; None if in nothing."""
    left = traces(run.folder)
    if not left:
        return None
    record = read_record(run.folder)
    if record is None:
        return f'{left[0]} is there, but no {FILE} that says what it is of'
    try:
        check_same(record['identity'], run.identity, str(run.folder))
    except RunMismatchError as error:
        return str(error)
    return None


def begin_record(run: Run, command: list[str], hardware: str) -> None:
    """Write what is about to be trained, or trained further."""
    record = dict(started=_now(), hardware=[])
    if traces(run.folder):
        record = read_record(run.folder)
    machines = record['hardware']
    record.update(
        identity=run.identity,
        command=command,
        hardware=machines + [hardware] * (hardware not in machines),
        dfa_mm=__version__,
    )
    write_json(run.folder / FILE, record)


def complete_record(run: Run) -> dict:
    """Add what the finished training took, if that was not done before.

    Raises:
        FileNotFoundError: If the run is not finished.
    """
    record = read_record(run.folder)
    if 'training' in record:
        return record
    iterations = trained_iterations(run.checkpoint())
    batch = run.cfg.train_dataloader.batch_size
    window = run.cfg.get('log_processor', {}).get('window_size', 10)
    seconds = training_seconds(read_scalars(run.folder), iterations, window)
    record['training'] = dict(
        iterations=iterations,
        batch_size=batch,
        image_passes=iterations * batch * run.row.passes,
        seconds=seconds and round(seconds, 1),
    )
    record['finished'] = _now()
    write_json(run.folder / FILE, record)
    return record


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec='seconds')
