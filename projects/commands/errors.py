"""What the user can put right ends a command in a line, and in status 2."""

import sys
from typing import Callable, Optional

import dfa_mm

dfa_mm.register()  # `python -m dfa_mm` has not done so

# isort: split
from dfa_mm.apis import InputError  # noqa: E402
from dfa_mm.datasets.coco_writer import ForeignFilesError  # noqa: E402
from dfa_mm.datasets.raw_data import RawDataError  # noqa: E402
from dfa_mm.engine.checkpoints import CheckpointMismatchError  # noqa: E402
from dfa_mm.engine.hooks import DivergedError  # noqa: E402
from dfa_mm.engine.identity import RunMismatchError  # noqa: E402
from dfa_mm.engine.requirements import MissingFilesError  # noqa: E402
from dfa_mm.models.pose_estimators.pairing import PairingError  # noqa: E402

MISTAKEN, FAILED = 2, 1
MISTAKES = (
    CheckpointMismatchError,
    ForeignFilesError,
    InputError,
    MissingFilesError,
    OSError,
    PairingError,
    RawDataError,
    RunMismatchError,
)


def exit_status(run: Callable[[], Optional[int]]) -> int:
    """Run a command; what the user can put right is told in one line.

    A name that the terminal cannot show is told with escapes.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, 'reconfigure'):
            stream.reconfigure(errors='backslashreplace')
    try:
        return run() or 0
    except MISTAKES as error:
        print(f'error: {reason(error)}', file=sys.stderr)
        return MISTAKEN
    except DivergedError as error:
        print(f'error: {error}', file=sys.stderr)
        return FAILED


def reason(error: Exception) -> str:
    """What it says; of one in a worker that loads data not its traceback.

    PyTorch raises it again with all of that as its message, the last line of
    which is ``module.Class: message``.
    """
    text = str(error)
    if not text.startswith('Caught '):
        return text
    return text.rstrip().splitlines()[-1].partition(': ')[2]
