"""Stands before Gradio: everybody gets only what is their own.

Gradio looks only at paths in objects that call themselves files, fetches
addresses for whoever names one, and shares one folder among all who visit;
so uploads and files never reach it, and of events only what a browser that
shows the page sends. See README.md for the rules.
"""

import asyncio
import json
import mimetypes
import secrets
from pathlib import Path
from typing import Callable, Dict, Optional
from urllib.parse import parse_qs, quote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from .addresses import Addresses, is_same_origin
from .questions import MAX_EVENT, Event, QuestionError, read_event
from .uploads import NO_FORM, limited_body, receive_upload
from .visitors import MAX_STREAMS, OVER, FullError, Visitor, Visitors

API = '/gradio_api'
JOIN, UPLOAD = f'{API}/queue/join', f'{API}/upload'
FILE, HEARTBEAT = f'{API}/file=', f'{API}/heartbeat/'
DATA, PROGRESS = f'{API}/queue/data', f'{API}/upload_progress'
PAGE = {'/', '/config'}  # a visit begins with one of these
# what a browser asks for besides; all else that Gradio offers stays shut
PLAIN = {
    '/favicon.ico',
    '/robots.txt',
    '/theme.css',
    f'{API}/startup-events',
}
PLAIN_BELOW = '/assets/', '/static/'
PLACE = '/photos'  # stands for the folder of all that is written
MAX_WAITING = 8  # events of one visitor that are not answered yet
EVENT_SECONDS, ANSWER_SECONDS = 10, 120  # the time an event may take to
# arrive, and any answer that is not a stream to be fetched
SWEEP_SECONDS = 60
PICTURES = {'image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp'}
PASSED_ON = {  # headers that Gradio is told; no others
    'accept', 'accept-encoding', 'accept-language', 'host',
    'if-modified-since', 'if-none-match',
}  # fmt: skip
BUSY = 'the page is busy: try again in a few minutes'
HEADERS = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    # Gradio's own script is inline
    'content-security-policy': "default-src 'self'; img-src 'self' blob: "
    "data:; media-src 'self' blob:; font-src 'self' data:; style-src 'self' "
    "'unsafe-inline'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'",
}
FILE_HEADERS = {
    'content-security-policy': "default-src 'none'; sandbox",
    'cache-control': 'private, no-store',
}


