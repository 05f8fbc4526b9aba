"""Who may read which file: everybody only what is their own.

Gradio looks only at paths in objects that call themselves files, fetches
addresses for whoever names one, and shares one folder among all who visit;
so what comes from a browser is looked at before Gradio sees it.
"""

import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Callable
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse

API = '/gradio_api'
JOIN, UPLOAD = f'{API}/queue/join', f'{API}/upload'
FILE, HEARTBEAT = f'{API}/file=', f'{API}/heartbeat/'
# what a browser asks for; all else that Gradio offers stays shut
POSTED = {JOIN, UPLOAD}
GOT = {
    '/',
    '/config',
    '/favicon.ico',
    '/robots.txt',
    '/theme.css',
    f'{API}/queue/data',
    f'{API}/startup-events',
    f'{API}/upload_progress',
}
GOT_BELOW = '/assets/', '/static/', FILE, HEARTBEAT
# names that a browser chooses; they are only good for one visitor
CHOSEN = 'session_hash', 'upload_id'
FILE_KEYS = {'path', 'url', 'meta'}
FILE_META = {'_type': 'gradio.FileData'}
_NAME_BYTES = 16
_NAME = re.compile(r'[\w-]{22}', re.ASCII)  # _NAME_BYTES in base64
_NAME_LENGTH = 22


class OwnFiles:
    """The uploads of every visitor and the folders of their results.

    Args:
        root (str): Folder for the folders.
    """

    def __init__(self, root: str) -> None:
        self.root = root
        self._own: dict[str, set[str]] = {}

    def add(self, visitor: str, paths: Iterable[str]) -> None:
        self._own.setdefault(visitor, set()).update(paths)

    def new_folder(self, visitor: str) -> str:
        Path(self.root).mkdir(parents=True, exist_ok=True)
        folder = tempfile.mkdtemp(dir=self.root)
        self.add(visitor, [folder])
        return folder

    def owns(self, visitor: str, path) -> bool:
        """Whether it is the path of an upload, or lies in a folder."""
        if not isinstance(path, str) or os.path.normpath(path) != path:
            return False
        places = {path, *map(str, Path(path).parents)}
        return not places.isdisjoint(self._own.get(visitor, ()))


class NotOwnError(LookupError):
    """A file that there is not, or not for who asks: never told apart."""


def visitor_of(session_hash: str) -> str:
    """Whose session it is, of one that went through the :class:`Guard`."""
    return session_hash[:_NAME_LENGTH]


class Guard:
    """Stands before Gradio and lets through what a visitor may ask.

    A visitor is a browser, known by a cookie; sessions and uploads carry its
    name in front of their own from here on, so that none is of use to
    somebody else.

    Args:
        app: Gradio's, as ASGI has it.
        files (OwnFiles): Who may read what.
    """

    def __init__(self, app, files: OwnFiles) -> None:
        self.app = app
        self.files = files
        # cookies do not know ports: other pages of this machine get them too
        self.cookie = f'dfa_mm_{secrets.token_hex(4)}'

    async def __call__(self, scope, receive, send) -> None:
        if scope['type'] == 'lifespan':
            await self.app(scope, receive, send)
        elif scope['type'] == 'http':
            await self._answer(Request(scope, receive), send)

    async def _answer(self, request: Request, send) -> None:
        visitor = request.cookies.get(self.cookie, '')
        if not _NAME.fullmatch(visitor):
            visitor = secrets.token_urlsafe(_NAME_BYTES)
            send = introducing(f'{self.cookie}={visitor}', send)
        path = request.scope['path']
        try:
            self._check(visitor, request.method, path)
            scope = self._named(visitor, request.scope)
            receive = request.receive
            if path == JOIN:
                receive = await self._join(visitor, request)
        except NotOwnError:
            refusal = JSONResponse({'detail': 'Not Found'}, 404)
            await refusal(request.scope, request.receive, send)
            return
        if path == UPLOAD:
            send = recording(partial(self.files.add, visitor), send)
        await self.app(scope, receive, send)

    def _check(self, visitor: str, method: str, path: str) -> None:
        if method == 'POST':
            known = path in POSTED
        else:
            known = method in ('GET', 'HEAD') and (
                path in GOT or path.startswith(GOT_BELOW)
            )
        if path.startswith(FILE):
            known &= self.files.owns(visitor, path[len(FILE) :])
        if not known:
            raise NotOwnError(path)

    def _named(self, visitor: str, scope) -> dict:
        """The request with the visitor before the names that it chose."""
        path = scope['path']
        if path.startswith(HEARTBEAT):
            path = HEARTBEAT + visitor + path[len(HEARTBEAT) :]
        query = [
            (key, visitor + value if key in CHOSEN else value)
            for key, value in parse_qsl(
                scope['query_string'].decode('latin-1'), True
            )
        ]
        return {
            **scope,
            'path': path,
            'query_string': urlencode(query).encode(),
        }

    async def _join(self, visitor: str, request: Request):
        """The event with nothing but the visitor's own in it."""
        try:
            event = self._only_own(visitor, json.loads(await request.body()))
            event['session_hash'] = visitor + event['session_hash']
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise NotOwnError('no event') from error
        body = json.dumps(event).encode()
        messages = [dict(type='http.request', body=body, more_body=False)]

        async def receive() -> dict:
            return messages.pop() if messages else await request.receive()

        return receive

    def _only_own(self, visitor: str, value):
        """The value with every file in it reduced to its path."""
        if isinstance(value, list):
            return [self._only_own(visitor, each) for each in value]
        if not isinstance(value, dict):
            return value
        if FILE_KEYS.isdisjoint(value):
            return {k: self._only_own(visitor, v) for k, v in value.items()}
        if not self.files.owns(visitor, value.get('path')):
            raise NotOwnError(str(value.get('path')))
        return dict(path=value['path'], meta=FILE_META)


def introducing(cookie: str, send):
    """``send`` that gives the browser its cookie."""

    async def with_cookie(message) -> None:
        if message['type'] == 'http.response.start':
            MutableHeaders(scope=message).append(
                'set-cookie', f'{cookie}; Path=/; HttpOnly; SameSite=Lax'
            )
        await send(message)

    return with_cookie


def recording(add: Callable[[list], None], send):
    """``send`` that adds the paths which an upload is answered with."""
    status, answer = 0, bytearray()

    async def record(message) -> None:
        nonlocal status
        status = message.get('status', status)
        answer.extend(message.get('body', b''))
        last = message['type'].endswith('body') and not message.get(
            'more_body'
        )
        if status == 200 and last:
            add(json.loads(answer))
        await send(message)

    return record
