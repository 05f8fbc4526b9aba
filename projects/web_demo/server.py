"""The server: a socket, and an end to what keeps it busy for nothing."""

import socket
import threading
import time
from contextlib import contextmanager
from typing import Iterator, Optional

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from dfa_mm.apis import InputError

FIRST_PORT, PORTS = 7860, 100  # Gradio's
MAX_CONNECTIONS = 200  # of all visitors
HEAD_SECONDS = 15  # until a connection has said what it wants
START_SECONDS = 60


class PatientProtocol(H11Protocol):
    """Closes connections that do not say what they want."""

    def connection_made(self, transport) -> None:
        super().connection_made(transport)
        self._expect_request()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect_request()

    def connection_lost(self, error) -> None:
        self.given_up.cancel()
        super().connection_lost(error)

    def _expect_request(self) -> None:
        answered = self.cycle
        self.given_up = self.loop.call_later(
            HEAD_SECONDS, self._give_up, answered
        )

    def _give_up(self, answered) -> None:
        if self.cycle is answered:  # no request since
            self.transport.close()


def listen(host: str, port: Optional[int]) -> socket.socket:
    """A socket at an address; of the first free port if none is given.

    Raises:
        InputError: If one cannot listen there.
    """
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    ports = range(FIRST_PORT, FIRST_PORT + PORTS) if port is None else [port]
    where = f'--host {host}' + (f' --port {port}' if port else '')
    problem = None
    for each in ports:
        try:
            return socket.create_server(
                (host.strip('[]'), each), family=family, backlog=128
            )
        except (OSError, OverflowError) as error:
            problem = error
    raise InputError(f'cannot listen on {where}: {problem}') from problem


def address_of(place: socket.socket) -> str:
    """What to open in a browser on this machine."""
    host, port = place.getsockname()[:2]
    if host in ('0.0.0.0', '::'):
        host = 'localhost'
    return (
        f'http://[{host}]:{port}/' if ':' in host else f'http://{host}:{port}/'
    )


@contextmanager
def serving(app, place: socket.socket) -> Iterator[uvicorn.Server]:
    """An ASGI application while it is served in a thread.

    Raises:
        RuntimeError: If it does not start.
    """
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            http=PatientProtocol,
            ws='none',
            lifespan='on',
            log_level='error',
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            limit_concurrency=MAX_CONNECTIONS,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(
        target=server.run, kwargs=dict(sockets=[place]), daemon=True
    )
    thread.start()
    try:
        end = time.monotonic() + START_SECONDS
        while not server.started:
            if not thread.is_alive() or time.monotonic() > end:
                raise RuntimeError('the server did not start')
            time.sleep(0.01)
        yield server
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        place.close()
