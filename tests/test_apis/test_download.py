"""Addresses of servers that are broken or hostile."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dfa_mm.apis import PictureError, download


class Server(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith('/moved'):
            self.send_response(302)
            self.send_header('Location', self.path.partition('?')[2])
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'x' * 1000)

    def log_message(self, *_):
        pass


@pytest.fixture
def address():
    server = HTTPServer(('127.0.0.1', 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f'http://127.0.0.1:{server.server_port}'
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_is_there(address):
    assert download.download(f'{address}/ä b.jpg') == b'x' * 1000


def test_no_more_than_a_picture_may_have(address, monkeypatch):
    monkeypatch.setattr(download, '_MOST', 999)
    with pytest.raises(PictureError, match='more than 0.000999 MB'):
        download.download(address)


def test_to_web_addresses_alone(address):
    assert download.download(f'{address}/moved?{address}/a') == b'x' * 1000
    for other, why in {
        'ftp://127.0.0.1/a.jpg': 'no web address',
        'file:///etc/passwd': 'not allowed',  # says Python itself
    }.items():
        with pytest.raises(PictureError, match=why):
            download.download(f'{address}/moved?{other}')


def test_no_password_is_told(address):
    with pytest.raises(PictureError, match='name of a user') as caught:
        download.check_address('http://me:secret@example.org/a.jpg')
    assert 'secret' not in str(caught.value)
