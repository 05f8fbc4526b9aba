"""From a file to the pixels that a person sees."""

import io
import os
from contextlib import contextmanager
from threading import Lock
from typing import BinaryIO, Iterator, NamedTuple, Optional, Tuple, Union

import cv2
import numpy as np
from PIL import Image

from dfa_mm.errors import InputError, PictureError
from dfa_mm.names import shown

from .depth import bits_of, to_bgr
from .kinds import EXPECTED, known_formats
from .limits import check_bytes, check_scans, check_size, open_file
from .orientation import is_transposed, orientation_of, upright
from .tiff import TiffPage, read_page

AnyPath = Union[str, os.PathLike]
_START = 64  # bytes that tell the format
# a PNG may say it behind its pixels, in chunks that these words are in
_LATE_IN_PNG = (b'eXIf', b'Raw profile type exif', b'XML:com.adobe.xmp')
_DEEP_MODES = ('I', 'F')  # I;16 and its like begin so
_COLOURS = ('RGB', 'RGBA', 'LA')
_JPEG = ('JPEG', 'MPO')
# begins a scan; what is compressed never has it, a thumbnail may
_SCAN = b'\xff\xda'
_RIFF = 8  # bytes of a RIFF file's beginning
_ENDS = {b'\xff\xd8': b'\xff\xd9', b'\x89P': b'IEND\xaeB`\x82'}
_WHITE_IS_ZERO = 0  # of TIFF's PhotometricInterpretation
_PHOTOMETRIC = 262
_opening = Lock()


class Header(NamedTuple):
    """What is known of a picture before its pixels are read.

    ``size`` is width and height as seen, ``kind`` Pillow's name of the
    format, ``frames`` of an animation or pages of a document.
    """

    size: Tuple[int, int]
    kind: str
    frames: int


def read(path: AnyPath) -> np.ndarray:
    """The picture (H, W, 3) BGR uint8 in a file.

    Raises:
        PictureError: Names the file that is missing, too large or broken.
    """
    with open_file(path) as file:
        return _read(file, str(path))


def decode(content: bytes, name: str) -> np.ndarray:
    """:func:`read` of a file's content; the name is for errors."""
    check_bytes(len(content), name)
    return _read(io.BytesIO(content), name)


def size(path: AnyPath) -> Tuple[int, int]:
    """Width and height as seen, from the header.

    Raises:
        PictureError: As :func:`read`, but for what only the pixels tell.
    """
    with open_file(path) as file, _opened(file, str(path)) as image:
        return _seen_size(image, file)


def header(path: AnyPath) -> Header:
    """:func:`size` and what else there is to tell."""
    with open_file(path) as file, _opened(file, str(path)) as image:
        return Header(_seen_size(image, file), image.format, _frames(image))


def seems_whole(path: AnyPath) -> bool:
    """Whether a file ends as its format does; True where that says nothing.

    Files that were cut short do not; whole ones with more behind them do not,
    either. For what :func:`size` can read.
    """
    with open_file(path) as file:
        start = file.read(_RIFF)
        length = file.seek(0, os.SEEK_END)
        if start[:4] == b'RIFF':  # WebP tells the bytes that follow
            return length >= int.from_bytes(start[4:], 'little') + _RIFF
        end = _ENDS.get(start[:2], b'')
        file.seek(max(0, length - len(end)))
        return file.read() == end if end else True


def _read(file: BinaryIO, name: str) -> np.ndarray:
    with _opened(file, name) as image:
        if isinstance(image, TiffPage):
            pixels, orientation = _by_opencv(file), 1
        else:
            if image.format in _JPEG:
                check_scans(image.size, _scans(file), name)
            deep = _is_deep_colour(image)
            image.load()  # also tells whether it is whole
            # now, for Pillow itself turns TIFF, and PNG may say it at its end
            orientation = orientation_of(image)
            pixels = _by_opencv(file) if deep else _by_pillow(image)
        return np.ascontiguousarray(upright(pixels, orientation))


