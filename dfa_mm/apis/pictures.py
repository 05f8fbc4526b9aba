"""Pictures from files, folders, patterns, addresses and arrays."""

import glob
import os
from pathlib import Path
from typing import List, Union
from urllib.parse import unquote, urlsplit

import mmcv
import numpy as np

from dfa_mm import pictures
from dfa_mm.names import shown

from .download import check_address, download
from .errors import InputError, PictureError

Source = Union[str, os.PathLike]
decode_picture, as_picture = pictures.decode, pictures.as_picture
PICTURE_SUFFIXES = (
    '.avif', '.bmp', '.gif', '.heic', '.heif', '.jfif', '.jpe', '.jpeg',
    '.jpg', '.jp2', '.pbm', '.pgm', '.png', '.ppm', '.tif', '.tiff', '.webp',
)  # fmt: skip
VIDEO_SUFFIXES = ('.avi', '.m4v', '.mkv', '.mov', '.mp4', '.mpg', '.webm')


def source_name(source: Source) -> str:
    """A file, folder, pattern or address as text.

    Raises:
        InputError: If it is something else.
    """
    if not isinstance(source, (str, os.PathLike)):
        raise InputError(
            f'{type(source).__name__} is no name of a picture; expected a '
            'file, folder, pattern or address'
        )
    return os.fspath(source)


def is_url(source: Source) -> bool:
    return str(source).lower().startswith(('http://', 'https://'))


def is_many(source: Source) -> bool:
    """Whether a source is a folder or a pattern, not one picture."""
    source = source_name(source)
    if is_url(source) or os.path.isfile(source):
        return False
    return os.path.isdir(source) or glob.has_magic(source)


def find_pictures(source: Source) -> List[str]:
    """The pictures that a file, folder, pattern or address stands for.

    A folder's are those with a picture's suffix, in order of their names,
    without its subfolders; ``**`` in a pattern goes through them.

    Raises:
        InputError: If there is none.
    """
    source = source_name(source)
    if not is_many(source):
        return [source]
    if Path(source).is_dir():
        files = Path(source).iterdir()
        found = [f for f in files if f.suffix.lower() in PICTURE_SUFFIXES]
        problem = (
            f'there is no picture in {shown(source)}; expected files that '
            f'end in {", ".join(PICTURE_SUFFIXES)}'
        )
    else:
        found = map(Path, glob.glob(source, recursive=True))
        problem = f'no file matches {shown(source)}'
    found = sorted(str(file) for file in found if file.is_file())
    if not found:
        raise InputError(problem)
    return found


def picture_name(source: Source) -> str:
    """The name of a picture's file, also of one behind an address."""
    if not is_url(source):
        return Path(source).name
    path = unquote(urlsplit(source).path).replace('\0', '')  # of no file
    name = Path(path).name or 'picture'
    known = Path(name).suffix.lower() in PICTURE_SUFFIXES
    return name if known else f'{name}.jpg'


def check_picture(source: Source) -> None:
    """What the header of a file tells; of an address nothing is asked.

    Raises:
        PictureError: If it is missing, no picture or too large.
    """
    source = source_name(source)
    if is_url(source):
        check_address(source)
        return
    if Path(source).suffix.lower() in VIDEO_SUFFIXES:
        raise PictureError(f'{shown(source)} is a video; expected a picture')
    pictures.size(source)


def read_picture(source: Source) -> np.ndarray:
    """A picture of a file or an address: :func:`dfa_mm.pictures.read`.

    (H, W, 3) BGR uint8 as a person sees it.

    Raises:
        InputError: Names the file or address that cannot be read.
    """
    source = source_name(source)
    if is_url(source):
        return pictures.decode(download(source), source)
    if Path(source).suffix.lower() in VIDEO_SUFFIXES:
        raise PictureError(f'{shown(source)} is a video; expected a picture')
    return pictures.read(source)


def check_utf8(path: Source) -> None:
    """Of a video; OpenCV, which opens it by its name, crashes on others.

    Raises:
        InputError: If its name is other bytes.
    """
    try:
        os.fspath(path).encode()
    except UnicodeEncodeError as error:
        raise InputError(
            f'the name {shown(path)} is not UTF-8, without which OpenCV '
            'opens no video: rename it'
        ) from error


def open_video(path: str) -> mmcv.VideoReader:
    """A video to go through frame by frame.

    Raises:
        InputError: If there is none, or nothing in it can be read.
    """
    if not Path(path).is_file():
        raise InputError(f'there is no video {shown(path)}')
    check_utf8(path)
    video = mmcv.VideoReader(str(path))
    if not video.opened or not video.width or not video.height:
        raise InputError(
            f'{shown(path)} cannot be read as a video; expected a whole file '
            'of a kind that OpenCV knows, such as mp4'
        )
    return video
