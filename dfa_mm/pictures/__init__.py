"""One decoder for all: checks, training, demos and the page see the same.

What is read is what a person sees: upright, whatever the format says so in
(EXIF in JPEG, PNG, WebP and TIFF; HEIC's and AVIF's own way), transparency on
white, the first frame of animations and the first page of documents, 8 bits
of deeper pictures. Colour profiles are not applied.

Nothing is read but an ordinary file (no pipe, device or socket), and none of
more pixels than :func:`max_pixels`, which the header tells: a file of some
kilobytes that would unfold to gigabytes costs nothing. Half a picture is an
error.
"""

from dfa_mm.errors import PictureError

from .arrays import as_picture
from .decoder import Header, decode, header, read, seems_whole, size
from .depth import to_8_bits
from .limits import MAX_MEGAPIXELS, max_bytes, max_pixels
from .orientation import upright
from .writer import can_write, write

__all__ = [
    'MAX_MEGAPIXELS',
    'Header',
    'PictureError',
    'as_picture',
    'can_write',
    'decode',
    'header',
    'max_bytes',
    'max_pixels',
    'read',
    'seems_whole',
    'size',
    'to_8_bits',
    'upright',
    'write',
]
