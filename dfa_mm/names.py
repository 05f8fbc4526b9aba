"""Names of files in print.

A name is bytes, which need not be UTF-8 and may break lines or colour the
terminal. Python stands in for a byte that is no UTF-8 with half a surrogate
pair, which no file and no strict terminal takes; OpenCV crashes on it.
"""

import os
from typing import Union

AnyName = Union[str, os.PathLike]
# Python's ``surrogateescape``: 0xDC00 + the byte
_FIRST, _LAST, _BASE = '\udc80', '\udcff', 0xDC00


def as_text(name: AnyName) -> str:
    r"""A name as Unicode, for files: other bytes are told as ``\xe9``."""
    return ''.join(
        _escape(c) if '\ud800' <= c <= '\udfff' else c for c in str(name)
    )


def shown(name: AnyName) -> str:
    r"""A name in one line: what does not print is told as ``\n``, ``\x1b``."""
    return ''.join(c if c.isprintable() else _escape(c) for c in str(name))


def _escape(character: str) -> str:
    if _FIRST <= character <= _LAST:
        return f'\\x{ord(character) - _BASE:02x}'
    return character.encode('unicode_escape').decode('ascii')
