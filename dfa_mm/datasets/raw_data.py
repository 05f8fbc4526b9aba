"""What the readers of published data sets share."""

from pathlib import Path
from typing import Optional, Tuple

from dfa_mm import pictures
from dfa_mm.errors import InputError

_MAX_FOUND = 600  # characters of what may be anything
Size = Optional[Tuple[int, int]]  # width, height; None where not read


class RawDataError(InputError):
    """What is wrong where, what it should be, and what to do; one line.

    ``kind`` is what problems are counted by.
    """

    def __init__(
        self, where, found: str, expected: str, remedy: str, kind: str = ''
    ):
        if len(found) > _MAX_FOUND:
            found = f'{found[:_MAX_FOUND]} ...'
        text = f'{where}: found {found}; expected {expected}. {remedy}'
        super().__init__(printable(text))
        self.found, self.expected, self.remedy = found, expected, remedy
        self.kind = kind


def printable(text: str) -> str:
    """One line that can be written anywhere, whatever names are in it."""
    text = text.encode('utf-8', 'backslashreplace').decode('utf-8')
    return ''.join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def image_size(path: Path, where: str, remedy: str) -> Tuple[int, int]:
    """Width and height as a person sees it, from the header alone.

    Raises:
        RawDataError: If there is no readable image; it is said to be
            ``where``, and ``remedy`` to get it.
    """
    if not Path(path).exists():
        raise RawDataError(
            where, f'no file {path}', 'the image there', remedy, 'image'
        )
    try:
        return pictures.size(path)
    except pictures.PictureError as error:
        raise RawDataError(
            where, f'that {error}', 'a readable image', remedy, 'image'
        ) from None


def shown(size: Size) -> str:
    return 'image' if size is None else 'image of {} x {}'.format(*size)
