"""What a config describes is built, or said in one line why not."""

from contextlib import contextmanager
from typing import Iterator

from dfa_mm.config_files import in_words
from dfa_mm.errors import SettingsError

# by which libraries refuse an argument, or miss a package
_REFUSALS = (
    *(AssertionError, AttributeError, ImportError, KeyError, IndexError),
    *(TypeError, ValueError, ModuleNotFoundError),
)


@contextmanager
def settings(what: str) -> Iterator[None]:
    """Of a block that builds what the config has under ``what``.

    Raises:
        SettingsError: In place of what a library says of its arguments.
    """
    try:
        yield
    except _REFUSALS as error:
        if type(error) not in _REFUSALS:  # one of ours, which says more
            raise
        raise SettingsError(
            f'{what} cannot be built as the config has it: {in_words(error)}'
        ) from error
