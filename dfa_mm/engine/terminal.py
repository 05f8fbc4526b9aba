"""What MMEngine logs, on a terminal: warnings alone, the known ones less.

The log file holds everything.
"""

import logging
import textwrap
from functools import lru_cache

from mmengine.logging import MMLogger
from rich.console import Console

# Of MMEngine about itself: nothing that a config, the data or a checkpoint
# could be the reason for.
HARMLESS = (
    '"FileClient" will be deprecated in future',
    '"HardDiskBackend" is the alias of "LocalBackend"',
    # a registry of MMPose's that MMEngine's stands in for, as MMPose means it
    'Failed to search registry with scope "mmpose"',
)
LONGEST = 400  # characters of a warning
ELLIPSIS = ' ... (the log file has all of it)'


@lru_cache(maxsize=None)
def terminal() -> Console:
    """Where progress and warnings appear; results go to standard output."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


class TerminalHandler(logging.Handler):
    """Prints warnings, each in a line, above whatever bar moves there."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said = set()

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if text in self.said or text.lstrip().startswith(HARMLESS):
            return
        self.said.add(text)
        if record.levelno < logging.ERROR:
            text = textwrap.shorten(text, LONGEST, placeholder=ELLIPSIS)
        level = record.levelname.lower()
        terminal().print(f'{level}: {text}', markup=False)


def hush(logger: MMLogger) -> None:
    """Leave the terminal to :class:`TerminalHandler`."""
    files = [h for h in logger.handlers if isinstance(h, logging.FileHandler)]
    logger.handlers[:] = [*files, TerminalHandler()]
