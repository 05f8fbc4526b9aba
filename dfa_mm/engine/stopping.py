"""Ctrl-C, and the signal of a scheduler, end a training in good order."""

import signal
import sys
import threading
from contextlib import contextmanager
from typing import Iterator, List, Optional

import torch
from mmengine.dist import all_reduce, get_world_size

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StoppedError(KeyboardInterrupt):
    """A training was told to stop, and has: says where it goes on from.

    Attributes:
        signal (int): That told it.
    """

    def __init__(self, message: str, number: int) -> None:
        super().__init__(message)
        self.signal = number


class StopRequest:
    """Whether a signal came.

    Attributes:
        signal (int, optional): The first that came.
        deferred (bool): Whether somebody looks at it before long; else it
            ends what runs by a :class:`StoppedError`.
    """

    def __init__(self) -> None:
        self.signal: Optional[int] = None
        self.deferred = False

    def receive(self, number: int, frame: object = None) -> None:
        """Of a signal; the second of its kind has its usual effect."""
        self.signal = number
        signal.signal(number, signal.SIG_DFL)
        if not self.deferred:
            raise StoppedError('while nothing was trained', number)

    def came(self) -> bool:
        """Whether it did in any of the processes that train together."""
        found = self.signal is not None
        if get_world_size() > 1:
            flag = torch.tensor(int(found))
            all_reduce(flag, 'max')
            found = bool(flag)
        return found


# of the blocks that run, the outermost; others in it share its request
_received: List[StopRequest] = []


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Receives the signals while the block runs.

    Only Python's main thread can; in others nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield StopRequest()
        return
    if _received:
        (request,) = _received
        deferred = request.deferred
        try:
            yield request
        finally:
            request.deferred = deferred
        return
    request = StopRequest()
    _received.append(request)
    before = {number: signal.getsignal(number) for number in SIGNALS}
    unraisable = sys.unraisablehook

    def quiet(error: object) -> None:
        """Of an object that is collected, as a loader with its workers.

        An error there cannot end the training; that the signal came is known.
        """
        if request.signal is None:
            unraisable(error)

    sys.unraisablehook = quiet
    for number in SIGNALS:
        signal.signal(number, request.receive)
    try:
        yield request
    finally:
        _received.clear()
        sys.unraisablehook = unraisable
        for number, handler in before.items():
            signal.signal(number, handler)
