"""The real page, asked by visitors who do not keep to what it offers."""

import argparse
import functools
import http.server
import json
import re
import socket
import threading
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest

from dfa_mm.structures import FLD_SETS

pytest.importorskip(
    'gradio', reason='no Gradio: pip install -r requirements/web.txt'
)
import httpx  # noqa: E402  comes with Gradio

from projects.web_demo.page import open_page  # noqa: E402

META = {'_type': 'gradio.FileData'}
API = '/gradio_api'
OTHERS = 'automatic', False, 3, False  # what is chosen beside the photo


@pytest.fixture(scope='module')
def page(cascade, find, tmp_path_factory):
    args = argparse.Namespace(
        **vars(cascade),
        whole=False,
        clothes_type=None,
        host='127.0.0.1',
        port=None,
    )
    root = tmp_path_factory.mktemp('root')
    with open_page(args, find, str(root)) as (blocks, url):
        yield SimpleNamespace(blocks=blocks, url=url, root=root)


class Visitor:
    """Somebody with cookies, but without a browser."""

    def __init__(self, page):
        self.http = httpx.Client(base_url=page.url, timeout=120)
        self.session = uuid.uuid4().hex
        self.config = self.http.get('/config').json()

    def event(self, target, name):
        """The number of an event of the part of that ``elem_id``."""
        (part,) = [
            each['id']
            for each in self.config['components']
            if each['props'].get('elem_id') == target
        ]
        (number,) = [
            each['id']
            for each in self.config['dependencies']
            if [part, name] in each['targets']
        ]
        return number

    def upload(self, file):
        files = {'files': (file.name, file.read_bytes())}
        return self.http.post(f'{API}/upload', files=files).json()[0]

    def ask(self, number, *data, session=None, event_data=None):
        """All that the page answers to an event, as text."""
        session = session or self.session
        body = dict(
            data=data,
            fn_index=number,
            session_hash=session,
            event_data=event_data,
        )
        joined = self.http.post(f'{API}/queue/join', json=body)
        if joined.status_code != 200:
            return joined.text
        text = []
        address = f'{API}/queue/data?session_hash={session}'
        with self.http.stream('GET', address) as answer:
            for line in answer.iter_lines():
                text.append(line)
                if 'process_completed' in line or 'close_stream' in line:
                    break
        text = '\n'.join(text).replace(joined.json()['event_id'], 'EVENT')
        return re.sub(r'\d+\.\d+(e-\d+)?', 'SECONDS', text)

    def take(self, path):
        """Ask for the landmarks of a file as the browser does."""
        photo = dict(path=path, url=f'{API}/file={path}', meta=META)
        return self.ask(self.event('photo', 'input'), None, photo, *OTHERS)

    def get(self, path):
        return self.http.get(f'{API}/file={path}')


@pytest.fixture
def visitor(page):
    return Visitor(page)


@pytest.fixture
def other(page):
    return Visitor(page)


@pytest.fixture
def photo(fld_root):
    return fld_root / 'img/img_00000001.jpg'


def results(answer):
    """The files that an answer names."""
    found = re.findall(r'"path": ?"([^"]*_landmarks[^"]*)"', answer)
    return sorted(set(found))


@pytest.fixture
def secrets(tmp_path, page, photo, fld_root):
    """Pictures that nobody uploaded in this visit, and how they are named."""
    secret = tmp_path / 'secret.jpg'
    secret.write_bytes(photo.read_bytes())
    inside = Path(page.root, 'gradio', 'inside.jpg')
    inside.parent.mkdir(exist_ok=True)
    inside.write_bytes(photo.read_bytes())
    link = inside.with_name('link.jpg')
    link.unlink(missing_ok=True)
    link.symlink_to(secret)
    theirs = Visitor(page)
    upload = theirs.upload(fld_root / 'img/img_00000003.jpg')
    climb = '../' * 40
    return {
        'elsewhere': str(secret),
        'inside': str(inside),
        'symlink': str(link),
        'of another visit': upload,
        'relative': f'{climb}{secret}'.replace('//', '/'),
        'past another upload': f'{upload}/../../inside.jpg',
        'file address': f'file://{secret}',
        'no such file': f'{tmp_path}/nothing.jpg',
    }


def payloads(path):
    """The ways to name a file in an event."""
    address = f'file://{path}'
    return [
        path,
        {'path': path},
        {'path': path, 'meta': META},
        {'path': path, 'meta': {'_type': 'x'}},
        {'path': path, 'meta': META, 'is_stream': True},
        {'url': path},
        {'url': address, 'meta': META},
        {'path': None, 'url': path, 'meta': META},
        {'value': {'path': path, 'meta': META}},
        [{'path': path, 'meta': META}],
    ]


def events(visitor, payload):
    """Every event with the payload in each of its places."""
    for each in visitor.config['dependencies']:
        inputs = [None] * len(each['inputs'])
        for place in range(len(inputs)):
            data = inputs[:place] + [payload] + inputs[place + 1 :]
            yield each['id'], data
    yield visitor.event('photo', 'input'), [None, payload, *OTHERS]


