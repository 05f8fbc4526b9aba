"""How long a run trained and on how much, from what MMEngine left behind.

MMEngine writes one line per ``LoggerHook.interval`` iterations into
``DATE/vis_data/scalars.json``: ``iter``, the iterations so far, and ``time``,
the mean seconds of the last ``LogProcessor.window_size`` of them, with the
loading of data but without validation. Every session, after an interruption,
has a folder DATE of its own and goes on from the last checkpoint, so that it
repeats what came after that.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Optional

import numpy as np

from dfa_mm.engine.checkpoints import read_checkpoint


def read_scalars(folder: Path) -> list[dict]:
    """``dict(iter, time)`` of every training line, sessions in order."""
    lines = []
    for path in sorted(folder.glob('*/vis_data/scalars.json')):
        lines.extend(path.read_text().splitlines())
    records = [record for line in lines if (record := _parse(line))]
    return [dict(iter=r['iter'], time=r['time']) for r in records]


def _parse(line: str) -> dict:
    """A training line; an empty dict for a test's or a torn one."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return record if 'iter' in record and 'time' in record else {}


def training_seconds(
    records: Iterable[Mapping], iterations: int, window: int
) -> Optional[float]:
    """Seconds of the iterations that the result is made of, each once.

    Of an iteration that was repeated the later time counts. Those that no
    line covers (an epoch's last ones) take the median of the others.

    Args:
        records (Iterable[Mapping]): Of :func:`read_scalars`.
        iterations (int): In the final checkpoint.
        window (int): How many iterations a line's ``time`` is the mean of.

    Returns:
        float | None: None if no line covers any of the iterations.
    """
    seconds = np.full(iterations, np.nan)
    for record in records:
        last = record['iter']
        seconds[max(0, last - window) : last] = record['time']
    if np.isnan(seconds).all():
        return None
    seconds[np.isnan(seconds)] = np.nanmedian(seconds)
    return float(seconds.sum())


def trained_iterations(checkpoint: Path) -> int:
    """Iterations that a checkpoint of MMEngine has behind it."""
    return int(read_checkpoint(str(checkpoint))['meta']['iter'])
