"""The formats that are read, and what they need installed."""

from PIL import Image, features

from dfa_mm.errors import PictureError
from dfa_mm.names import shown

# Pillow knows more, of which one starts a program and others are no pictures.
FORMATS = (
    *('JPEG', 'PNG', 'WEBP', 'TIFF', 'GIF', 'BMP', 'DIB', 'PPM'),
    *('JPEG2000', 'AVIF', 'HEIF'),
)
EXPECTED = (
    'a whole JPEG, PNG, WebP, TIFF, GIF, BMP, JPEG 2000, AVIF or HEIC file'
)
# of a file's first bytes, after which HEIC and AVIF tell their kinds
_HEIF_BOX, _BOX_LENGTH = b'ftyp', 64
_HEIF_BRANDS = (b'heic', b'heix', b'heim', b'heis', b'hevc', b'hevx')
_ANY_BRANDS = (b'mif1', b'msf1')
_AVIF_BRANDS = (b'avif', b'avis')


def known_formats(start: bytes, name: str) -> list:
    """What Pillow is to take a file for, by its first bytes.

    Raises:
        PictureError: Names the package that the file needs.
    """
    brands = start[8:_BOX_LENGTH] if start[4:8] == _HEIF_BOX else b''
    if any(brand in brands for brand in _AVIF_BRANDS):
        if not features.check('avif'):
            raise PictureError(
                f'{shown(name)} is an AVIF picture, which this Pillow does '
                "not read: pip install 'pillow>=11.3'"
            )
    elif any(brand in brands for brand in _HEIF_BRANDS + _ANY_BRANDS):
        _let_pillow_read_heic(name)
    Image.init()
    return [kind for kind in FORMATS if kind in Image.OPEN]


def _let_pillow_read_heic(name: str) -> None:
    try:
        import pillow_heif
    except ImportError as error:
        raise PictureError(
            f'{shown(name)} is an HEIC picture, which pillow-heif reads: '
            'pip install pillow-heif'
        ) from error
    pillow_heif.register_heif_opener()
