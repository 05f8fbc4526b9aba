"""Pictures behind addresses, from servers that may be broken or hostile."""

import time
from http.client import HTTPException
from threading import Thread
from typing import Iterator, List
from urllib.error import URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from dfa_mm import pictures
from dfa_mm.names import shown

from .errors import PictureError

# Some servers turn away Python's own name.
_USER_AGENT = 'Mozilla/5.0 (compatible; dfa_mm)'
_SILENCE = 30  # seconds without a byte
_LONGEST = 120  # seconds for all of them
_MOST = 100_000_000  # bytes, or what the largest picture takes if that is less
_PIECE = 1 << 16
_KEPT = "%/:=&?~+!$,;'@()*[]"  # by quote


class _OnlyWeb(HTTPRedirectHandler):
    """urllib would follow to ftp."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        if not newurl.lower().startswith(('http://', 'https://')):
            raise URLError(f'it leads to {newurl}, which is no web address')
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def check_address(url: str) -> None:
    """A password would be told in errors, and be kept with the results.

    Raises:
        PictureError: If there is a user's name, or it is no address.
    """
    try:
        user = '@' in urlsplit(url).netloc
    except ValueError as error:
        raise PictureError(f'{shown(url)} is no address: {error}') from error
    if user:
        raise PictureError(
            f'an address of {shown(_without_user(url))} has the name of a '
            'user in it, which is not sent: download the picture and name '
            'the file'
        )


def _without_user(url: str) -> str:
    return urlsplit(url).netloc.rpartition('@')[2]


def download(url: str) -> bytes:
    """What is behind an address.

    A thread waits for it: no timeout of a socket ends a server that sends a
    byte from time to time.

    Raises:
        PictureError: If it cannot be had, takes too long or is too large.
    """
    check_address(url)
    pieces: List[bytes] = []
    errors: List[Exception] = []

    def work() -> None:
        try:
            pieces.extend(_pieces(url, time.monotonic() + _LONGEST))
        except (OSError, HTTPException, ValueError) as error:
            errors.append(error)

    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(_LONGEST)
    if thread.is_alive():
        errors.append(TimeoutError(f'not there after {_LONGEST} s'))
    if errors:
        raise PictureError(
            f'{shown(url)} cannot be downloaded: {shown(errors[0])}'
        ) from errors[0]
    return b''.join(pieces)


def _quoted(url: str) -> str:
    """With spaces and letters as servers take them."""
    parts = urlsplit(url)
    return parts._replace(
        path=quote(parts.path, safe=_KEPT), query=quote(parts.query, _KEPT)
    ).geturl()


def _pieces(url: str, end: float) -> Iterator[bytes]:
    request = Request(_quoted(url), headers={'User-Agent': _USER_AGENT})
    left = min(_MOST, pictures.max_bytes())
    with build_opener(_OnlyWeb).open(request, timeout=_SILENCE) as answer:
        while piece := answer.read1(_PIECE):
            left -= len(piece)
            if left < 0:
                raise ValueError(
                    f'more than {min(_MOST, pictures.max_bytes()) / 1e6:g} MB'
                )
            if time.monotonic() > end:
                raise TimeoutError(f'not there after {_LONGEST} s')
            yield piece
