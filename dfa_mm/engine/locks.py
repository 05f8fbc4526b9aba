"""One training at a time in a folder."""

import errno
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

from mmengine.logging import MMLogger

from dfa_mm.errors import InputError

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

LOCK_FILE = 'training.lock'


class FolderInUseError(InputError):
    """Another training writes into the folder."""


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Keeps other trainings out of a folder while the block runs.

    The lock is this process's alone, not that of its workers, and goes with
    it, however it ends; the empty file stays.

    Raises:
        FolderInUseError: If another process holds it.
    """
    path = Path(folder, LOCK_FILE)
    with path.open('wb') as file:
        try:
            if fcntl is not None:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                raise FolderInUseError(
                    f'another training is running in {folder}: wait for its '
                    'end, or give another folder by --work-dir'
                ) from error
            # some file systems of other machines have none
            MMLogger.get_current_instance().warning(
                f'{path}: {error.strerror}: nothing keeps a second training '
                'out of this folder'
            )
        yield
