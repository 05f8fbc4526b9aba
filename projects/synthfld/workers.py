"""The same work in one process or in several, with a progress bar."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Callable, List, Sequence

import cv2
from rich.progress import track

_CHUNK = 8
# What forked processes inherit instead of having it sent with every chunk.
_inherited: List[Callable] = []


def map_in_order(
    function: Callable, tasks: Sequence, workers: int, title: str
) -> List:
    """``function`` of every task; ``workers`` changes only the speed."""
    if workers == 1 or len(tasks) < 2:
        return [function(task) for task in track(tasks, title)]
    _inherited.append(function)
    try:
        # A started-afresh process would import MMPose once more (6 s).
        with ProcessPoolExecutor(
            workers, get_context('fork'), cv2.setNumThreads, (0,)
        ) as pool:
            results = pool.map(_call, tasks, chunksize=_CHUNK)
            return list(track(results, title, len(tasks)))
    finally:
        _inherited.pop()


def _call(task):
    return _inherited[-1](task)