class Guard:
    """An ASGI application round Gradio's.

    A visitor is a browser, known by a cookie; sessions carry its name in
    front of their own from here on, so that none is of use to somebody else.

    Args:
        app: Gradio's.
        visitors (Visitors): Who may read what.
        events (dict[int, Event]): What may be asked.
        addresses (Addresses): Under which the page answers.
        waiting (callable): How many events of a visitor are unanswered.
    """

    def __init__(
        self,
        app,
        visitors: Visitors,
        events: Dict[int, Event],
        addresses: Addresses,
        waiting: Callable[[str], int] = lambda visitor: 0,
    ) -> None:
        self.app = app
        self.visitors = visitors
        self.events = events
        self.addresses = addresses
        self.waiting = waiting
        self.sweeping: Optional[asyncio.TimerHandle] = None
        # cookies do not know ports: other pages of this machine get them too
        self.cookie = f'dfa_mm_{secrets.token_hex(4)}'

    async def __call__(self, scope, receive, send) -> None:
        if scope['type'] == 'lifespan':
            await self.app(scope, receive, send)
        elif scope['type'] == 'websocket':
            await send({'type': 'websocket.close', 'code': 1008})
        else:
            await self._http(Request(scope, receive), send)

    async def _http(self, request: Request, send) -> None:
        started = False

        async def note(message) -> None:
            nonlocal started
            started = True
            await send(message)

        answer = with_headers(HEADERS, note)
        try:
            await self._answer(request, answer)
        except HTTPException as error:
            if started:
                return  # half an answer: the connection is closed
            refusal = JSONResponse({'detail': error.detail}, error.status_code)
            await refusal(request.scope, request.receive, answer)
        except ClientDisconnect:
            return  # there is nobody to tell

    async def _answer(self, request: Request, send) -> None:
        method, path = request.method, request.scope['path']
        self._check_sender(request, navigates=path == '/')
        if method == 'POST' and path == UPLOAD:
            await self._upload(request, send)
        elif method == 'POST' and path == JOIN:
            await self._join(request, send)
        elif method not in ('GET', 'HEAD'):
            raise not_found()
        elif path in PAGE:
            await self._page(request, send)
        elif path in PLAIN or path.startswith(PLAIN_BELOW):
            await self._pass_on(request, send)
        elif path.startswith(FILE):
            await self._file(request, path[len(FILE) :], send)
        elif path == DATA:
            tab = dict(parse_qs(request.url.query)).get('session_hash', [''])
            await self._stream(request, tab[0], send)
        elif path.startswith(HEARTBEAT):
            await self._stream(request, path[len(HEARTBEAT) :], send)
        elif path == PROGRESS:  # of uploads, of which Gradio knows nothing
            await Response(status_code=204)(
                request.scope, request.receive, send
            )
        else:
            raise not_found()

    def _check_sender(self, request: Request, navigates: bool) -> None:
        """Whether it is asked from the page, under a name of the page's."""
        connected = (request.scope.get('server') or ('', 0))[0]
        if not self.addresses.is_own(request.headers.get('host'), connected):
            raise HTTPException(
                403, 'this page has another address (--allow-host adds one)'
            )
        get = request.method in ('GET', 'HEAD')
        if not is_same_origin(request.headers, navigates and get):
            raise HTTPException(403, 'asked by another page')
        if not request.scope['path'].isprintable():
            raise not_found()

    async def _page(self, request: Request, send) -> None:
        if self._visitor(request) is None:
            try:
                visitor = self.visitors.enter()
            except FullError:
                raise HTTPException(503, BUSY) from None
            cookie = f'{self.cookie}={visitor.name}'
            cookie += '; Path=/; HttpOnly; SameSite=Lax'
            send = with_headers({'set-cookie': cookie}, send)
            self._sweep_in_time()
        await self._pass_on(request, send)

    def _sweep_in_time(self) -> None:
        """Let those who are gone go, every minute while there is anybody."""
        if self.sweeping is None:
            loop = asyncio.get_running_loop()
            self.sweeping = loop.call_later(SWEEP_SECONDS, self._sweep)

    def _sweep(self) -> None:
        self.sweeping = None
        self.visitors.sweep()
        if len(self.visitors):
            self._sweep_in_time()

    async def _upload(self, request: Request, send) -> None:
        visitor = self._known(request)
        try:
            path = await receive_upload(visitor, request)
        except MultiPartException as error:
            raise HTTPException(400, NO_FORM) from error
        answer = JSONResponse([self._shown(path)])
        await answer(request.scope, request.receive, send)

    async def _join(self, request: Request, send) -> None:
        visitor = self._known(request)
        if self.waiting(visitor.name) >= MAX_WAITING:
            raise HTTPException(503, BUSY)
        body = await within(EVENT_SECONDS, whole_body(request, MAX_EVENT))
        try:
            event = read_event(
                body, self.events, lambda name: self._own(visitor, name)
            )
        except QuestionError as error:
            raise HTTPException(400, str(error)) from error
        session = self.visitors.session(visitor, event['session_hash'])
        if session is None:
            raise HTTPException(400, 'session_hash: not a name of a tab')
        event['session_hash'] = session
        body = json.dumps(event).encode()
        await self._pass_on(request, send, body=body)

    async def _file(self, request: Request, name: str, send) -> None:
        path = Path(self._own(self._visitor(request), name))
        kind = mimetypes.guess_type(path.name)[0]
        shown = kind in PICTURES
        try:  # in whole: it may be cleared away while it is sent
            content = await asyncio.to_thread(path.read_bytes)
        except OSError:
            raise not_found() from None
        place = 'inline' if shown else 'attachment'
        answer = Response(
            content,
            media_type=kind if shown else 'application/octet-stream',
            headers={
                'content-disposition': f'{place}; '
                f"filename*=utf-8''{quote(path.name)}"
            },
        )
        scope = {**request.scope, 'headers': []}  # also no Range
        send = with_headers(FILE_HEADERS, send)
        await within(ANSWER_SECONDS, answer(scope, request.receive, send))

    async def _stream(self, request: Request, tab: str, send) -> None:
        """What stays open: a tab's answers and the sign that it is there."""
        visitor = self._known(request)
        if visitor.streams >= MAX_STREAMS:
            raise HTTPException(503, BUSY)
        path = request.scope['path']
        if path == DATA and tab not in visitor.tabs:
            raise not_found()
        session = self.visitors.session(visitor, tab)
        if session is None:
            raise not_found()
        if path.startswith(HEARTBEAT):
            path = HEARTBEAT + session
        query = urlencode({'session_hash': session}) if path == DATA else ''
        visitor.streams += 1
        try:
            scope = self._scope(request, path, query, ('accept-encoding',))
            await self.app(scope, request.receive, self._hiding(send))
        finally:
            visitor.streams -= 1
            self.visitors.find(visitor.name)  # was there until now

    async def _pass_on(
        self, request: Request, send, body: Optional[bytes] = None
    ) -> None:
        scope = self._scope(request, request.scope['path'], '')
        receive = request.receive
        if body is not None:
            scope['headers'] += [(b'content-type', b'application/json')]
            messages = [dict(type='http.request', body=body, more_body=False)]

            async def receive() -> dict:
                return messages.pop() if messages else await request.receive()

        await within(ANSWER_SECONDS, self.app(scope, receive, send))

    def _scope(self, request: Request, path: str, query: str, without=()):
        """The request with nothing but what Gradio needs to know."""
        headers = [
            (name, value)
            for name, value in request.scope['headers']
            if name.decode('latin-1') in PASSED_ON.difference(without)
        ]
        if request.headers.get('x-forwarded-proto') == 'https':
            headers.append((b'x-forwarded-proto', b'https'))
        return {
            **request.scope,
            'headers': headers,
            'path': path,
            'raw_path': quote(path).encode(),
            'query_string': query.encode(),
        }

    def _visitor(self, request: Request) -> Optional[Visitor]:
        return self.visitors.find(request.cookies.get(self.cookie, ''))

    def _known(self, request: Request) -> Visitor:
        visitor = self._visitor(request)
        if visitor is None:
            raise HTTPException(404, OVER)
        return visitor

    def _shown(self, path: Path) -> str:
        """The name under which a browser knows a file."""
        return f'{PLACE}/{path.relative_to(self.visitors.root).as_posix()}'

    def _own(self, visitor: Optional[Visitor], name: str) -> str:
        """The path of a visitor's file by the name that the browser has.

        Raises:
            HTTPException: The same whether there is none or another's.
        """
        if visitor is None or not name.startswith(f'{PLACE}/'):
            raise not_found()
        path = self.visitors.root / name[len(PLACE) + 1 :].lstrip('/')
        if not visitor.owns(path):
            raise not_found()
        return str(path)

    def _hiding(self, send):
        """``send`` with :data:`PLACE` for where files lie on this machine."""
        root = str(self.visitors.root)
        written = {root, json.dumps(root)[1:-1], quote(root)}
        written |= {json.dumps(root, ensure_ascii=False)[1:-1]}

        async def hide(message) -> None:
            body = message.get('body', b'')
            for each in written:
                body = body.replace(each.encode(), PLACE.encode())
            if body:
                message = {**message, 'body': body}
            await send(message)

        return hide


async def whole_body(request: Request, limit: int) -> bytes:
    return await Request(request.scope, limited_body(request, limit)).body()


async def within(seconds: float, work):
    """What a coroutine gives, or, after that time, an answer saying so."""
    try:
        return await asyncio.wait_for(work, seconds)
    except asyncio.TimeoutError:
        raise HTTPException(408, f'it took more than {seconds} s') from None


def not_found() -> HTTPException:
    """For all that is not there, and all that is not for who asks."""
    return HTTPException(404, 'Not Found')


def with_headers(headers: Dict[str, str], send):
    """``send`` with headers that the answer has if it has no others."""

    async def add(message) -> None:
        if message['type'] == 'http.response.start':
            message = {**message, 'headers': list(message['headers'])}
            there = MutableHeaders(scope=message)
            for name, value in headers.items():
                there.setdefault(name, value)
        await send(message)

    return add
