"""Pictures from files, folders, patterns, addresses and arrays."""

import glob
import io
from http.client import HTTPException
from pathlib import Path
from typing import List
from urllib.parse import unquote, urlsplit
from urllib.request import Request, urlopen

import cv2
import mmcv
import numpy as np
from PIL import Image

from .errors import InputError

PICTURE_SUFFIXES = (
    '.bmp', '.jfif', '.jpe', '.jpeg', '.jpg', '.jp2',
    '.pgm', '.png', '.ppm', '.tif', '.tiff', '.webp',
)  # fmt: skip
VIDEO_SUFFIXES = ('.avi', '.m4v', '.mkv', '.mov', '.mp4', '.mpg', '.webm')
# Some servers turn away Python's own name.
_USER_AGENT = 'Mozilla/5.0 (compatible; dfa_mm)'
_TIMEOUT = 30  # seconds without an answer
_KINDS = 'a whole file of a kind that OpenCV knows: JPEG, PNG, WebP, TIFF'


def is_url(source: str) -> bool:
    return source.lower().startswith(('http://', 'https://'))


def is_many(source: str) -> bool:
    """Whether a source is a folder or a pattern, not one picture."""
    if is_url(source) or Path(source).is_file():
        return False
    return Path(source).is_dir() or glob.has_magic(source)


def find_pictures(source: str) -> List[str]:
    """The pictures that a file, folder, pattern or address stands for.

    A folder's are those with a picture's suffix, in order of their names,
    without its subfolders; ``**`` in a pattern goes through them.

    Raises:
        InputError: If there is none.
    """
    if not is_many(source):
        return [source]
    if Path(source).is_dir():
        files = Path(source).iterdir()
        found = [f for f in files if f.suffix.lower() in PICTURE_SUFFIXES]
        problem = (
            f'there is no picture in {source}; expected files that end in '
            f'{", ".join(PICTURE_SUFFIXES)}'
        )
    else:
        found = map(Path, glob.glob(source, recursive=True))
        problem = f'no file matches {source}'
    found = sorted(str(file) for file in found if file.is_file())
    if not found:
        raise InputError(problem)
    return found


def picture_name(source: str) -> str:
    """The name of a picture's file, also of one behind an address."""
    if not is_url(source):
        return Path(source).name
    name = Path(unquote(urlsplit(source).path)).name or 'picture'
    known = Path(name).suffix.lower() in PICTURE_SUFFIXES
    return name if known else f'{name}.jpg'


def read_picture(source: str) -> np.ndarray:
    """A picture as MMPose's pipelines load it: (H, W, 3) BGR uint8, upright.

    Grey ones become BGR, 16 bits 8; an alpha channel is dropped.

    Raises:
        InputError: Names the file or address that cannot be read.
    """
    content = _download(source) if is_url(source) else _read_file(source)
    return decode_picture(content, source)


def decode_picture(content: bytes, source: str) -> np.ndarray:
    """:func:`read_picture` of a file's content; the source is for errors."""
    if not content:
        raise InputError(f'{source} is empty; expected {_KINDS}')
    try:
        image = mmcv.imfrombytes(content, flag='color', backend='cv2')
    except cv2.error as error:
        raise InputError(
            f'{source} cannot be read as a picture, which it is too large or '
            f'too broken for: {error}'
        ) from error
    if image is None or not image.size:
        raise InputError(
            f'{source} cannot be read as a picture; expected {_KINDS}'
        )
    _check_whole(content, source)
    return image


def as_picture(image: np.ndarray, name: str = 'the array') -> np.ndarray:
    """An array as :func:`read_picture` would have read it from a file.

    Takes (H, W), (H, W, 1), (H, W, 3) BGR or (H, W, 4) BGRA, of uint8 or
    uint16.

    Raises:
        InputError: Tells name, shape and type of anything else.
    """
    channels = image.shape[2] if image.ndim == 3 else 1
    if (
        image.ndim not in (2, 3)
        or channels not in (1, 3, 4)
        or image.dtype not in (np.uint8, np.uint16)
        or not image.size
    ):
        raise InputError(
            f'{name} is {image.dtype} {image.shape}; expected a picture '
            '(H, W), (H, W, 3) in BGR or (H, W, 4) of uint8 or uint16'
        )
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if channels == 1:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    return np.ascontiguousarray(image[..., :3])


def open_video(path: str) -> mmcv.VideoReader:
    """A video to go through frame by frame.

    Raises:
        InputError: If there is none, or nothing in it can be read.
    """
    if not Path(path).is_file():
        raise InputError(f'there is no video {path}')
    video = mmcv.VideoReader(str(path))
    if not video.opened or not video.width or not video.height:
        raise InputError(
            f'{path} cannot be read as a video; expected a whole file of a '
            'kind that OpenCV knows, such as mp4'
        )
    return video


def _read_file(path: str) -> bytes:
    if not Path(path).is_file():
        raise InputError(f'{path} is not a file')
    if Path(path).suffix.lower() in VIDEO_SUFFIXES:
        raise InputError(f'{path} is a video; expected a picture')
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(f'{path} cannot be read: {error}') from error


def _download(url: str) -> bytes:
    request = Request(url, headers={'User-Agent': _USER_AGENT})
    try:
        with urlopen(request, timeout=_TIMEOUT) as answer:
            return answer.read()
    except (OSError, HTTPException, ValueError) as error:
        raise InputError(f'{url} cannot be downloaded: {error}') from error


def _check_whole(content: bytes, source: str) -> None:
    """OpenCV fills what is missing of a JPEG with grey and says nothing."""
    if not content.startswith(b'\xff\xd8'):
        return
    try:
        with Image.open(io.BytesIO(content)) as image:
            image.draft('L', (1, 1))  # as small as can be, to be fast
            image.load()
    except Image.DecompressionBombError:
        return  # too large for Pillow to open, but OpenCV has read it
    except (OSError, SyntaxError) as error:
        raise InputError(
            f'{source} is not a whole picture: {error}; expected {_KINDS}'
        ) from error