@contextmanager
def _opened(
    file: BinaryIO, name: str
) -> Iterator[Union[Image.Image, TiffPage]]:
    """A picture of which only the header is read.

    Raises:
        PictureError: Also in place of whatever goes wrong in the block.
    """
    try:
        image = _open(file, name)
        with image:
            check_size(image.size, name)
            yield image
    except InputError:
        raise
    except Exception as error:  # any: the bytes decide what goes wrong
        reason = ' '.join(str(error).split()) or type(error).__name__
        raise PictureError(
            f'{shown(name)} cannot be read as a picture: {shown(reason)}; '
            f'expected {EXPECTED}'
        ) from error


def _open(file: BinaryIO, name: str) -> Union[Image.Image, TiffPage]:
    start = file.read(_START)
    formats = known_formats(start, name)
    file.seek(0)
    try:
        with _one_limit():
            return Image.open(file, formats=formats)
    except Image.UnidentifiedImageError:
        page = read_page(file)  # Pillow knows no colours of floats
        if page is None:
            raise PictureError(
                f'{shown(name)} cannot be read as a picture; expected '
                f'{EXPECTED}'
            ) from None
        return page


@contextmanager
def _one_limit() -> Iterator[None]:
    """Pillow's own limit is off, for :func:`max_pixels` is the one."""
    with _opening:
        before, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
        try:
            yield
        finally:
            Image.MAX_IMAGE_PIXELS = before


def _seen_size(
    image: Union[Image.Image, TiffPage], file: BinaryIO
) -> Tuple[int, int]:
    if isinstance(image, TiffPage):
        width, height = image.size
        turned = is_transposed(image.orientation)
        return (height, width) if turned else (width, height)
    if image.format == 'PNG' and 'exif' not in image.info:
        position = file.tell()
        file.seek(0)
        content = file.read()
        file.seek(position)
        if any(word in content for word in _LATE_IN_PNG):
            image.load()
    if image.format == 'TIFF':
        return _seen_size_of_tiff(image)
    width, height = image.size
    turned = is_transposed(orientation_of(image))
    return (height, width) if turned else (width, height)


def _seen_size_of_tiff(image: Image.Image) -> Tuple[int, int]:
    """By the tags: some releases of Pillow tell the size as seen, some not."""
    width, height = image.tag_v2[256], image.tag_v2[257]
    turned = is_transposed(orientation_of(image))
    return (height, width) if turned else (width, height)


def _frames(image: Union[Image.Image, TiffPage]) -> int:
    """Of a JPEG the preview or gain map behind it is no second picture."""
    if image.format in _JPEG:
        return 1
    try:
        with _one_limit():
            return getattr(image, 'n_frames', 1)
    except (EOFError, OSError, SyntaxError, ValueError):
        return 2  # at least: a later one is broken, which nobody reads


def _scans(file: BinaryIO) -> int:
    position = file.tell()
    file.seek(0)
    count = file.read().count(_SCAN)
    file.seek(position)
    return count


def _is_deep_colour(image: Image.Image) -> bool:
    """Whether Pillow would keep 8 bits of 16, which are black if 12 count."""
    return image.mode in _COLOURS and any(
        ';16' in str(tile[3]) for tile in image.tile
    )


def _by_opencv(file: BinaryIO) -> np.ndarray:
    """Of TIFF as seen, of PNG as stored."""
    file.seek(0)
    content = np.frombuffer(file.read(), np.uint8)
    pixels: Optional[np.ndarray] = cv2.imdecode(content, cv2.IMREAD_UNCHANGED)
    if pixels is None:
        raise ValueError('OpenCV cannot read it')
    return to_bgr(pixels)


def _by_pillow(image: Image.Image) -> np.ndarray:
    if image.mode.startswith(_DEEP_MODES):
        return to_bgr(_deep_grey(image))
    if image.has_transparency_data:
        pixels = np.asarray(image.convert('RGBA'))
        return to_bgr(cv2.cvtColor(pixels, cv2.COLOR_RGBA2BGRA))
    pixels = np.asarray(image.convert('RGB'))
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)


def _deep_grey(image: Image.Image) -> np.ndarray:
    """uint16, int32 or float32 (H, W); 0 is black."""
    pixels = np.asarray(image)
    tags = getattr(image, 'tag_v2', {})
    if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO and pixels.dtype.kind != 'f':
        return 2 ** bits_of(pixels) - 1 - pixels
    return pixels
