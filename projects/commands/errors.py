"""What the user can put right ends a command in a line, and in status 2."""

import re
import sys
import tempfile
import traceback
import warnings
from typing import Callable, Optional

# MMEngine's import of it, which the requirements allow for
warnings.filterwarnings('ignore', 'pkg_resources is deprecated as an API')

import dfa_mm  # noqa: E402

dfa_mm.register()  # `python -m dfa_mm` has not done so

# isort: split
from dfa_mm.apis import InputError  # noqa: E402
from dfa_mm.config_files import in_words  # noqa: E402
from dfa_mm.datasets.coco_writer import ForeignFilesError  # noqa: E402
from dfa_mm.engine.checkpoints import CheckpointMismatchError  # noqa: E402
from dfa_mm.engine.hooks import DivergedError  # noqa: E402
from dfa_mm.engine.identity import RunMismatchError  # noqa: E402
from dfa_mm.engine.requirements import MissingFilesError  # noqa: E402
from dfa_mm.engine.training import FULL, DiskFullError  # noqa: E402
from dfa_mm.errors import SettingsError  # noqa: E402
from dfa_mm.models.pose_estimators.pairing import PairingError  # noqa: E402

from .dfa import MISTAKEN, STOPPED  # noqa: E402

FAILED = 1
MISTAKES = (
    CheckpointMismatchError,
    ForeignFilesError,
    InputError,
    MissingFilesError,
    OSError,
    PairingError,
    RunMismatchError,
)
# of a process that reads pictures for a training: torch hands on its
# traceback as the message
WORKER = re.compile(r'Original Traceback .*\n(?:\w+\.)*\w+: (.*)', re.DOTALL)


def exit_status(run: Callable[[], Optional[int]]) -> int:
    """Run a command; what the user can put right is told in one line.

    A name that the terminal cannot show is told with escapes.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, 'reconfigure'):
            stream.reconfigure(errors='backslashreplace')
    try:
        return run() or 0
    except KeyboardInterrupt:
        return tell('stopped', STOPPED)
    except BrokenPipeError:
        raise  # of who reads what is printed: the command ends quietly
    except (DivergedError, DiskFullError) as error:
        return tell(f'error: {error}', FAILED)
    except SettingsError as error:
        came = ''
        if error.__cause__:  # what a library, or a user's class, made of it
            came = f'; how it came about: {kept_traceback()}'
        return tell(f'error: {error}{came}', MISTAKEN)
    except MISTAKES as error:
        full = isinstance(error, OSError) and error.errno in FULL
        return tell(
            f'error: {message_of(error)}', FAILED if full else MISTAKEN
        )
    except Exception as error:  # a fault of the program, not of the user
        return tell(
            f'error: unexpected {in_words(error)}; how it came about: '
            f'{kept_traceback()}',
            FAILED,
        )


def tell(text: str, status: int) -> int:
    print(text, file=sys.stderr)
    return status


def message_of(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror and error.filename:
        return f'{error.filename}: {error.strerror}'
    found = WORKER.search(str(error))
    return found[1].strip() if found else str(error)


def kept_traceback() -> str:
    """A file with the traceback of the error that is handled."""
    with tempfile.NamedTemporaryFile(
        'w', prefix='dfa_error_', suffix='.txt', delete=False
    ) as file:
        traceback.print_exc(file=file)
    return file.name
