"""row.json: what a run is, and, once it is finished, what it took."""

import json
import os
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

from dfa_mm.engine.cascade import finished_checkpoint
from dfa_mm.version import __version__

from .run import Run
from .training_log import read_scalars, trained_iterations, training_seconds

FILE = 'row.json'
RESULTS = 'results.json'
_TRACES = ('last_checkpoint', 'finished.json', RESULTS)
_MOST_DIFFERENCES = 8


class StaleRunError(RuntimeError):
    """A folder holds another run than the one that would be made now."""


def read_record(folder: Path) -> Optional[dict]:
    path = folder / FILE
    return json.loads(path.read_text()) if path.exists() else None


def write_record(folder: Path, record: dict) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / FILE, record)


def write_json(path: Path, content) -> None:
    """At once or not at all."""
    temporary = path.with_name(f'.{path.name}')
    temporary.write_text(json.dumps(content, indent=2) + '\n')
    os.replace(temporary, path)


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


def differences(run: Run) -> list[str]:
    """What the folder's run and this one disagree in, in words."""
    left = traces(run.folder)
    if not left:
        return []
    record = read_record(run.folder)
    if record is None:
        return [f'{left[0]} is there, but no {FILE} that says what it is of']
    theirs, ours = record['identity'], run.identity
    pairs = {
        key: (theirs.get(key), ours[key]) for key in ('config', 'seed', 'amp')
    }
    before, now = record['settings'], run.settings
    for key in {**before, **now}:
        pairs[key] = before.get(key, '(nothing)'), now.get(key, '(nothing)')
    found = [
        f'{key}: {there!r} there, {here!r} here'
        for key, (there, here) in pairs.items()
        if there != here
    ]
    if theirs['parent'] != ours['parent']:
        found.append(f'it started from another {run.row.parent}')
    return found


def check_not_stale(runs: Iterable[Run]) -> None:
    """Before hours of work.

    Raises:
        StaleRunError: If a folder holds another run than ``runs`` say.
    """
    for run in runs:
        found = differences(run)
        if found:
            lines = found[:_MOST_DIFFERENCES]
            if len(found) > len(lines):
                lines.append(f'and {len(found) - len(lines)} more')
            listed = '\n'.join(f'    {line}' for line in lines)
            raise StaleRunError(
                f'{run.folder} holds another run than this call would make:\n'
                f'{listed}\nChoose another place with --work-dir, or delete '
                'that folder to train it anew.'
            )


def begin_record(run: Run, command: list[str], hardware: str) -> None:
    """Write what is about to be trained, or trained further."""
    record = dict(started=_now(), hardware=[])
    if traces(run.folder):
        record = read_record(run.folder)
    machines = record['hardware']
    record.update(
        identity=run.identity,
        settings=run.settings,
        command=command,
        hardware=machines + [hardware] * (hardware not in machines),
        dfa_mm=__version__,
    )
    write_record(run.folder, record)


def complete_record(run: Run) -> dict:
    """Add what the finished training took, if that was not done before.

    Raises:
        FileNotFoundError: If the run is not finished.
    """
    record = read_record(run.folder)
    if 'training' in record:
        return record
    settings = record['settings']
    iterations = trained_iterations(run.checkpoint())
    batch = settings['train_dataloader.batch_size']
    window = settings.get('log_processor.window_size', 10)
    seconds = training_seconds(read_scalars(run.folder), iterations, window)
    record['training'] = dict(
        iterations=iterations,
        batch_size=batch,
        image_passes=iterations * batch * run.row.passes,
        seconds=seconds and round(seconds, 1),
    )
    record['finished'] = _now()
    write_record(run.folder, record)
    return record


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec='seconds')
