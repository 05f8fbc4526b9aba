"""One picture from a browser to the visitor's folder."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request

from .visitors import Visitor

MAX_UPLOAD = 50 * 2**20  # bytes
UPLOAD_SECONDS = 120
FREE_SPACE = 2**30  # bytes that stay free on the disk
MAX_NAME = 100  # bytes, without the suffix
NO_FORM = 'expected a form with one file'
_FORM = 10_000  # bytes beside the file
_PIECE = 2**20


async def receive_upload(visitor: Visitor, request: Request) -> Path:
    """Write the one file of a form into a folder of its own.

    Raises:
        HTTPException: With a text for the visitor, if it is too large, takes
            too long, is not one file, or there is no room.
    """
    free = shutil.disk_usage(visitor.folder).free
    if free < FREE_SPACE + MAX_UPLOAD:
        raise HTTPException(503, 'there is no room for pictures just now')
    body = limited_body(request, MAX_UPLOAD + _FORM)
    try:
        return await asyncio.wait_for(
            _receive(visitor, Request(request.scope, body)), UPLOAD_SECONDS
        )
    except asyncio.TimeoutError:
        text = f'the upload took more than {UPLOAD_SECONDS} s'
        raise HTTPException(408, text) from None


async def _receive(visitor: Visitor, request: Request) -> Path:
    kind = request.headers.get('content-type', '')
    if not kind.lower().startswith('multipart/form-data'):
        raise HTTPException(400, NO_FORM)
    async with request.form(max_files=1, max_fields=1) as form:
        file = form.get('files')
        if not hasattr(file, 'filename') or len(form) != 1:
            raise HTTPException(400, NO_FORM)
        folder = Path(tempfile.mkdtemp(dir=visitor.folder))
        path = folder / safe_name(file.filename)
        try:
            await asyncio.to_thread(_write, file.file, path)
        except BaseException:  # also when the browser goes
            shutil.rmtree(folder, ignore_errors=True)
            raise
    visitor.keep(path)
    return path


def _write(source, path: Path) -> None:
    with path.open('xb') as target:
        shutil.copyfileobj(source, target, _PIECE)


def limited_body(request: Request, limit: int):
    """``receive`` of a request, until there were more bytes than that.

    Raises:
        HTTPException: When there were, or when more are announced.
    """
    text = f'more than {limit // 2**20 or limit} '
    text += 'MB' if limit >= 2**20 else 'bytes'
    announced = request.headers.get('content-length', '0')
    if announced.isdecimal() and int(announced[:20]) > limit:
        raise HTTPException(413, text)
    received = 0

    async def receive() -> dict:
        nonlocal received
        message = await request.receive()
        received += len(message.get('body', b''))
        if received > limit:
            raise HTTPException(413, text)
        return message

    return receive


def safe_name(name: str) -> str:
    """The last part of a name, with nothing in it that is more than a name.

    Letters of all languages stay; slashes of both kinds, control and
    direction signs and dots at the beginning go.
    """
    name = name.replace('\\', '/').rpartition('/')[2]
    name = ''.join(c for c in name if c.isprintable() and c not in '<>:"|?*')
    stem, suffix = os.path.splitext(name.strip().lstrip('.'))
    stem = stem.encode()[:MAX_NAME].decode(errors='ignore').strip()
    return (stem or 'photo') + suffix.encode()[:10].decode(errors='ignore')