def test_a_photo_of_this_visit_is_found_and_can_be_downloaded(visitor, photo):
    upload = visitor.upload(photo)
    assert visitor.get(upload).content == photo.read_bytes()
    answer = visitor.take(upload)
    assert all(name in answer for name in FLD_SETS['all'].landmarks)
    png, report = sorted(results(answer), key=lambda p: p.endswith('.json'))
    assert visitor.get(png).content.startswith(b'\x89PNG')
    assert visitor.get(report).json()['image'] == photo.name
    moved = visitor.ask(visitor.event('stage', 'input'), None, 1, False)
    assert results(moved)
    assert results(moved) != results(answer)


def test_only_what_this_visit_uploaded_is_read(visitor, secrets):
    answers = {}
    for kind, path in secrets.items():
        for payload in payloads(path):
            for number, data in events(visitor, payload):
                answer = visitor.ask(number, *data)
                assert not results(answer), (kind, payload, number)
                key = json.dumps([payload, number, data])
                key = key.replace(json.dumps(path)[1:-1], 'PATH')
                answers.setdefault(key, {})[kind] = answer.replace(path, '')
    for key, by_kind in answers.items():
        assert len(set(by_kind.values())) == 1, (key, by_kind)


def test_a_path_in_a_click_is_not_read_either(visitor, secrets, photo):
    visitor.take(visitor.upload(photo))
    number = visitor.event('photo', 'select')
    for path in secrets.values():
        click = {'index': [1, 1], 'value': {'path': path, 'meta': META}}
        answer = visitor.ask(number, None, 3, False, event_data=click)
        assert not results(answer)
        assert path not in answer


def test_files_are_handed_out_to_whom_they_belong(
    visitor, other, secrets, photo
):
    own = results(visitor.take(visitor.upload(photo)))
    assert own
    asked = [*secrets.values(), *own, *(f'{p}/../{Path(p).name}' for p in own)]
    asked += ['', '/', '.', str(Path(own[0]).parent), '/etc/passwd']
    replies = {(r.status_code, r.text) for r in map(other.get, asked)}
    assert len(replies) == 1
    assert replies.pop()[0] == 404
    assert all(visitor.get(path).status_code == 200 for path in own)


def test_a_session_is_nothing_without_its_visitor(visitor, other, photo):
    visitor.take(visitor.upload(photo))
    number = visitor.event('stage', 'input')
    assert results(visitor.ask(number, None, 1, False))
    stolen = other.ask(number, None, 1, False, session=visitor.session)
    assert not results(stolen)


class Secret(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture
def address(tmp_path, photo):
    """Of a picture on a server of its own."""
    (tmp_path / 'secret.jpg').write_bytes(photo.read_bytes())
    handler = functools.partial(Secret, directory=str(tmp_path))
    server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f'http://127.0.0.1:{server.server_port}/secret.jpg'
    server.shutdown()
    server.server_close()


@pytest.fixture
def asked(page, monkeypatch):
    """Hosts and addresses that this process asked for, beside the page."""
    seen, port = [], httpx.URL(page.url).port
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def spy_connect(self, address):
        if address[1:2] != (port,):
            seen.append(address)
        return connect(self, address)

    def spy_resolve(host, *args, **kwargs):
        if args[:1] != (port,):
            seen.append(host)
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, 'connect', spy_connect)
    monkeypatch.setattr(socket, 'getaddrinfo', spy_resolve)
    return seen


def test_addresses_are_never_asked(visitor, address, asked):
    for url in (address, 'http://localhost:1/a.jpg', 'HTTPS://a.invalid/b'):
        for payload in payloads(url):
            for number, data in events(visitor, payload):
                assert not results(visitor.ask(number, *data))
        for name in ('file=', 'proxy=', 'file/'):
            assert visitor.http.get(f'{API}/{name}{url}').status_code == 404
    assert asked == []


# what a browser asks for; all else that Gradio offers stays shut
OPEN = {
    '/',
    '/assets/{path:path}',
    '/config',
    '/favicon.ico',
    '/robots.txt',
    '/static/{path:path}',
    '/theme.css',
    f'{API}/file={{path_or_url:path}}',
    f'{API}/heartbeat/{{session_hash}}',
    f'{API}/queue/data',
    f'{API}/queue/join',
    f'{API}/startup-events',
    f'{API}/upload',
    f'{API}/upload_progress',
}


def routes(these):
    for route in these:
        if hasattr(route, 'methods'):
            yield route.path, route.methods
        router = getattr(route, 'original_router', None)
        if router is not None:  # with its prefix in its paths
            yield from routes(router.routes)


def test_what_the_page_does_not_use_is_shut(page, visitor):
    shut = 0
    for path, methods in routes(page.blocks.app.routes):
        if path in OPEN:
            continue
        for method in methods - {'HEAD'}:
            address = re.sub(r'\{[^}]*\}', '0', path)
            answer = visitor.http.request(method, address, json={})
            assert answer.status_code == 404, (method, path)
            shut += 1
    assert shut > 40


@pytest.mark.parametrize(
    'body', [b'', b'[]', b'{', b'null', b'"a"', b'{"data": 1}', b'\xff']
)
def test_what_is_no_event_is_refused(visitor, body):
    answer = visitor.http.post(f'{API}/queue/join', content=body)
    assert 400 <= answer.status_code < 500


def test_a_visitor_without_a_cookie_is_nobody(page, visitor, photo):
    upload = visitor.upload(photo)
    answer = httpx.get(f'{page.url}{API}/file={upload}')
    assert answer.status_code == 404
    cookie = httpx.get(page.url).headers['set-cookie'].lower()
    assert 'httponly' in cookie
    assert 'samesite=lax' in cookie
