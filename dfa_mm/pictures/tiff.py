"""TIFF's of kinds that Pillow does not know and OpenCV does."""

from typing import BinaryIO, NamedTuple, Optional, Tuple

from PIL import TiffImagePlugin

_MAGIC = (b'II*\0', b'MM\0*', b'II+\0', b'MM\0+')
_BIG = b'+'
_WIDTH, _HEIGHT, _ORIENTATION = 256, 257, 274


class TiffPage(NamedTuple):
    """The first page's width and height in the file, and its orientation."""

    size: Tuple[int, int]
    orientation: int
    format: str = 'TIFF'

    def __enter__(self) -> 'TiffPage':
        return self

    def __exit__(self, *_) -> None:
        pass


def read_page(file: BinaryIO) -> Optional[TiffPage]:
    """``None`` if the file is no TIFF."""
    file.seek(0)
    start = file.read(8)
    if start[:4] not in _MAGIC:
        return None
    start += file.read(8) if _BIG in start[2:4] else b''
    tags = TiffImagePlugin.ImageFileDirectory_v2(start)
    file.seek(tags.next)
    tags.load(file)
    size = int(tags[_WIDTH]), int(tags[_HEIGHT])
    return TiffPage(size, tags.get(_ORIENTATION, 1))
